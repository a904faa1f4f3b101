import {
  TypedSearchAttributes,
  WorkflowExecutionAlreadyStartedError,
  defineSearchAttributeKey,
} from '@temporalio/common';
import type { Priority } from '../domain/sync.ts';

/**
 * Task queues: workflows and decisions; network reads; mapping and comparing; applying, which must not wait for long
 * comparisons of others. A connection may name one of its own for its reads.
 */
export const taskQueues = { sync: 'sync', export: 'export', prepare: 'prepare', apply: 'apply' } as const;

/** One whole sync a connector at a time: Temporal itself guarantees it through this id. */
export const syncWorkflowId = (connector: string) => `sync:${connector}`;
/** Syncs limited to keys: any number at once. */
export const itemsWorkflowId = (connector: string, syncId: string) => `sync-items:${connector}:${syncId}`;
export const inspectWorkflowId = (uuid: string) => `inspect:${uuid}`;
/** A schedule has the id of its executions, to which Temporal adds the time: `job:complete-2026-01-31T02:00:00Z`. */
export const jobScheduleId = (job: string) => `job:${job}`;
export const jobNameOf = (scheduleId: string) =>
  scheduleId.startsWith('job:') ? scheduleId.slice('job:'.length) : undefined;
export const jobRunWorkflowId = (job: string, executionId: string) => `job:${job}-${executionId}`;
export const reconcileWorkflowId = 'reconcile';
export const cleanUpWorkflowId = 'clean-up';
export const pollWorkflowId = (connector: string, connection: string) => `poll:${connector}:${connection}`;

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

/** How the poll of a connection is started. */
export const pollStart = (connector: string, connection: string) => ({
  workflowId: pollWorkflowId(connector, connection),
  taskQueue: taskQueues.sync,
  args: [{ connector, connection }] as [{ connector: string; connection: string }],
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
  memo: { connector, connection },
  staticSummary: `Polls the connection ${connection} of ${connector}`,
  typedSearchAttributes: new TypedSearchAttributes([{ key: searchAttributes.connector, value: connector }]),
});
