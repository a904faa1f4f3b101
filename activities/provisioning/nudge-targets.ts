import { ownerName } from '../../domain/provisioning/target.ts';
import { provisioningTasks } from '../../domain/sync-kind.ts';
import { nextOrderIn } from '../../repository/provisioning/claim-orders.ts';
import { rulesOfTarget, targetsInUse } from '../../repository/provisioning/targets.ts';
import { findSync } from '../../repository/syncs.ts';
import { lostAfter, nudgeRun, type NudgeDependencies } from '../nudge-run.ts';

/**
 * Starts a run of provisioning for each target that has work.
 * @param cause the sync whose changes are the work; undefined: reconcile found that work waits
 */
export async function nudgeTargets(needed: NudgeDependencies, cause?: string): Promise<void> {
  for (const { active, file, ...target } of await targetsInUse(needed.db))
    if (active) await nudgeRun(needed, { ...target, rules: rulesOfTarget(file), tasks: provisioningTasks }, cause);
}

/** Sees that the orders are sent that an applied run has made. */
export async function nudgeOrdersOf({ db, workflows }: NudgeDependencies, cause: string): Promise<void> {
  const sync = await findSync(db, cause);
  if (!sync?.tasks.includes('provision')) return;
  await workflows.nudgeOrders({ id: sync.connector, connector: ownerName(sync.connectorName) });
}

/** The same for all targets with orders that are due: a nudge may have been lost. */
export async function nudgeAllOrders({ db, workflows }: NudgeDependencies): Promise<void> {
  for (const { id, name } of await targetsInUse(db)) {
    const seconds = await nextOrderIn(db, id);
    if (seconds !== null && seconds < -lostAfter) await workflows.nudgeOrders({ id, connector: ownerName(name) });
  }
}
