import { tasks as allTasks, type SyncMode, type SyncScope, type Task } from './sync.ts';

/** Of more keys than these a table is read whole. */
const mostKeys = 100;

/**
 * Whether a sync may do all of its steps in one go. A sync of a few keys ends soon; one of many keys, or of changes, may take long in
 * each of its steps.
 */
export function takesShortWay({
  mode,
  tasks,
  scope,
}: {
  mode: SyncMode;
  tasks: readonly Task[];
  scope: SyncScope | null;
}): boolean {
  if (mode !== 'complete' || tasks.length !== allTasks.length || !scope?.keys) return false;
  return Object.values(scope.keys).reduce((sum, keys) => sum + keys.length, 0) <= mostKeys;
}
