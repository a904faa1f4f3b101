import type { FateCounts, Outcome, SyncStatus } from './sync.ts';

/**
 * What became of the rows of a change list, by their state. A row of a sync that was superseded, cancelled or failed is in
 * none of the counts.
 * @param changeCount how many rows were proposed; null before there is a change set
 */
export function outcomeOf(sync: {
  status: SyncStatus;
  applied: boolean;
  changeCount: number | null;
  fates: FateCounts;
}): Outcome | null {
  if (sync.changeCount === null) return null;
  const { overtaken = 0, refused = 0, deferred = 0, suppressed = 0, withheld = 0 } = sync.fates;
  const rest = sync.changeCount - overtaken - refused - deferred;
  return {
    applied: sync.applied ? rest : 0,
    overtaken,
    refused: sync.status === 'rejected' ? refused + rest : refused,
    deferred,
    suppressed,
    withheld,
  };
}
