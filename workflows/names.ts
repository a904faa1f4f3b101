import {
  TypedSearchAttributes,
  WorkflowExecutionAlreadyStartedError,
  defineSearchAttributeKey,
} from '@temporalio/common';
import { workflowKinds } from '../domain/installation.ts';
import type { Priority, SyncMode, Trigger } from '../domain/sync.ts';

/**
 * The names that an installation gives to its workflows, schedules and task queues. Installations that share a Temporal
 * namespace differ by name, and so do their workflows and queues.
 * @param installation its name; empty if no other installation uses the namespace
 */
export function namesOf(installation: string) {
  const own = (name: string) => (installation === '' ? name : `${installation}:${name}`);
  const jobs = own('job:');
  return {
    /** The task queue of a connection that names one of its own. */
    queue: own,
    /**
     * Task queues: workflows and decisions; network reads; mapping and comparing; applying, which must not wait for long
     * comparisons of others. A connection may name one of its own for its reads.
     */
    taskQueues: { sync: own('sync'), export: own('export'), prepare: own('prepare'), apply: own('apply') },
    /** Whether a workflow id is one of this installation's. */
    isOwnId: (workflowId: string): boolean =>
      installation === ''
        ? workflowKinds.some((kind) => workflowId === kind || workflowId.startsWith(`${kind}:`))
        : workflowId.startsWith(own('')),
    /** One whole sync per connector at a time. Temporal itself guarantees this through the id. */
    syncWorkflowId: (connector: string) => own(`sync:${connector}`),
    /** Syncs limited to keys: any number at once. */
    itemsWorkflowId: (connector: string, syncId: string) => own(`sync-items:${connector}:${syncId}`),
    /** One revert per connector at a time, beside its other syncs. */
    revertWorkflowId: (connector: string) => own(`revert:${connector}`),
    /** One refresh of a held sync at a time. */
    refreshWorkflowId: (heldSyncId: string) => own(`refresh:${heldSyncId}`),
    inspectWorkflowId: (uuid: string) => own(`inspect:${uuid}`),
    /** A schedule has the id of its executions, to which Temporal adds the time: `job:complete-2026-01-31T02:00:00Z`. */
    jobScheduleId: (job: string) => `${jobs}${job}`,
    jobNameOf: (scheduleId: string) => (scheduleId.startsWith(jobs) ? scheduleId.slice(jobs.length) : undefined),
    jobRunWorkflowId: (job: string, executionId: string) => `${jobs}${job}-${executionId}`,
    reconcileWorkflowId: own('reconcile'),
    cleanUpWorkflowId: own('clean-up'),
    pollWorkflowId: (connector: string, connection: string) => own(`poll:${connector}:${connection}`),
    /** How the sending of the orders of a target is started. @param installationId its UUID */
    ordersStart: (installationId: string, { id, connector }: { id: number; connector: string }) => ({
      workflowId: own(`orders:${connector}`),
      taskQueue: own('sync'),
      args: [{ id, connector }] as [{ id: number; connector: string }],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
      memo: { installation: installationId, connector },
      staticSummary: `Sends the orders of ${connector}`,
      typedSearchAttributes: new TypedSearchAttributes([{ key: searchAttributes.connector, value: connector }]),
    }),
    /** How the workflow of a recorded sync is started. @param installationId its UUID */
    syncStart: (
      installationId: string,
      { workflowId, syncId, connector, mode, trigger, priority, by, summary }: SyncStart,
    ) => ({
      workflowId,
      taskQueue: own('sync'),
      workflowIdConflictPolicy: 'FAIL' as const,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
      memo: { installation: installationId, syncId, connector, trigger },
      staticSummary: summary ?? `${mode} sync of ${connector}`,
      priority: { priorityKey: priorityKeys[priority], fairnessKey: connector },
      typedSearchAttributes: new TypedSearchAttributes([
        { key: searchAttributes.connector, value: connector },
        { key: searchAttributes.syncMode, value: mode },
        { key: searchAttributes.syncStatus, value: 'queued' },
        { key: searchAttributes.syncedBy, value: by },
      ]),
    }),
    /** How the poll of a connection is started. @param id UUID of the installation */
    pollStart: (connector: string, connection: string, id: string) => ({
      workflowId: own(`poll:${connector}:${connection}`),
      taskQueue: own('sync'),
      args: [{ connector, connection }] as [{ connector: string; connection: string }],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
      memo: { installation: id, connector, connection },
      staticSummary: `Polls the connection ${connection} of ${connector}`,
      typedSearchAttributes: new TypedSearchAttributes([{ key: searchAttributes.connector, value: connector }]),
    }),
  };
}

/** A sync as Temporal shows it while it is queued. */
interface SyncStart {
  workflowId: string;
  syncId: string;
  connector: string;
  mode: SyncMode;
  trigger: Trigger;
  priority: Priority;
  by: string;
  /** For people; left out: mode and connector. */
  summary?: string | undefined;
}

export type Names = ReturnType<typeof namesOf>;

/** The name of the installation whose queue of workflows this is. */
export const installationOfQueue = (taskQueue: string): string =>
  taskQueue.endsWith(':sync') ? taskQueue.slice(0, -':sync'.length) : '';

/** The UUID of the installation that started a workflow; undefined for older versions, which did not record it. */
export function ownerIn(memo: Record<string, unknown> | undefined): string | undefined {
  const owner = memo?.['installation'];
  return typeof owner === 'string' ? owner : undefined;
}

export const searchAttributes = {
  connector: defineSearchAttributeKey('Connector', 'KEYWORD'),
  syncMode: defineSearchAttributeKey('SyncMode', 'KEYWORD'),
  syncStatus: defineSearchAttributeKey('SyncStatus', 'KEYWORD'),
  syncedBy: defineSearchAttributeKey('SyncedBy', 'KEYWORD'),
  changes: defineSearchAttributeKey('Changes', 'INT'),
} as const;

/** Temporal's own: when a schedule wanted the workflow, which may be before it could start it. */
export const scheduledStartTime = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/** Temporal's priority keys: the lower, the sooner. */
export const priorityKeys: Record<Priority, number> = { high: 1, normal: 3, low: 5 };

/** A start failed since the id is taken by a workflow that is still open. */
export const isAlreadyStarted = (error: unknown): boolean => error instanceof WorkflowExecutionAlreadyStartedError;
