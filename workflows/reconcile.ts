import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { paceOf } from './keeper.ts';
import { names } from './own-names.ts';

const { reconcileSyncs } = proxyActivities<Activities>({
  taskQueue: names.taskQueues.sync,
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
  summary: 'Compare the tables with Temporal',
});

/** Rounds before the workflow continues as a new run, with a new history. */
const rounds = 200;

/** Keeps the tables and Temporal consistent: either store may have been lost or restored without the other. */
export async function reconcile(everySeconds: number): Promise<void> {
  const pace = paceOf(everySeconds);
  for (let round = 0; round < rounds; round++) {
    await reconcileSyncs();
    await pace.wait('Until the next comparison');
  }
  await continueAsNew<typeof reconcile>(pace.everySeconds);
}
