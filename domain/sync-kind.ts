import type { Sync, Task } from './sync.ts';

export const syncKinds = ['read', 'expressions', 'purge', 'revert', 'mapping', 'provisioning'] as const;
/** What makes the changes of a sync. */
export type SyncKind = (typeof syncKinds)[number];

export function kindOf({ tasks, trigger }: Pick<Sync, 'tasks' | 'trigger'>): SyncKind {
  if (trigger === 'purge' || trigger === 'revert') return trigger;
  if (tasks.includes('map')) return 'mapping';
  if (tasks.includes('compute')) return 'provisioning';
  return tasks.length === 1 && tasks[0] === 'update-expressions' ? 'expressions' : 'read';
}

/** The tasks of a run of provisioning. */
export const provisioningTasks: Task[] = ['compute', 'provision'];

/** Whether rules make what a sync compares, over what is stored: there is no source. */
export const isDerived = ({ tasks: wanted }: { tasks: readonly Task[] }): boolean =>
  wanted.includes('map') || wanted.includes('compute');
