import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { InspectInput } from './messages.ts';
import { names } from './own-names.ts';

/** Inspects the sources of a connector, each by a worker that can reach it. The findings are written to Postgres. */
export async function inspectConnector(input: InspectInput): Promise<void> {
  const { beginInspection, endInspection, finishInspection } = proxyActivities<Activities>({
    taskQueue: names.taskQueues.sync,
    startToCloseTimeout: '1 minute',
  });
  for (const connection of input.connections) {
    const { inspectConnection, inspectFromRequest } = proxyActivities<Activities>({
      taskQueue: names.queue(connection.taskQueue),
      startToCloseTimeout: '1 minute',
      retry: { maximumAttempts: 3 },
      summary: `Look at the connection ${connection.name}`,
    });
    if (connection.apart === true) {
      await beginInspection(input.inspectionId, input.kind, connection.name);
      await inspectFromRequest(input.inspectionId, connection.name);
      await endInspection(input.inspectionId, connection.name);
    } else await inspectConnection(input.inspectionId, input.kind, connection.name);
  }
  if (input.unsaved === true) return;
  await finishInspection(input.inspectionId);
}
