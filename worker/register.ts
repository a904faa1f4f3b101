import { WorkflowNotFoundError, WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { ScheduleRegister, WorkflowRegister } from '../activities/dependencies.ts';
import { putJobSchedule, removeJobSchedule, scheduledJobs } from '../job-schedules.ts';
import type { cleanUp, pollConnection, reconcile } from '../workflows/index.ts';
import { wakePollSignal } from '../workflows/messages.ts';
import { cleanUpWorkflowId, pollStart, pollWorkflowId, reconcileWorkflowId, taskQueues } from '../workflows/names.ts';

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
    async openPolls() {
      const open = [];
      const query = `WorkflowType = 'pollConnection' AND ExecutionStatus = 'Running'`;
      for await (const { memo } of client.workflow.list({ query })) {
        const { connector, connection } = memo ?? {};
        if (typeof connector === 'string' && typeof connection === 'string') open.push({ connector, connection });
      }
      return open;
    },
    async wakePoll(connector, connection, start) {
      if (start) {
        await client.workflow.signalWithStart<typeof pollConnection>('pollConnection', {
          ...pollStart(connector, connection),
          signal: wakePollSignal,
        });
        return;
      }
      try {
        await client.workflow.getHandle(pollWorkflowId(connector, connection)).signal(wakePollSignal);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
    async terminate(workflowId, runId, reason) {
      await client.workflow.getHandle(workflowId, runId).terminate(reason);
    },
  };
}

/** Milliseconds that Temporal has for one schedule: a busy server answers late, and one that hangs must not keep the job. */
const patience = 20_000;

/** Temporal's schedules of our jobs, by a client. */
export function scheduleRegister(client: Client): ScheduleRegister {
  const soon = <Result>(work: () => Promise<Result>) =>
    client.connection.withDeadline<Result>(Date.now() + patience, work);
  return {
    list: () => scheduledJobs(client),
    // the caller keeps others from the job meanwhile
    put: (job) => soon(() => putJobSchedule(client, job)),
    remove: (job) => soon(() => removeJobSchedule(client, job)),
  };
}

/** Every worker makes sure that the workflows that go on for ever do, each once. */
export async function startKeepers(
  client: Client,
  config: { reconcileSeconds: number; cleanUpSeconds: number },
): Promise<void> {
  await startOnce(client, 'reconcile', {
    workflowId: reconcileWorkflowId,
    everySeconds: config.reconcileSeconds,
    staticSummary: 'Keeps the tables and Temporal in step',
  });
  await startOnce(client, 'cleanUp', {
    workflowId: cleanUpWorkflowId,
    everySeconds: config.cleanUpSeconds,
    staticSummary: 'Removes what is no longer kept: changes, exports, staging',
  });
}

async function startOnce(
  client: Client,
  name: 'reconcile' | 'cleanUp',
  { workflowId, everySeconds, staticSummary }: { workflowId: string; everySeconds: number; staticSummary: string },
): Promise<void> {
  try {
    await client.workflow.start<typeof reconcile | typeof cleanUp>(name, {
      workflowId,
      taskQueue: taskQueues.sync,
      args: [everySeconds],
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
