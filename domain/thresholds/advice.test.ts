import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkShape } from '../parse-connector-file.ts';
import { suggestLimits, twoDigitsUp, type LargestActual } from './advice.ts';
import type { ThresholdName } from './names.ts';

function fileWith(thresholds: Record<string, number> = {}) {
  const parsed = checkShape({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'hr',
    thresholds,
    connections: [{ name: 'files', package: 'csv' }],
    entityTypes: [],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.file;
}

const at = '2026-11-02T08:00:00Z';
const suggest = (
  largest: Partial<Record<ThresholdName, Omit<LargestActual, 'at'>>>,
  { thresholds = {}, usable = 10 } = {},
) =>
  suggestLimits(
    fileWith(thresholds),
    Object.fromEntries(Object.entries(largest).map(([name, most]) => [name, { ...most, at }])),
    { usable, days: 30 },
  );

describe('the suggestion of limits', () => {
  it('is 1.5 times the largest actual, two digits up, with its arithmetic and the section of the file', () => {
    const suggestion = suggest(
      {
        maximumDeletedLines: { actual: 87, stored: 1200 },
        maxPercentageDeletedLines: { actual: 87, stored: 1200 },
      },
      { thresholds: { maximumRejectedLines: 7, maximumDeletedLines: 100 } },
    );
    expect(suggestion).toMatchObject({
      thresholds: { maximumDeletedLines: 140, maxPercentageDeletedLines: 11 },
      file: 'thresholds:\n  maximumDeletedLines: 140\n  maximumRejectedLines: 7\n  maxPercentageDeletedLines: 11\n',
    });
    expect('arithmetic' in suggestion && suggestion.arithmetic).toHaveLength(12);
    expect(suggestion).toMatchObject({
      arithmetic: expect.arrayContaining([
        'maximumDeletedLines: the largest was 87 (2026-11-02); 1.5 × 87, two digits up = 140',
        'maxPercentageDeletedLines: the largest was 87 of 1,200 = 7.25 % (2026-11-02); 1.5 × 7.25, two digits up = 11',
        'maximumInsertedLines: none in 30 days; the limit stays 100',
      ]) as string[],
    });
  });

  it('is never above ten times the limit of today, nor above what a file may have', () => {
    const limit = (actual: number, today: number, name: ThresholdName = 'maximumDeletedLines', stored = 100) => {
      const suggestion = suggest({ [name]: { actual, stored } }, { thresholds: { [name]: today } });
      return 'thresholds' in suggestion ? suggestion.thresholds[name] : undefined;
    };
    expect(limit(1000, 20)).toBe(200);
    expect(limit(900_000, 1_000_000)).toBe(1_000_000);
    expect(limit(90, 50, 'maxPercentageDeletedLines')).toBe(99);
    expect(limit(90, 2, 'maxPercentageDeletedLines')).toBe(20);
    expect(limit(3, 100)).toBe(5);
    expect(limit(90, 0)).toBe(0);
  });

  it('needs ten syncs, and something that changed', () => {
    const some = { maximumDeletedLines: { actual: 1, stored: 10 } };
    expect(suggest(some, { usable: 9 })).toMatchObject({ why: expect.stringContaining('needs 10') as string });
    expect(suggest({})).toMatchObject({ why: expect.stringContaining('every limit fits') as string });
    expect(suggest(some)).toHaveProperty('thresholds', { maximumDeletedLines: 2 });
  });

  it('rounds up to two digits, and by less than a tenth', () => {
    expect([130.5, 4.905, 0.0123, 99, 99.1, 100, 5, 0].map(twoDigitsUp)).toEqual([140, 5, 0.013, 99, 100, 100, 5, 0]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000_000 }), fc.integer({ min: 0, max: 4 }), (n, places) => {
        const value = n / 10 ** places;
        const up = twoDigitsUp(value);
        expect(up).toBeGreaterThanOrEqual(value * (1 - 1e-9));
        expect(up).toBeLessThanOrEqual(value * 1.1 + 1e-9);
        expect(Number(up.toPrecision(2))).toBe(up);
      }),
    );
  });
});
