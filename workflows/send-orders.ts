import { condition, continueAsNew, proxyActivities, setHandler } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { nudgeOrdersSignal, type OrdersInput } from './messages.ts';
import { names } from './own-names.ts';

const { sendOrders: send } = proxyActivities<Activities>({
  taskQueue: names.taskQueues.export,
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  summary: 'Send the orders that are due',
});

/** Rounds before the workflow continues as a new run, with a new history. */
const rounds = 20;

/** Sends the orders of a target until none waits. Orders are rows; this only sees that somebody sends them. */
export async function sendOrders(input: OrdersInput): Promise<void> {
  let nudges = 0;
  setHandler(nudgeOrdersSignal, () => {
    nudges++;
  });
  for (let round = 1; ; round++) {
    const before = nudges;
    const seconds = await send(input.id);
    if (seconds === null && nudges === before) return;
    if (round >= rounds) await continueAsNew<typeof sendOrders>(input);
    // a nudge came while orders were sent: some of them may be new
    if (seconds !== null && seconds > 0) await condition(() => nudges > before, Math.ceil(seconds * 1000));
  }
}
