import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { ScheduleRegister, WorkflowRegister } from '../activities/dependencies.ts';
import { putJobSchedule, removeJobSchedule, scheduledJobs, type ScheduleOwner } from '../job-schedules.ts';
import type { pollConnection } from '../workflows/index.ts';
import { wakePollSignal } from '../workflows/messages.ts';
import { ownerIn } from '../workflows/names.ts';

/** What reconcile asks Temporal, by a client: only of the workflows that have the names of this installation. */
export function workflowRegister(client: Client, { names, id }: ScheduleOwner): WorkflowRegister {
  const open = (type: string) =>
    client.workflow.list({
      query: `WorkflowType = '${type}' AND ExecutionStatus = 'Running' AND TaskQueue = '${names.taskQueues.sync}'`,
    });
  return {
    async isOpen(workflowId, runId) {
      // the row of a copied database, or of one that had another name: the workflow is none of ours
      if (!names.isOwnId(workflowId)) return false;
      try {
        const found = await client.workflow.getHandle(workflowId, runId ?? undefined).describe();
        return found.status.name === 'RUNNING' && [id, undefined].includes(ownerIn(found.memo));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
    async openSyncs() {
      const found = [];
      for await (const { workflowId, runId, memo } of open('syncConnector')) {
        const syncId = memo?.['syncId'];
        // one without the id of an installation is this one's only if the database has its sync, which then is no concern here
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
    async terminate(workflowId, runId, reason) {
      await client.workflow.getHandle(workflowId, runId).terminate(reason);
    },
  };
}

/** Milliseconds that Temporal has for one schedule: a busy server answers late, and one that hangs must not keep the job. */
const patience = 20_000;

/** Temporal's schedules of our jobs, by a client. */
export function scheduleRegister(client: Client, owner: ScheduleOwner): ScheduleRegister {
  const soon = <Result>(work: () => Promise<Result>) =>
    client.connection.withDeadline<Result>(Date.now() + patience, work);
  return {
    list: () => scheduledJobs(client, owner),
    // the caller keeps others from the job meanwhile
    put: (job) => soon(() => putJobSchedule(client, owner, job)),
    // a schedule that does not tell whose it is may be that of another installation's job
    remove: (job) => soon(() => removeJobSchedule(client, owner, job, false)),
  };
}
