import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { paceOf } from './keeper.ts';
import { names } from './own-names.ts';

const { cleanUpStores } = proxyActivities<Activities>({
  taskQueue: names.taskQueues.prepare,
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '10 seconds', maximumInterval: '10 minutes' },
  summary: 'Remove what is no longer kept',
});

/** Rounds before the workflow continues as a new run, with a new history. */
const rounds = 100;

/** Removes, again and again, the data that is no longer kept. */
export async function cleanUp(everySeconds: number): Promise<void> {
  const pace = paceOf(everySeconds);
  for (let round = 0; round < rounds; round++) {
    await pace.wait('Until the next clean-up');
    await cleanUpStores();
  }
  await continueAsNew<typeof cleanUp>(pace.everySeconds);
}
