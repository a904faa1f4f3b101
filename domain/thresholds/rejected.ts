import type { Hold, ThresholdVerdict } from '../sync.ts';
import { defaultLines, defaultPercentage } from './names.ts';
import { shareOf } from './share.ts';
import { messageOf } from './words.ts';

/** Rejected rows: more than the lines, or at least eleven and more than the percentage of the rows read. */
export function judgeRejected(
  scope: string,
  limits: { maximumRejectedLines?: number | undefined; maxPercentageRejectedLines?: number | undefined },
  { read, rejected }: { read: number; rejected: number },
  defaults: boolean,
): { thresholds: ThresholdVerdict[]; holds: Hold[] } {
  const lines = limits.maximumRejectedLines ?? (defaults ? defaultLines : undefined);
  const percentage = limits.maxPercentageRejectedLines ?? (defaults ? defaultPercentage : undefined);
  const thresholds: ThresholdVerdict[] = [];
  const judge = (name: string, limit: number, limitLines: number) =>
    thresholds.push({
      scope,
      name,
      limit,
      limitLines,
      stored: read,
      actual: rejected,
      exceeded: rejected > limitLines,
    });
  if (lines !== undefined) judge('maximumRejectedLines', lines, lines);
  if (percentage !== undefined)
    judge('maxPercentageRejectedLines', percentage, Math.max(10, shareOf(read, percentage)));
  return {
    thresholds,
    holds: thresholds
      .filter(({ exceeded }) => exceeded)
      .map((verdict) => ({ code: 'rejected-rows', scope, message: messageOf(verdict) })),
  };
}
