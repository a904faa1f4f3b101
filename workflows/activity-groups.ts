import { proxyActivities, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { names } from './own-names.ts';

/**
 * The activities by what they need: their queue, how long they may take, and what the Temporal Web UI says of them.
 * A worker that died is noticed by its missing heartbeat. Transient errors are tried again with back-off; errors that a
 * retry cannot repair come as non-retryable failures.
 */
const patient = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '30 seconds',
  maximumAttempts: 60,
};
/** A sync must reach its end in the tables, no matter how long Postgres is unavailable. */
const endless = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' };

type Group = ActivityInterfaceFor<Activities>;

const settling = (summary: string): Group =>
  proxyActivities<Activities>({
    taskQueue: names.taskQueues.sync,
    startToCloseTimeout: '1 minute',
    retry: endless,
    // a step that goes directly to the worker that scheduled it would overtake steps with a higher priority in the queue
    allowEagerDispatch: false,
    summary,
  });

/** These steps take over the errors of the sync, which may be hundreds of thousands. */
const settlingErrors = (summary: string): Group =>
  proxyActivities<Activities>({
    taskQueue: names.taskQueues.sync,
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '15 seconds',
    retry: endless,
    summary,
  });

/** Short steps that record the status of the sync. */
export const settle: Pick<
  Group,
  | 'beginSync'
  | 'becomeComplete'
  | 'recordExport'
  | 'holdSync'
  | 'tellStage'
  | 'checkDecision'
  | 'recordDecision'
  | 'finishSync'
  | 'settleUnchanged'
  | 'nudgeDirectory'
> = {
  beginSync: settling('Decide what there is to do').beginSync,
  becomeComplete: settling('Make it complete: a source cannot tell its changes').becomeComplete,
  recordExport: settling('Name the completed export').recordExport,
  holdSync: settlingErrors('Hold it: a limit is exceeded, a person has to decide').holdSync,
  tellStage: settling('Tell that it is held for long').tellStage,
  checkDecision: settling('Judge a decision by what Postgres holds').checkDecision,
  recordDecision: settling('Record who decided what').recordDecision,
  finishSync: settlingErrors('Record how it ended').finishSync,
  settleUnchanged: settling('Record that nothing has changed').settleUnchanged,
  nudgeDirectory: settling('Start the mapping of what has changed').nudgeDirectory,
};

/** A refresh takes the place of a held sync. */
export const refresh: Pick<Group, 'supersedeHeld' | 'tellPlaceTaken' | 'handOver'> = {
  supersedeHeld: settlingErrors('End the held sync').supersedeHeld,
  tellPlaceTaken: settling('See which sync has the connector').tellPlaceTaken,
  handOver: settling('Name the workflow that has the sync').handOver,
};

/** @param taskQueue as the connection names it */
export const exportOn = (taskQueue: string): Group =>
  proxyActivities<Activities>({
    taskQueue: names.queue(taskQueue),
    startToCloseTimeout: '12 hours',
    heartbeatTimeout: '15 seconds',
    retry: patient,
    summary: 'Read the source into the export store',
  });

/** The steps around a read by a worker that may have no database. */
export const apart: Pick<Group, 'beginExport' | 'endExport'> = {
  beginExport: settling('Take the turn, and write the request of the export').beginExport,
  endExport: settling('Take over what the export has told, and give the turn back').endExport,
};

/**
 * @param taskQueue as the connection names it
 * @param limited whether others wait for the turn of this read: then it has to begin soon
 */
export const readApartOn = (
  taskQueue: string,
  limited: boolean,
): Pick<Group, 'exportFromRequest' | 'compareFromRequest'> =>
  proxyActivities<Activities>({
    taskQueue: names.queue(taskQueue),
    startToCloseTimeout: '12 hours',
    heartbeatTimeout: '15 seconds',
    ...(limited ? { scheduleToStartTimeout: '10 minutes' } : {}),
    retry: patient,
    summary: 'Read the source into the export store',
  });

/** On the queue of reads: its first and longest step reads the source. */
export const items: Pick<Group, 'synchronizeItems'> = proxyActivities<Activities>({
  taskQueue: names.taskQueues.export,
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '15 seconds',
  retry: patient,
  // as in `settling`
  allowEagerDispatch: false,
  summary: 'Read, compare and apply single items',
});

export const prepare: Group = proxyActivities<Activities>({
  taskQueue: names.taskQueues.prepare,
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '15 seconds',
  retry: patient,
  summary: 'Map the exported rows into staging tables',
});

export const synchronize: Group = proxyActivities<Activities>({
  taskQueue: names.taskQueues.prepare,
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '15 seconds',
  retry: patient,
  summary: 'Compare with the repository, check the thresholds',
});

export const apply: Group = proxyActivities<Activities>({
  taskQueue: names.taskQueues.apply,
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '15 seconds',
  retry: endless,
  summary: 'Apply exactly the change set, in one transaction',
});
