import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkShape } from '../parse-connector-file.ts';
import { disorderOf, timersOf, timesOf } from './times.ts';

const since = new Date('2026-03-02T08:00:00.000Z');

describe('the timers of a hold', () => {
  it('are due after 4 hours, 24 hours and 7 days, if the file says nothing else', () => {
    expect(timesOf(undefined, since)).toEqual({
      remindAt: '2026-03-02T12:00:00.000Z',
      escalateAt: '2026-03-03T08:00:00.000Z',
      expiresAt: '2026-03-09T08:00:00.000Z',
    });
  });

  it('are what the file says: null switches one off', () => {
    expect(timesOf({ remindAfter: '30m', escalateAfter: null, expireAfter: '1d' }, since)).toEqual({
      remindAt: '2026-03-02T08:30:00.000Z',
      escalateAt: null,
      expiresAt: '2026-03-03T08:00:00.000Z',
    });
  });

  it('wait from the beginning of the hold, no matter when they are started', () => {
    const times = timesOf({ remindAfter: '1m', escalateAfter: '2h', expireAfter: null }, since);
    expect(timersOf(times, since.getTime())).toEqual([
      { timer: 'remind', wait: 60_000 },
      { timer: 'escalate', wait: 7_200_000 },
    ]);
    expect(timersOf(times, since.getTime() + 3_600_000)).toEqual([
      { timer: 'remind', wait: 0 },
      { timer: 'escalate', wait: 3_600_000 },
    ]);
    expect(timersOf({ remindAt: null, escalateAt: null, expiresAt: null }, 0)).toEqual([]);
  });

  it('come in their order, whatever a file that is accepted says', () => {
    const wait = fc.option(
      fc.oneof(
        fc.constant(undefined),
        fc
          .tuple(fc.integer({ min: 1, max: 9999 }), fc.constantFrom('m', 'h', 'd'))
          .map(([n, unit]) => `${String(n)}${unit}`),
      ),
    );
    fc.assert(
      fc.property(fc.record({ remindAfter: wait, escalateAfter: wait, expireAfter: wait }), (review) => {
        const timers = timersOf(timesOf(review, since), since.getTime());
        const ascending = timers.every(({ wait: each }, i) => i === 0 || each > (timers[i - 1]?.wait ?? 0));
        expect(disorderOf(review) === undefined).toBe(ascending);
      }),
    );
  });
});

describe('review of a connector file', () => {
  const faultsOf = (review: unknown) => {
    const file = {
      apiVersion: 'syncline/v1',
      kind: 'Connector',
      name: 'hr',
      connections: [{ name: 'files', package: 'csv' }],
      entityTypes: [],
      review,
    };
    const checked = checkShape(file);
    return checked.ok ? [] : checked.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  };

  it.each([
    {},
    { remindAfter: '1m' },
    { remindAfter: null, escalateAfter: null, expireAfter: '1m' },
    { remindAfter: '1h', escalateAfter: '2h', expireAfter: '9999d' },
  ])('is accepted: %j', (review) => {
    expect(faultsOf(review)).toEqual([]);
  });

  it.each([
    [
      { expireAfter: '1h' },
      '/review/expireAfter: expireAfter (1h) must be longer than escalateAfter (24h, the default)',
    ],
    [
      { remindAfter: '2d' },
      '/review/remindAfter: escalateAfter (24h, the default) must be longer than remindAfter (2d)',
    ],
    [
      { escalateAfter: '4h' },
      '/review/escalateAfter: escalateAfter (4h) must be longer than remindAfter (4h, the default)',
    ],
    [{ remindAfter: '8d', escalateAfter: null }, '/review/remindAfter: expireAfter (7d, the default) must be longer'],
    [
      { remindAfter: '90s' },
      '/review/remindAfter: remindAfter must be a number from 1 to 9999 with m, h or d, like 4h',
    ],
    [{ remindAfter: '0m' }, '/review/remindAfter: remindAfter must be a number'],
    [{ remindAfter: '1h30m' }, '/review/remindAfter: remindAfter must be a number'],
    [{ expireAfter: '10000d' }, '/review/expireAfter: expireAfter must be a number'],
    [{ expireAfter: 7 }, '/review/expireAfter: expireAfter must be a duration as text, like 7d, or null'],
    [{ remind: '4h' }, 'remind'],
  ])('is refused: %j', (review, why) => {
    expect(faultsOf(review).join('\n')).toContain(why);
  });
});
