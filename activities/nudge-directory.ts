import { randomUUID } from 'node:crypto';
import { directoryName } from '../domain/directory/directory-file.ts';
import { syncIdAt } from '../domain/sync-id.ts';
import { hasDue, isDueSince, lastRun } from '../repository/directory/due.ts';
import { appliedRules, rulesInUse } from '../repository/directory/rules.ts';
import { openSyncOf } from '../repository/sync-views.ts';
import { insertSync, withdrawSync } from '../repository/sync-requests.ts';
import { findSync } from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';
import { nudgeOrdersOf, nudgeTargets } from './provisioning/nudge-targets.ts';

type Needed = Pick<Dependencies, 'db' | 'workflows'>;

/** Seconds before a run is tried again that failed or was cancelled. */
const pauseSeconds = 60;
/** Seconds after which reconcile looks after work that nobody has taken. */
const lostAfter = 5;

/**
 * Starts a sync of the directory if there is work for it and none is open. What is due is in Postgres, so work that comes while
 * one is open, or whose nudge is lost, is only late: reconcile finds it.
 * @param cause the sync whose changes are the work; undefined: reconcile found that work waits
 */
export async function nudge({ db, workflows }: Needed, cause?: string): Promise<void> {
  const inUse = await rulesInUse(db);
  if (!inUse || inUse.rules.length === 0 || !inUse.directory.active) return;
  const { directory, hash } = inUse;
  const last = await lastRun(db, directory.id);
  const changedRules = hash !== (await appliedRules(db, directory.id));
  // people have refused these rules: nothing is mapped by them until a file changes, or a person starts a sync
  if (changedRules && last?.status === 'rejected' && last.rules === hash) return;
  if (last && ['failed', 'cancelled'].includes(last.status) && last.ageSeconds < pauseSeconds) return;
  const due = cause === undefined ? await isDueSince(db, directory.id, lostAfter) : await hasDue(db, directory.id);
  if (!due && !changedRules) return;
  const workflowId = workflows.syncWorkflowId(directoryName);
  const id = syncIdAt(Date.now(), randomUUID());
  if (await openSyncOf(db, workflowId, id)) return;
  const causing = cause === undefined ? undefined : await findSync(db, cause);
  const priority = causing?.priority ?? 'normal';
  await insertSync(db, {
    id,
    connector: directory.id,
    mode: 'incremental',
    tasks: ['map'],
    scope: null,
    dryRun: false,
    trigger: 'event',
    priority,
    syncedBy: 'system',
    configRevision: directory.activeRevision ?? directory.newestRevision,
    workflowId,
  });
  const of = { syncId: id, connector: directoryName, mode: 'incremental', trigger: 'event', priority } as const;
  if (!(await workflows.startSync(workflowId, { ...of, tasks: ['map'] }))) await withdrawSync(db, id);
}

/** Starts what follows from the changes of a sync: mapping, computing, or the sending of orders. */
export async function nudgeAfter(dependencies: Needed, cause: string): Promise<void> {
  await nudge(dependencies, cause);
  await nudgeTargets(dependencies, cause);
  await nudgeOrdersOf(dependencies, cause);
}

export function createNudgeActivities(dependencies: Dependencies) {
  /** What a sync has changed may be work for the directory. A repeat finds the sync that the first one started. */
  const nudgeDirectory = (cause: string): Promise<void> => nudgeAfter(dependencies, cause);
  return { nudgeDirectory };
}
