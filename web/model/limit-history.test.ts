import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sync } from '../server/types.ts';
import { heightOf, largestOf, limitRows, limitSeries } from './limit-history.ts';

const words = ['Deleted', 'Updated', 'Inserted'] as const;
const verdict = (name: string, actual: number, limitLines: number, more: object = {}) => ({
  ...{ scope: 'connector', name, limit: limitLines, limitLines, stored: 1000, actual, exceeded: actual > limitLines },
  ...more,
});
/** A judged sync: the counts of resources, all links 0; limits of 100 lines and, in percent, `percent` lines. */
const sync = (id: string, deleted: number, updated: number, inserted: number, more: object = {}, percent = 50): Sync =>
  ({
    ...{ id, createdAt: `2026-05-01T00:00:0${id.at(-1) ?? '0'}Z`, status: 'completed', dryRun: false },
    ...{ scope: null, trigger: 'scheduled' },
    thresholds: words.flatMap((word, i) => [
      verdict(`maximum${word}Lines`, [deleted, updated, inserted][i] ?? 0, 100),
      verdict(`maxPercentage${word}Lines`, [deleted, updated, inserted][i] ?? 0, percent),
      verdict(`maximumLink${word}Lines`, 0, 1000),
      verdict(`maxLinkPercentage${word}Lines`, 0, 400),
    ]),
    ...more,
  }) as unknown as Sync;

describe('counts against limits', () => {
  it('are of each kind of change, the oldest sync first, with the tighter limit and whether one was exceeded', () => {
    const series = limitSeries(limitRows([sync('s2', 0, 60, 4), sync('s1', 3, 10, 200)]));
    expect(series.map(({ title }) => title)).toEqual([
      'Deletes',
      'Link deletes',
      'Updates',
      'Link updates',
      'Inserts',
      'Link inserts',
    ]);
    expect(series.find(({ name }) => name === 'updated')?.points).toEqual([
      { syncId: 's1', actual: 10, limit: 50, exceeded: false },
      { syncId: 's2', actual: 60, limit: 50, exceeded: true },
    ]);
    expect(series.find(({ name }) => name === 'linksDeleted')?.points.map(({ limit }) => limit)).toEqual([400, 400]);
  });

  it('leave out what is not usual, what was not judged, windows, watches and limits of entity types', () => {
    const others = [
      verdict('maximumDeletedLines', 900, 1, { window: '24h' }),
      verdict('maximumDeletedLines', 900, 1, { scope: 'HR_Person' }),
      verdict('watch', 900, 1, { watch: { limit: 'maximumLines', to: ['disabled'] } }),
      verdict('maximumRejectedLines', 900, 1),
    ];
    const kept = sync('s1', 1, 2, 3);
    const rows = limitRows([
      sync('s9', 1, 1, 1, { dryRun: true }),
      sync('s8', 1, 1, 1, { scope: { entityTypes: ['HR_Person'] } }),
      sync('s7', 1, 1, 1, { trigger: 'revert' }),
      sync('s6', 1, 1, 1, { trigger: 'purge' }),
      sync('s5', 1, 1, 1, { thresholds: [] }),
      { ...kept, thresholds: [...others, ...kept.thresholds] },
    ]);
    expect(rows.map(({ syncId }) => syncId)).toEqual(['s1']);
    expect(rows[0]?.points.deleted).toEqual({ syncId: 's1', actual: 1, limit: 50, exceeded: false });
  });

  it('are of the last thirty syncs', () => {
    const rows = limitRows(Array.from({ length: 40 }, (_, i) => sync(`s${String(i)}`, i, 0, 0)));
    expect(rows).toHaveLength(30);
    expect(rows[0]?.syncId).toBe('s0');
  });

  it('grow with the count, from nothing at 0 to all of the height at the largest', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(10_000_000), fc.nat(10_000_000), (a, b, c) => {
        const [low = 0, middle = 0, high = 0] = [a, b, c].sort((x, y) => x - y);
        fc.pre(high > 0);
        expect(heightOf(0, high)).toBe(0);
        expect(heightOf(high, high)).toBe(1);
        expect(heightOf(low, high)).toBeLessThanOrEqual(heightOf(middle, high));
      }),
    );
    expect(heightOf(0, 0)).toBe(0);
    expect(largestOf({ points: [] })).toBe(0);
  });
});
