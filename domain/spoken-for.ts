import type { SyncMode, SyncScope, Task, Trigger } from './sync.ts';

/** What clears a failure of a whole sync: a sync that does at least as much as the one that failed. */
export const failureClearers = ['any-sync', 'whole-sync', 'complete-sync'] as const;
export type FailureClearer = (typeof failureClearers)[number];

interface Extent {
  mode: SyncMode;
  scope: SyncScope | null;
}

/** Whether a sync covers every entity type of its connector. It may be limited to some operations. */
export const isOfEverything = ({ scope }: Pick<Extent, 'scope'>): boolean => !scope?.keys && !scope?.entityTypes;

/** Which sync has to succeed to clear the failure of such a sync. */
export function clearerOf(failed: Extent): FailureClearer {
  if (!isOfEverything(failed)) return 'any-sync';
  return failed.mode === 'complete' ? 'complete-sync' : 'whole-sync';
}

/** The failures that are cleared once such a sync has been applied. */
export function clearedBy(applied: Extent): FailureClearer[] {
  if (!isOfEverything(applied)) return ['any-sync'];
  return applied.mode === 'complete' ? [...failureClearers] : ['any-sync', 'whole-sync'];
}

/**
 * Whether an applied sync shows the state of the objects in its scope: it has read the source and compared with it. A dry
 * run applies nothing, a purge reads nothing, and `update-expressions` alone compares only expressions.
 */
export function speaks(sync: { applied: boolean; dryRun: boolean; tasks: readonly Task[]; trigger: Trigger }): boolean {
  const reads = sync.trigger !== 'purge' && sync.trigger !== 'revert' && sync.trigger !== 'force';
  return sync.applied && !sync.dryRun && reads && sync.tasks.includes('synchronize');
}
