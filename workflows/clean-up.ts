import { continueAsNew, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { taskQueues } from './names.ts';

const { cleanUpStores } = proxyActivities<Activities>({
  taskQueue: taskQueues.prepare,
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '10 seconds', maximumInterval: '10 minutes' },
  summary: 'Remove what is no longer kept',
});

/** Rounds before the history starts afresh. */
const rounds = 100;

/** Removes what is no longer to be kept, for ever. */
export async function cleanUp(everySeconds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await sleep(everySeconds * 1000, { summary: 'Until the next clean-up' });
    await cleanUpStores();
  }
  await continueAsNew<typeof cleanUp>(everySeconds);
}
