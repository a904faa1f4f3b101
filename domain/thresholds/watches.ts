import type { Hold, ThresholdVerdict, WatchLimit } from '../sync.ts';
import type { LinkWatchFile, WatchFile } from './file-schema.ts';
import { percentageLines } from './share.ts';
import { messageOf } from './words.ts';

/** A watch of the connector file, and what a change set does of what it watches. */
export interface WatchCount {
  /** `<Type>` or `<Type>.<navigation property>`. */
  scope: string;
  /** Before the sync: resources of the entity type, or links of the property. */
  stored: number;
  watch: WatchFile | LinkWatchFile;
  /** Resources that take a watched value, or changed links of a watched target. */
  actual: number;
}

/** Judges each limit of each watch. A watch that is exceeded holds the sync. */
export function judgeWatches(counted: readonly WatchCount[]): { thresholds: ThresholdVerdict[]; holds: Hold[] } {
  const thresholds = counted.flatMap(({ scope, stored, watch, actual }): ThresholdVerdict[] => {
    const judge = (name: WatchLimit['limit'], limit: number, limitLines: number) => ({
      scope,
      name: 'watch',
      limit,
      limitLines,
      stored,
      actual,
      exceeded: actual > limitLines,
      watch: { limit: name, ...whatOf(watch) },
    });
    const { maximumLines: lines, maxPercentageLines: percentage } = watch;
    return [
      ...(lines === undefined ? [] : [judge('maximumLines', lines, lines)]),
      ...(percentage === undefined
        ? []
        : [judge('maxPercentageLines', percentage, percentageLines(stored, percentage))]),
    ];
  });
  const holds = thresholds
    .filter(({ exceeded }) => exceeded)
    .map((verdict): Hold => ({ code: 'watched-transition', scope: verdict.scope, message: messageOf(verdict) }));
  return { thresholds, holds };
}

function whatOf(watch: WatchFile | LinkWatchFile): Omit<WatchLimit, 'limit'> {
  if (!('property' in watch)) return { to: watch.to };
  const { property, to, from } = watch;
  return { property, to: to.map(String), ...(from === undefined ? {} : { from: from.map(String) }) };
}
