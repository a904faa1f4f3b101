import { provisioningTasks } from '../../domain/sync-kind.ts';
import { randomUUID } from 'node:crypto';
import { ownerName } from '../../domain/provisioning/target.ts';
import { syncIdAt } from '../../domain/sync-id.ts';
import { hasDue, isDueSince, lastRun } from '../../repository/directory/due.ts';
import { appliedRules } from '../../repository/directory/rules.ts';
import { nextOrderIn } from '../../repository/provisioning/claim-orders.ts';
import { rulesOfTarget, targetsInUse, type TargetInUse } from '../../repository/provisioning/targets.ts';
import { openSyncOf } from '../../repository/sync-views.ts';
import { insertSync, withdrawSync } from '../../repository/sync-requests.ts';
import { findSync } from '../../repository/syncs.ts';
import type { Dependencies } from '../dependencies.ts';

type Needed = Pick<Dependencies, 'db' | 'workflows'>;

/** Seconds before a run is tried again that failed or was cancelled. */
const pauseSeconds = 60;
/** Seconds after which reconcile looks after work that nobody has taken. */
const lostAfter = 5;

/**
 * Starts a run of provisioning for each target that has work, where none is open. What is due is in Postgres, so a nudge that is lost
 * makes it only late: reconcile finds it.
 * @param cause the sync whose changes are the work; undefined: reconcile found that work waits
 */
export async function nudgeTargets(needed: Needed, cause?: string): Promise<void> {
  for (const target of await targetsInUse(needed.db)) if (target.active) await nudgeTarget(needed, target, cause);
}

async function nudgeTarget({ db, workflows }: Needed, target: TargetInUse, cause?: string): Promise<void> {
  const rules = rulesOfTarget(target.file);
  const last = await lastRun(db, target.id);
  const changed = rules !== (await appliedRules(db, target.id));
  // people have refused these rules: nothing is computed by them until the file changes, or a person starts a run
  if (changed && last?.status === 'rejected' && last.rules === rules) return;
  if (last && ['failed', 'cancelled'].includes(last.status) && last.ageSeconds < pauseSeconds) return;
  const due = cause === undefined ? await isDueSince(db, target.id, lostAfter) : await hasDue(db, target.id);
  if (!due && !changed) return;
  const workflowId = workflows.syncWorkflowId(target.name);
  const id = syncIdAt(Date.now(), randomUUID());
  if (await openSyncOf(db, workflowId, id)) return;
  const causing = cause === undefined ? undefined : await findSync(db, cause);
  const priority = causing?.priority ?? 'normal';
  const of = { mode: 'incremental', trigger: 'event', priority } as const;
  const tasks = provisioningTasks;
  await insertSync(db, {
    ...of,
    id,
    connector: target.id,
    tasks,
    scope: null,
    dryRun: false,
    syncedBy: 'system',
    configRevision: target.revision,
    workflowId,
  });
  if (!(await workflows.startSync(workflowId, { ...of, syncId: id, connector: target.name, tasks })))
    await withdrawSync(db, id);
}

/** Sees that the orders are sent that an applied run has made. */
export async function nudgeOrdersOf({ db, workflows }: Needed, cause: string): Promise<void> {
  const sync = await findSync(db, cause);
  if (!sync?.tasks.includes('provision')) return;
  await workflows.nudgeOrders({ id: sync.connector, connector: ownerName(sync.connectorName) });
}

/** The same for all targets with orders that are due: a nudge may have been lost. */
export async function nudgeAllOrders({ db, workflows }: Needed): Promise<void> {
  for (const { id, name } of await targetsInUse(db)) {
    const seconds = await nextOrderIn(db, id);
    if (seconds !== null && seconds < -lostAfter) await workflows.nudgeOrders({ id, connector: ownerName(name) });
  }
}
