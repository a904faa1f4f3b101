import { endSync } from '../repository/end-sync.ts';
import { hasEnded } from '../domain/sync.ts';
import { openSyncs } from '../repository/open-syncs.ts';
import { findSync, lockSync } from '../repository/syncs.ts';
import { connectorsWithExpired, expireRefusals } from '../repository/refusals/end.ts';
import { dropStaging } from '../repository/staging.ts';
import { logSync } from '../repository/sync-log.ts';
import type { Dependencies } from './dependencies.ts';
import { whileBeating } from './heartbeat.ts';
import { nudge } from './nudge-directory.ts';
import { nudgeAllOrders, nudgeTargets } from './provisioning/nudge-targets.ts';
import { reconcilePolls } from './reconcile-polls.ts';
import { reconcileExecutions, reconcileSchedules } from './reconcile-jobs.ts';

/** Seconds that the API has between writing the row of a sync and starting its workflow. */
const startingSeconds = 30;

/** Schedules are compared this often, even if the rest is compared more often. */
const schedulesMilliseconds = 10_000;

export function createReconcileActivities(dependencies: Dependencies) {
  const { db, workflows } = dependencies;
  let lookedIntoSchedules = 0;

  /**
   * Ends sync rows whose workflow is gone, and workflows whose sync row is gone. Either store may have been lost or
   * restored; the tables decide. The same is done for executions of jobs and for schedules. Refusals whose time is over end.
   */
  function reconcileSyncs(): Promise<void> {
    return whileBeating(compare);
  }

  async function compare(): Promise<void> {
    for (const sync of await openSyncs(db)) {
      if (await workflows.isOpen(sync.workflowId, sync.runId)) continue;
      if (sync.runId === null && sync.ageSeconds < startingSeconds) continue;
      if (await endLost(sync.id)) await dropStaging(db, sync.no);
    }
    for (const { workflowId, runId, syncId } of await workflows.openSyncs()) {
      if (await findSync(db, syncId)) continue;
      await workflows.terminate(
        workflowId,
        runId,
        'The sync of this workflow is not in the database. The database was restored to an earlier state.',
      );
    }
    await reconcilePolls(db, workflows);
    await nudge(dependencies);
    await nudgeTargets(dependencies);
    await nudgeAllOrders(dependencies);
    for (const connector of await connectorsWithExpired(db))
      await db.transaction((tx) => expireRefusals(tx, connector));
    await reconcileExecutions(dependencies);
    const due = Date.now() - lookedIntoSchedules >= schedulesMilliseconds;
    await reconcileSchedules(dependencies, due);
    if (due) lookedIntoSchedules = Date.now();
  }

  /** @returns false if it had ended between the two looks */
  async function endLost(id: string): Promise<boolean> {
    return db.transaction(async (tx) => {
      // the lock waits for a worker that is still applying: then its changes have been applied
      const sync = await lockSync(tx, id);
      if (!sync || hasEnded(sync.status)) return false;
      const message = sync.applied
        ? 'The workflow of this sync no longer exists. The changes of the sync were applied. You need to do nothing.'
        : 'The workflow of this sync no longer exists and nothing was applied. Start the sync again.';
      await endSync(tx, sync, { status: 'failed', failure: { code: 'workflow-lost', message } });
      await logSync(tx, sync.no, null, 'error', 'Failed: workflow-lost.');
      return true;
    });
  }

  return { reconcileSyncs };
}
