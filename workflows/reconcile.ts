import { continueAsNew, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { taskQueues } from './names.ts';

const { reconcileSyncs } = proxyActivities<Activities>({
  taskQueue: taskQueues.sync,
  startToCloseTimeout: '2 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
  summary: 'Compare the tables with Temporal',
});

/** Rounds before the history starts afresh. */
const rounds = 200;

/** Keeps the tables true, for ever: either store may have been lost or restored without the other. */
export async function reconcile(everySeconds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await reconcileSyncs();
    await sleep(everySeconds * 1000, { summary: 'Until the next comparison' });
  }
  await continueAsNew<typeof reconcile>(everySeconds);
}
