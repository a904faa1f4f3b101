import { endSync } from '../repository/end-sync.ts';
import { openSyncs, findSync } from '../repository/syncs.ts';
import { dropStaging } from '../repository/staging.ts';
import { logSync } from '../repository/sync-log.ts';
import type { Dependencies } from './dependencies.ts';
import { reconcilePolls } from './reconcile-polls.ts';
import { reconcileExecutions, reconcileSchedules } from './reconcile-jobs.ts';

/** Seconds that the API has between writing the row of a sync and starting its workflow. */
const startingSeconds = 30;

/** However often the rest is compared. */
const schedulesMilliseconds = 10_000;

export function createReconcileActivities(dependencies: Dependencies) {
  const { db, workflows } = dependencies;
  let lookedIntoSchedules = 0;

  /**
   * Ends sync rows whose workflow is gone, and workflows whose sync row is gone: whichever store was lost or restored,
   * the tables say what is true. The same with executions of jobs, and with schedules.
   */
  async function reconcileSyncs(): Promise<void> {
    for (const sync of await openSyncs(db)) {
      if (await workflows.isOpen(sync.workflowId, sync.runId)) continue;
      if (sync.runId === null && sync.ageSeconds < startingSeconds) continue;
      // it may have ended between the two looks
      const now = await findSync(db, sync.id);
      if (!now || !['queued', 'running', 'held'].includes(now.status)) continue;
      const lost = await endSync(db, now, 'failed', {
        code: 'workflow-lost',
        message: now.applied
          ? 'The workflow of this sync is gone; its changes had been applied. Nothing more is needed.'
          : 'The workflow of this sync is gone and nothing was applied. Start the sync again.',
      });
      if (lost) {
        await logSync(db, sync.no, null, 'error', 'Failed: workflow-lost.');
        await dropStaging(db, sync.no);
      }
    }
    for (const { workflowId, runId, syncId } of await workflows.openSyncs()) {
      if (await findSync(db, syncId)) continue;
      await workflows.terminate(
        workflowId,
        runId,
        'Its sync is not in the database, which was restored to an earlier state.',
      );
    }
    await reconcilePolls(db, workflows);
    await reconcileExecutions(dependencies);
    const due = Date.now() - lookedIntoSchedules >= schedulesMilliseconds;
    await reconcileSchedules(dependencies, due);
    if (due) lookedIntoSchedules = Date.now();
  }

  return { reconcileSyncs };
}
