import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  counterNames,
  evidenceOf,
  holdEvidence,
  isTyped,
  mostExceeded,
  typedFields,
  typedNumber,
  counterOf,
} from './review-gate.ts';

const none = { deleted: 0, updated: 0, inserted: 0, linksDeleted: 0, linksUpdated: 0, linksInserted: 0 };
const verdict = (name: string, actual: number, limitLines: number, more = {}) => ({
  ...{ scope: 'connector', name, limit: limitLines, limitLines, stored: 1000, actual, words: '' },
  exceeded: actual > limitLines,
  ...more,
});
const hold = (
  message: string,
  scope = 'connector',
  code: 'threshold-exceeded' | 'rejected-rows' = 'threshold-exceeded',
) => ({
  ...{ code, scope, message, group: null },
});
const cause = (id: string, meant: 'hardly-ever' | 'often') =>
  ({ id, meant, message: `cause ${id}` }) as Parameters<typeof evidenceOf>[0]['causes'][number];

describe('what has to be typed', () => {
  it('is the deletes and the counter that exceeds its limit most', () => {
    const thresholds = [verdict('maximumUpdatedLines', 14_000, 100), verdict('maximumDeletedLines', 3, 10)];
    const counts = { ...none, deleted: 3, updated: 14_000, inserted: 12 };
    expect(typedFields({ thresholds, counts }, 'hr').map(({ label, wanted }) => [label, wanted])).toEqual([
      ['Deletes', 3],
      ['Updates', 14_000],
    ]);
  });

  it('is the link deletes where nobody is deleted, the total where no counter is exceeded, and the name where nothing changes', () => {
    const labels = (thresholds: ReturnType<typeof verdict>[], counts: typeof none) =>
      typedFields({ thresholds, counts }, 'hr').map(({ label }) => label);
    expect(labels([], { ...none, linksDeleted: 4 })).toEqual(['Link deletes']);
    expect(labels([], { ...none, updated: 4, inserted: 2 })).toEqual(['All changes']);
    expect(labels([verdict('maximumRejectedLines', 40, 1)], none)).toEqual(['Connector name']);
  });

  it('asks for the deletes once, if they also exceed most', () => {
    const fields = typedFields(
      { thresholds: [verdict('maximumDeletedLines', 30, 10)], counts: { ...none, deleted: 30 } },
      'hr',
    );
    expect(fields).toHaveLength(1);
  });

  it('breaks a tie in the order of the counters, and takes a limit of 0 as one line', () => {
    const tie = [verdict('maximumInsertedLines', 20, 10), verdict('maximumUpdatedLines', 40, 20)];
    expect(mostExceeded(tie, { ...none, inserted: 20, updated: 40 })).toBe('updated');
    const zero = [verdict('maxPercentageInsertedLines', 30, 0), verdict('maximumLinkUpdatedLines', 58, 2)];
    expect(mostExceeded(zero, { ...none, inserted: 30, linksUpdated: 58 })).toBe('inserted');
  });

  it('never asks for a number that is not that of the change set', () => {
    const counts = fc.record(Object.fromEntries(counterNames.map((name) => [name, fc.nat(50)])));
    fc.assert(
      fc.property(counts, (given) => {
        const of = given as typeof none;
        for (const field of typedFields(
          { thresholds: [verdict('maximumDeletedLines', of.deleted, 1)], counts: of },
          'hr',
        )) {
          if (field.kind === 'counter') expect(field.wanted).toBe(of[field.name]);
          expect(isTyped(field, String(field.wanted))).toBe(true);
          expect(isTyped(field, `${String(field.wanted)}1`)).toBe(false);
        }
      }),
    );
  });
});

it('takes numbers as people type them', () => {
  for (const text of ['14000', '14 000', '14,000', ' 14.000', "14'000", '14\u202f000'])
    expect(typedNumber(text)).toBe(14_000);
  for (const text of ['', 'prune', '-3', '3 deletes', '1e3']) expect(typedNumber(text)).toBeUndefined();
});

it('knows which counter a limit is about', () => {
  expect(counterOf({ name: 'maxLinkPercentageDeletedLines' })).toBe('linksDeleted');
  expect(counterOf({ name: 'maximumInsertedLines' })).toBe('inserted');
  expect(counterOf({ name: 'maximumRejectedLines' })).toBeUndefined();
});

describe('the gate', () => {
  const summary = {
    counts: { ...none, deleted: 3, updated: 14_000 },
    thresholds: [
      verdict('maximumUpdatedLines', 14_000, 100),
      verdict('maxPercentageUpdatedLines', 14_000, 50),
      verdict('maximumUpdatedLines', 14_000, 10, { scope: 'HR_Person' }),
    ],
    holds: [hold('a'), hold('b'), hold('c', 'HR_Person'), hold('d', 'connector', 'rejected-rows')],
    causes: [cause('c1', 'hardly-ever'), cause('c2', 'often')],
  };

  it('asks for the deletes, for what exceeds each limit, and for an answer to what is hardly ever meant', () => {
    expect(holdEvidence(summary)).toEqual(['list:updates', 'list:updates', 'hold:2', 'hold:3']);
    expect(evidenceOf(summary, new Set(), {}).map(({ id }) => id)).toEqual([
      'list:deletes',
      'list:updates',
      'hold:2',
      'hold:3',
      'cause:c1',
    ]);
  });

  it('takes the deletes as what a window is about', () => {
    const thresholds = [
      verdict('maximumDeletedLines', 20, 10),
      verdict('maxPercentageDeletedLines', 20, 6, { window: '24h' }),
    ];
    const holds = [hold('a'), { ...hold('b'), code: 'window-exceeded' as const }];
    expect(holdEvidence({ thresholds, holds })).toEqual(['list:deletes', 'list:deletes']);
  });

  it('is open when all of it has been on the screen and answered, and not with a blank answer', () => {
    const seen = new Set(['list:deletes', 'list:updates', 'hold:2', 'hold:3']);
    const open = (answers: Record<string, string>) => evidenceOf(summary, seen, answers).every(({ done }) => done);
    expect(open({})).toBe(false);
    expect(open({ c1: '  ' })).toBe(false);
    expect(open({ c1: 'new format since Monday' })).toBe(true);
  });
});
