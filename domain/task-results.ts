import { hasEnded, type Sync, type SyncStatus, type Task, type TaskResult, type TaskTimes } from './sync.ts';

type Known = Pick<Sync, 'tasks' | 'status' | 'phase' | 'endedAt' | 'progress' | 'counters' | 'digest'>;

/**
 * The result of each task of a sync, from the stored sync. Tasks before its phase are done, the current task has the status
 * of the sync, the others are still to come, or will not run if the sync has ended. Within All Tasks the expressions are
 * evaluated while rows are prepared, so `update-expressions` has the status of `prepare`.
 */
export function taskResults(sync: Known, times: TaskTimes): TaskResult[] {
  // a failure before any task has begun counts for the first task
  const at = sync.phase === null && sync.status === 'failed' ? 0 : position(sync, sync.phase);
  return sync.tasks.map((task) => {
    const own = position(sync, task);
    const stage = at < 0 ? undefined : stagesOf(sync, task).find((each) => times[each] !== undefined);
    const done = own < at || (own === at && hasEnded(sync.status));
    const last = stagesOf(sync, task).at(-1);
    return {
      task,
      status: own < at ? 'completed' : own === at ? statusAt(sync.status) : statusAfter(sync.status),
      startedAt: (stage && times[stage]?.startedAt) ?? null,
      endedAt: done ? ((last && times[last]?.endedAt) ?? (own === at ? sync.endedAt : null)) : null,
      ...(own > at ? {} : counts(sync, task)),
    };
  });
}

/** The place of a task in the order of work; -1 for none yet. A task on its own has the stages that it needs. */
function position(sync: Known, task: Task | null): number {
  if (task === null) return -1;
  if (task === 'synchronize' && sync.tasks.includes('provision')) return sync.tasks.indexOf('provision');
  if (!sync.tasks.includes(task)) return 0;
  return sync.tasks.indexOf(task === 'update-expressions' && sync.tasks.includes('prepare') ? 'prepare' : task);
}

/** The stages whose time is that of the task. */
function stagesOf(sync: Known, task: Task): Task[] {
  if (task === 'provision') return ['synchronize'];
  if (task !== 'update-expressions') return [task];
  return sync.tasks.includes('prepare') ? ['prepare'] : ['prepare', 'update-expressions'];
}

const statusAt = (status: SyncStatus): SyncStatus => (status === 'completed-with-errors' ? 'completed' : status);
const statusAfter = (status: SyncStatus): SyncStatus => (hasEnded(status) ? 'skipped' : 'queued');

function counts(sync: Known, task: Task): Omit<TaskResult, 'task' | 'status' | 'startedAt' | 'endedAt'> {
  const { progress } = sync;
  if (task === 'export') return { rows: progress.rowsExported };
  if (task === 'prepare') return { rows: progress.rowsPrepared, rejected: progress.rowsRejected };
  if (sync.digest === null || (task === 'update-expressions' && sync.tasks.length > 1)) return {};
  const types = Object.values(sync.counters);
  const links = types.flatMap((type) => Object.values(type.links));
  const sum = (of: { [name in Operation]: number }[], name: Operation) => of.reduce((n, each) => n + each[name], 0);
  return {
    inserted: sum(types, 'inserted'),
    updated: sum(types, 'updated'),
    deleted: sum(types, 'deleted'),
    linksInserted: sum(links, 'inserted'),
    linksUpdated: sum(links, 'updated'),
    linksDeleted: sum(links, 'deleted'),
  };
}
type Operation = 'inserted' | 'updated' | 'deleted';

/** The task to which a stage of the work belongs. A task that runs alone also does the stages that it needs. */
export function taskOf(sync: Pick<Sync, 'tasks'>, stage: Task): Task {
  return sync.tasks.includes(stage) ? stage : (sync.tasks[0] ?? stage);
}
