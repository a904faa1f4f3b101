import { tasks as allTasks, type Task, type Trigger } from './sync.ts';

/** Whether reading the source again can change what a held sync would do: a sync that reads nothing cannot be refreshed. */
export const isRefreshable = (sync: { trigger: Trigger; tasks: readonly Task[] }): boolean =>
  sync.trigger !== 'revert' && sync.trigger !== 'purge' && sync.tasks.includes('synchronize');

/** The tasks of the sync that takes the place of a held one: it reads and prepares, also if the held one took a preparation. */
export const tasksOfRefresh = (held: readonly Task[]): Task[] =>
  allTasks.filter((task) => task !== 'update-expressions' || held.includes(task));
