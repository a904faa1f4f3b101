import type { Sync } from '../server/types.ts';
import { counterNames, counterOf, counterTitles, type CounterName } from './review-gate.ts';

/** What one sync counted of one kind of change. */
export interface LimitPoint {
  syncId: string;
  actual: number;
  /** The tighter one of the two limits of the connector, number and percentage, in lines. */
  limit: number;
  exceeded: boolean;
}

/** One kind of change over time, the oldest sync first. */
export interface LimitSeries {
  name: CounterName;
  title: string;
  points: LimitPoint[];
}

/** A sync of the history, for the table behind the charts. */
export interface LimitRow {
  syncId: string;
  at: string;
  status: string;
  points: Record<CounterName, LimitPoint>;
}

/** So many syncs are shown. */
const shown = 30;

type Judged = Pick<Sync, 'id' | 'createdAt' | 'status' | 'dryRun' | 'scope' | 'trigger' | 'thresholds'>;

/**
 * The last syncs of the whole connector that were judged by its limits, the newest first. Dry runs, reverts and purges are
 * left out: they say nothing about what is usual.
 */
export function limitRows(syncs: readonly Judged[]): LimitRow[] {
  return syncs
    .filter(({ dryRun, scope, trigger }) => !dryRun && scope === null && trigger !== 'revert' && trigger !== 'purge')
    .flatMap((sync) => {
      const points = counterNames.flatMap((name) => pointOf(sync, name) ?? []);
      if (points.length < counterNames.length) return [];
      const byName = Object.fromEntries(counterNames.map((name, i) => [name, points[i]]));
      return [
        { syncId: sync.id, at: sync.createdAt, status: sync.status, points: byName as Record<CounterName, LimitPoint> },
      ];
    })
    .slice(0, shown);
}

function pointOf({ id, thresholds }: Judged, name: CounterName): LimitPoint | undefined {
  const verdicts = thresholds.filter(
    (verdict) => verdict.scope === 'connector' && verdict.window === undefined && counterOf(verdict) === name,
  );
  const [first] = verdicts;
  if (!first) return undefined;
  return {
    syncId: id,
    actual: first.actual,
    limit: Math.min(...verdicts.map(({ limitLines }) => limitLines)),
    exceeded: verdicts.some(({ exceeded }) => exceeded),
  };
}

/** The same, a series for each kind of change. */
export const limitSeries = (rows: readonly LimitRow[]): LimitSeries[] =>
  counterNames.map((name) => ({
    name,
    title: counterTitles[name],
    points: rows.map(({ points }) => points[name]).reverse(),
  }));

/** Where a count stands between 0 and the largest, both 0 to 1. Logarithmic: 3 and 14,000 are both seen. */
export const heightOf = (count: number, largest: number): number =>
  largest === 0 ? 0 : Math.log1p(count) / Math.log1p(largest);

/** The largest number of a series, limits included. */
export const largestOf = ({ points }: Pick<LimitSeries, 'points'>): number =>
  Math.max(0, ...points.flatMap(({ actual, limit }) => [actual, limit]));
