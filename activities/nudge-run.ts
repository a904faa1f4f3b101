import { randomUUID } from 'node:crypto';
import type { Task } from '../domain/sync.ts';
import { syncIdAt } from '../domain/sync-id.ts';
import { hasDue, isDueSince, lastRun } from '../repository/directory/due.ts';
import { appliedRules } from '../repository/directory/rules.ts';
import { openSyncOf } from '../repository/sync-views.ts';
import { insertSync, withdrawSync } from '../repository/sync-requests.ts';
import { findSync } from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';

export type NudgeDependencies = Pick<Dependencies, 'db' | 'workflows'>;

/** A connector whose resources are made by rules, as they are now. */
export interface MadeByRules {
  id: number;
  name: string;
  revision: number;
  /** Tells its rules from others. */
  rules: string;
  tasks: Task[];
}

/** Seconds before a run is tried again that failed or was cancelled. */
const pauseSeconds = 60;
/** Seconds after which reconcile looks after work that nobody has taken. */
export const lostAfter = 5;

/**
 * Starts a run of rules if there is work for it and none is open. What is due is in Postgres, so work that comes while one is open,
 * or whose nudge is lost, is only late: reconcile finds it.
 * @param cause the sync whose changes are the work; undefined: reconcile found that work waits
 */
export async function nudgeRun({ db, workflows }: NudgeDependencies, made: MadeByRules, cause?: string): Promise<void> {
  const { id: connector, name, rules, tasks } = made;
  const last = await lastRun(db, connector);
  const changedRules = rules !== (await appliedRules(db, connector));
  // people have refused these rules: nothing runs by them until a file changes, or a person starts a run
  if (changedRules && last?.status === 'rejected' && last.rules === rules) return;
  if (last && ['failed', 'cancelled'].includes(last.status) && last.ageSeconds < pauseSeconds) return;
  const due = cause === undefined ? await isDueSince(db, connector, lostAfter) : await hasDue(db, connector);
  if (!due && !changedRules) return;
  const workflowId = workflows.syncWorkflowId(name);
  const id = syncIdAt(Date.now(), randomUUID());
  if (await openSyncOf(db, workflowId, id)) return;
  const causing = cause === undefined ? undefined : await findSync(db, cause);
  const of = { mode: 'incremental', trigger: 'event', priority: causing?.priority ?? 'normal' } as const;
  await insertSync(db, {
    ...of,
    id,
    connector,
    tasks,
    scope: null,
    dryRun: false,
    syncedBy: 'system',
    configRevision: made.revision,
    workflowId,
  });
  if (!(await workflows.startSync(workflowId, { ...of, syncId: id, connector: name, tasks })))
    await withdrawSync(db, id);
}
