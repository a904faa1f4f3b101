import type { FateCounts, SyncFailure, SyncStatus, Task } from './sync.ts';

/** What decides how a sync ends, as Postgres has it under the lock of its row. */
export interface Ending {
  tasks: readonly Task[];
  dryRun: boolean;
  applied: boolean;
  deletesWithheld: number;
  overtaken: number;
  fates: FateCounts;
  /** Rows and links that were rejected. */
  rejections: number;
}

export interface SyncEnd {
  status: SyncStatus;
  failure: SyncFailure | null;
}

/** Whether a sync of these tasks makes a change set that is applied. */
export const makesChanges = (tasks: readonly Task[]): boolean =>
  tasks.includes('synchronize') ||
  tasks.includes('map') ||
  tasks.includes('provision') ||
  (tasks.length === 1 && tasks[0] === 'update-expressions');

/**
 * The end of a sync, given how it was to end. What was applied cannot have been refused or cancelled, and what was not
 * applied is not completed.
 */
export function endOf(sync: Ending, wished: SyncStatus, failure: SyncFailure | null): SyncEnd {
  if (wished === 'failed') return { status: 'failed', failure };
  if (!sync.applied && wished !== 'completed') return { status: wished, failure };
  // the decision was to apply no row
  if (!sync.applied && (sync.fates.refused ?? 0) + (sync.fates.deferred ?? 0) > 0)
    return { status: 'rejected', failure };
  if (!sync.applied && !sync.dryRun && makesChanges(sync.tasks))
    return {
      status: 'failed',
      failure: {
        code: 'change-set-altered',
        message: 'The changes of the sync have not been applied, so it cannot be completed. Start the sync again.',
      },
    };
  const withErrors = !sync.dryRun && sync.rejections + sync.deletesWithheld + sync.overtaken > 0;
  return { status: withErrors ? 'completed-with-errors' : 'completed', failure };
}
