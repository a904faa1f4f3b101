import type { ConnectorFile } from '../connector-file.ts';
import { windowPeriods, type Hold, type ThresholdVerdict, type WindowPeriod } from '../sync.ts';
import { defaultOf, windowThresholdNames, type WindowThresholdName } from './names.ts';
import { isPercentage, percentageLines } from './share.ts';
import { messageOf } from './words.ts';

/** What applied syncs of the connector have deleted in a period, and was not inserted again by undoing them. */
export interface DeletedInPeriod {
  /** Everything that was deleted: a percentage is of this and of what is stored. */
  lines: number;
  links: number;
  /** Of that, what counts: no person approved it, and no window was approved since. */
  countedLines: number;
  countedLinks: number;
}

export type DeletedByPeriod = Readonly<Record<WindowPeriod, DeletedInPeriod>>;

export const nothingDeleted: DeletedByPeriod = {
  '24h': { lines: 0, links: 0, countedLines: 0, countedLinks: 0 },
  '7d': { lines: 0, links: 0, countedLines: 0, countedLinks: 0 },
};

interface Counted {
  stored: number;
  deleted: number;
}

/**
 * Judges what a change set deletes together with what the period has deleted. A change set that deletes nothing is never
 * held by a window: holding it would not keep anything.
 */
export function judgeWindows(
  file: ConnectorFile,
  { lines, links }: { lines: Counted; links: Counted },
  deleted: DeletedByPeriod,
): { thresholds: ThresholdVerdict[]; holds: Hold[] } {
  const thresholds = windowPeriods.flatMap((window) =>
    windowThresholdNames.map((name): ThresholdVerdict => {
      const isLink = name.includes('Link');
      const now = isLink ? links : lines;
      const before = deleted[window];
      const earlier = isLink ? before.countedLinks : before.countedLines;
      const stored = now.stored + (isLink ? before.links : before.lines);
      const limit = windowLimit(file, window, name);
      const limitLines = isPercentage(name) ? percentageLines(stored, limit) : limit;
      const actual = earlier + now.deleted;
      const exceeded = now.deleted > 0 && actual > limitLines;
      return { scope: 'connector', name, window, limit, limitLines, stored, actual, earlier, exceeded };
    }),
  );
  const holds = thresholds
    .filter(({ exceeded }) => exceeded)
    .map((verdict): Hold => ({ code: 'window-exceeded', scope: 'connector', message: messageOf(verdict) }));
  return { thresholds, holds };
}

/** Each limit of a window, and what is used of it now, before any further sync. */
export const windowsInUse = (
  file: ConnectorFile,
  stored: { resources: number; links: number },
  deleted: DeletedByPeriod,
): WindowInUse[] =>
  judgeWindows(
    file,
    { lines: { stored: stored.resources, deleted: 0 }, links: { stored: stored.links, deleted: 0 } },
    deleted,
  ).thresholds.flatMap(({ name, window, limit, limitLines, actual }) =>
    window === undefined ? [] : [{ window, name: name as WindowThresholdName, limit, limitLines, used: actual }],
  );

export interface WindowInUse {
  window: WindowPeriod;
  name: WindowThresholdName;
  limit: number;
  /** The limit in lines or links. */
  limitLines: number;
  /** What syncs of the period have deleted and counts. */
  used: number;
}

/** How many times the limit of one sync a window allows, unless the file says otherwise. */
const times: Record<WindowPeriod, { lines: number; percentage: number }> = {
  '24h': { lines: 2, percentage: 2 },
  '7d': { lines: 5, percentage: 4 },
};

/** The limit of a window in force: that of the file, or a multiple of what one sync may delete. */
export function windowLimit(file: ConnectorFile, period: WindowPeriod, name: WindowThresholdName): number {
  const own = file.windows?.find((window) => window.period === period)?.[name];
  if (own !== undefined) return own;
  const one = file.thresholds[name] ?? defaultOf(name);
  return isPercentage(name) ? timesExact(one, times[period].percentage) : one * times[period].lines;
}

/** A percentage as a person would multiply it: 3 × 1.1 is 3.3, not 3.3000000000000003. */
const timesExact = (percentage: number, factor: number) => Number((percentage * factor).toPrecision(12));
