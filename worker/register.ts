import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import type { ScheduleRegister, WorkflowRegister } from '../activities/dependencies.ts';
import { putJobSchedule, removeJobSchedule, scheduledJobs, type ScheduleOwner } from '../job-schedules.ts';
import type { pollConnection, sendOrders, syncConnector } from '../workflows/index.ts';
import { decideUpdate, nudgeOrdersSignal, wakePollSignal } from '../workflows/messages.ts';
import { isAlreadyStarted, ownerIn } from '../workflows/names.ts';
import { pendingStepOf } from './pending-step.ts';

/** What reconcile asks Temporal, by a client: only of the workflows that have the names of this installation. */
export function workflowRegister(client: Client, { names, id }: ScheduleOwner): WorkflowRegister {
  const open = (type: string) =>
    client.workflow.list({
      query: `WorkflowType = '${type}' AND ExecutionStatus = 'Running' AND TaskQueue = '${names.taskQueues.sync}'`,
    });
  return {
    async isOpen(workflowId, runId) {
      // the row is from a copied database, or from one with another name: the workflow belongs to another installation
      if (!names.isOwnId(workflowId)) return false;
      try {
        const found = await client.workflow.getHandle(workflowId, runId ?? undefined).describe();
        return found.status.name === 'RUNNING' && [id, undefined].includes(ownerIn(found.memo));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
    async pendingStep(workflowId, runId, type) {
      if (!names.isOwnId(workflowId)) return undefined;
      try {
        const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
        return pendingStepOf(raw.pendingActivities?.find(({ activityType }) => activityType?.name === type));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    },
    async openSyncs() {
      const found = [];
      for await (const { workflowId, runId, memo } of open('syncConnector')) {
        const syncId = memo?.['syncId'];
        // a workflow without the id of an installation is ours only if the database has its sync, and then nothing is to do
        if (ownerIn(memo) !== id || typeof syncId !== 'string') continue;
        found.push({ workflowId, runId, syncId });
      }
      return found;
    },
    async openPolls() {
      const found = [];
      for await (const { memo } of open('pollConnection')) {
        const { connector, connection } = memo ?? {};
        const owner = ownerIn(memo);
        if (typeof connector === 'string' && typeof connection === 'string')
          found.push({ connector, connection, own: owner === undefined ? null : owner === id });
      }
      return found;
    },
    async wakePoll(connector, connection, start) {
      if (start) {
        await client.workflow.signalWithStart<typeof pollConnection>('pollConnection', {
          ...names.pollStart(connector, connection, id),
          signal: wakePollSignal,
        });
        return;
      }
      try {
        await client.workflow.getHandle(names.pollWorkflowId(connector, connection)).signal(wakePollSignal);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
    syncWorkflowId: (connector) => names.syncWorkflowId(connector),
    async startSync(workflowId, sync) {
      const { syncId, connector, mode, tasks } = sync;
      try {
        await client.workflow.start<typeof syncConnector>('syncConnector', {
          ...names.syncStart(id, { ...sync, workflowId, by: 'system' }),
          args: [{ syncId, connector, mode, tasks, dryRun: false }],
        });
        return true;
      } catch (error) {
        if (isAlreadyStarted(error)) return false;
        throw error;
      }
    },
    async nudgeOrders(target) {
      await client.workflow.signalWithStart<typeof sendOrders>('sendOrders', {
        ...names.ordersStart(id, target),
        signal: nudgeOrdersSignal,
      });
    },
    async decide(workflowId, runId, updateId, decision) {
      if (!names.isOwnId(workflowId)) return;
      try {
        const handle = client.workflow.getHandle(workflowId, runId ?? undefined);
        await client.connection.withDeadline(Date.now() + patience, () =>
          handle.executeUpdate(decideUpdate, { updateId, args: [decision] }),
        );
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError)) throw error;
      }
    },
    async terminate(workflowId, runId, reason) {
      try {
        await client.workflow.getHandle(workflowId, runId).terminate(reason);
      } catch (error) {
        // Temporal lists a workflow as open for a moment after its end; on a busy server the moment is long
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
  };
}

/**
 * Milliseconds that Temporal has for one schedule. A busy server answers late; a server that hangs must not block the job.
 */
const patience = 20_000;

/** Temporal's schedules of our jobs, by a client. */
export function scheduleRegister(client: Client, owner: ScheduleOwner): ScheduleRegister {
  const soon = <Result>(work: () => Promise<Result>) =>
    client.connection.withDeadline<Result>(Date.now() + patience, work);
  return {
    list: () => scheduledJobs(client, owner),
    // the caller holds the lock of the job meanwhile
    put: (job) => soon(() => putJobSchedule(client, owner, job)),
    // a schedule without the id of an installation may belong to a job of another installation
    remove: (job) => soon(() => removeJobSchedule(client, owner, job, false)),
  };
}
