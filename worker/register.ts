import { WorkflowNotFoundError, WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { WorkflowRegister } from '../activities/dependencies.ts';
import type { reconcile } from '../workflows/index.ts';
import { reconcileWorkflowId, taskQueues } from '../workflows/names.ts';

/** What reconcile asks Temporal, by a client. */
export function workflowRegister(client: Client): WorkflowRegister {
  return {
    async isOpen(workflowId, runId) {
      try {
        const found = await client.workflow.getHandle(workflowId, runId ?? undefined).describe();
        return found.status.name === 'RUNNING';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
    async openSyncs() {
      const open = [];
      const query = `WorkflowType = 'syncConnector' AND ExecutionStatus = 'Running'`;
      for await (const found of client.workflow.list({ query })) {
        const syncId = found.memo?.['syncId'];
        open.push({
          workflowId: found.workflowId,
          runId: found.runId,
          syncId: typeof syncId === 'string' ? syncId : undefined,
        });
      }
      return open;
    },
    async terminate(workflowId, runId, reason) {
      await client.workflow.getHandle(workflowId, runId).terminate(reason);
    },
  };
}

/** Every worker makes sure that the one reconcile workflow runs. */
export async function startReconcile(client: Client, everySeconds: number): Promise<void> {
  try {
    await client.workflow.start<typeof reconcile>('reconcile', {
      workflowId: reconcileWorkflowId,
      taskQueue: taskQueues.sync,
      args: [everySeconds],
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: 'Keeps the tables and Temporal in step',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
