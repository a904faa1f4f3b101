import { provisioningTasks } from '../domain/sync-kind.ts';
import { ownerName, targetName } from '../domain/provisioning/target.ts';
import { findConnector } from '../repository/connectors.ts';
import { installationId } from '../repository/installation.ts';
import { findTarget, rulesOfTarget } from '../repository/provisioning/targets.ts';
import type { sendOrders } from '../workflows/index.ts';
import { nudgeOrdersSignal } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';
import { isTemporalAway } from './failures.ts';
import { startRun } from './start-run.ts';

/** Computes all profiles of a target if a file that was saved has changed its rules. */
export async function startProvisioning(deps: Dependencies, connector: string, by: string): Promise<void> {
  const known = await findConnector(deps.db, targetName(connector));
  const target = known && (await findTarget(deps.db, known.id));
  if (!target?.active) return;
  const { revision, file } = target;
  await startRun(deps, { connector: target, revision, rules: rulesOfTarget(file), tasks: provisioningTasks }, by);
}

/**
 * Sees that the orders of a target are sent. If Temporal is away, reconcile does it.
 * @param target the name of what keeps its profiles
 */
export async function nudgeOrders(deps: Dependencies, target: string): Promise<void> {
  const known = await findConnector(deps.db, target);
  if (!known) return;
  const start = deps.names.ordersStart(await installationId(deps.db), { id: known.id, connector: ownerName(target) });
  try {
    await deps.temporal.connection.withDeadline(Date.now() + 10_000, () =>
      deps.temporal.workflow.signalWithStart<typeof sendOrders>('sendOrders', { ...start, signal: nudgeOrdersSignal }),
    );
  } catch (error) {
    if (!isTemporalAway(error)) throw error;
  }
}
