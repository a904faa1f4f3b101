import { v7 as uuidv7 } from 'uuid';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { hasOwnQueue } from '../domain/task-queues.ts';
import { inspectionResult, insertInspection } from '../repository/inspections.ts';
import { installationId } from '../repository/installation.ts';
import type { inspectConnector } from '../workflows/index.ts';
import type { Dependencies } from './dependencies.ts';
import { requireOwnNames } from './own-names.ts';
import { unavailable } from './problems.ts';

const patience = 90_000;

/**
 * Tests or discovers the connections of a connector, by the workers that reach them.
 * @param unsaved whether the file is not saved: then a discovery is not kept, though a connector may have its name
 * @returns the result of each connection
 * @throws Problem `workflow-id-taken`, or `unavailable` if no worker answered in time
 */
export async function inspect(
  deps: Dependencies,
  kind: 'test' | 'schema',
  file: ConnectorFile,
  { unsaved = false } = {},
): Promise<Record<string, unknown>[]> {
  requireOwnNames(deps);
  const installation = await installationId(deps.db);
  const id = uuidv7();
  await insertInspection(deps.db, { id, kind, file });
  try {
    await deps.temporal.connection.withDeadline(Date.now() + patience, () =>
      deps.temporal.workflow.execute<typeof inspectConnector>('inspectConnector', {
        workflowId: deps.names.inspectWorkflowId(id),
        taskQueue: deps.names.taskQueues.sync,
        memo: { installation },
        workflowExecutionTimeout: patience,
        staticSummary: `${kind} of the connections of ${file.name}`,
        priority: { priorityKey: 1, fairnessKey: file.name },
        args: [
          {
            inspectionId: id,
            kind,
            unsaved,
            connections: file.connections.map(({ name, taskQueue }) => ({
              name,
              taskQueue: taskQueue ?? 'export',
              ...(hasOwnQueue(taskQueue) ? { apart: true } : {}),
            })),
          },
        ],
      }),
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowFailedError')
      throw unavailable('No worker answered for a connection in time. Check that a worker serves its task queue.');
    throw error;
  }
  return inspectionResult(deps.db, id);
}
