import type { SyncMode, SyncScope, Task, Trigger } from './sync.ts';

/** What clears a failure of a whole sync: a sync that does at least as much as the one that failed. */
export const failureClearers = ['any-sync', 'whole-sync', 'complete-sync'] as const;
export type FailureClearer = (typeof failureClearers)[number];

interface Extent {
  mode: SyncMode;
  scope: SyncScope | null;
}

/** Whether a sync takes every entity type of its connector, whatever operations it is limited to. */
export const isOfEverything = ({ scope }: Pick<Extent, 'scope'>): boolean => !scope?.keys && !scope?.entityTypes;

/** What has to succeed for the failure of such a sync to be over. */
export function clearerOf(failed: Extent): FailureClearer {
  if (!isOfEverything(failed)) return 'any-sync';
  return failed.mode === 'complete' ? 'complete-sync' : 'whole-sync';
}

/** The failures that are over once such a sync has been applied. */
export function clearedBy(applied: Extent): FailureClearer[] {
  if (!isOfEverything(applied)) return ['any-sync'];
  return applied.mode === 'complete' ? [...failureClearers] : ['any-sync', 'whole-sync'];
}

/**
 * Whether an applied sync says anything about the objects in its scope: it has read the source and compared with it.
 * A dry run applies nothing; a purge reads nothing; `update-expressions` alone looks at nothing but expressions.
 */
export function speaks(sync: { applied: boolean; dryRun: boolean; tasks: readonly Task[]; trigger: Trigger }): boolean {
  const reads = sync.trigger !== 'purge' && sync.trigger !== 'revert' && sync.trigger !== 'force';
  return sync.applied && !sync.dryRun && reads && sync.tasks.includes('synchronize');
}
