import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  WorkflowIdReusePolicy,
  condition,
  isCancellation,
  proxyActivities,
  setHandler,
  sleep,
  startChild,
  uuid4,
  workflowInfo,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { SyncWish } from '../activities/request-sync.ts';
import { syncIdAt } from '../domain/sync-id.ts';
import { tasks, type Priority, type SyncStatus, type Trigger } from '../domain/sync.ts';
import { syncHeldSignal, type SyncInput } from './messages.ts';
import { isAlreadyStarted, priorityKeys, searchAttributes } from './names.ts';
import { names } from './own-names.ts';
import type { syncConnector } from './sync-connector.ts';

const { requestSync, skipSync } = proxyActivities<Activities>({
  taskQueue: names.taskQueues.sync,
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  summary: 'Record the sync',
});

/** How often a start is tried while the id is taken by a workflow whose sync has ended. */
const attempts = 10;

/** The result of a sync that a workflow started: it ended, is held, or could not start. */
export type ChildOutcome =
  | { syncId: string; status: Exclude<SyncStatus, 'queued' | 'running' | 'skipped'> }
  | { syncId: string; status: 'skipped'; met: { syncId: string; status: SyncStatus } | null }
  | { syncId: null; status: 'skipped'; refused: 'no-connector' | 'no-revision' };

/** A sync that a workflow wants, and the UUID of its installation if an activity has returned it. */
export type ChildWish = Omit<SyncWish, 'syncId' | 'workflowId'> & { installation: string | undefined };

/** A sync that is recorded, and how Temporal shows it. */
export interface RecordedSync {
  input: SyncInput;
  installation: string | undefined;
  trigger: Trigger;
  priority: Priority;
  status: SyncStatus;
  syncedBy: string;
}

/** Starts the workflow of a recorded sync. It outlives the workflow that started it. */
export const startSyncChild = (
  workflowId: string,
  { input, installation, trigger, priority, status, syncedBy }: RecordedSync,
): Promise<ChildWorkflowHandle<typeof syncConnector>> =>
  startChild<typeof syncConnector>('syncConnector', {
    workflowId,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    parentClosePolicy: ParentClosePolicy.ABANDON,
    // a sync may be held, so it is not cancelled with this workflow
    cancellationType: ChildWorkflowCancellationType.ABANDON,
    taskQueue: names.taskQueues.sync,
    args: [input],
    memo: {
      ...(installation === undefined ? {} : { installation }),
      syncId: input.syncId,
      connector: input.connector,
      trigger,
    },
    staticSummary: `${input.mode} sync of ${input.connector}`,
    priority: { priorityKey: priorityKeys[priority], fairnessKey: input.connector },
    typedSearchAttributes: [
      { key: searchAttributes.connector, value: input.connector },
      { key: searchAttributes.syncMode, value: input.mode },
      { key: searchAttributes.syncStatus, value: status },
      { key: searchAttributes.syncedBy, value: syncedBy },
    ],
  });

/**
 * Starts whole syncs from a workflow. Made once, before the workflow's first await: it hears which syncs are held.
 * The syncs outlive the workflow that started them.
 */
export function childSyncs(): (wish: ChildWish) => Promise<ChildOutcome> {
  const held = new Set<string>();
  setHandler(syncHeldSignal, ({ syncId }) => {
    held.add(syncId);
  });
  return async ({ installation, ...wish }) => {
    const { connector, mode, trigger } = wish;
    const syncId = syncIdAt(Date.now(), uuid4());
    const workflowId = names.syncWorkflowId(connector);
    const refused = await requestSync({ ...wish, syncId, workflowId });
    if (refused) return { syncId: null, status: 'skipped', refused };
    const { workflowId: ownId, runId } = workflowInfo();
    for (let attempt = 1; ; attempt++) {
      try {
        // a recorded sync is started or marked as skipped, also if this workflow is cancelled meanwhile
        const child = await CancellationScope.nonCancellable(() =>
          startSyncChild(workflowId, {
            input: { syncId, connector, mode, tasks: [...tasks], dryRun: false, parent: { workflowId: ownId, runId } },
            installation,
            trigger,
            priority: wish.priority,
            status: 'queued',
            syncedBy: wish.syncedBy ?? 'system',
          }),
        );
        let ended: SyncStatus | undefined;
        const watching = child.result().then(
          ({ status }) => (ended = status),
          (error: unknown) => (ended = isCancellation(error) ? 'cancelled' : 'failed'),
        );
        await Promise.race([watching, condition(() => held.has(syncId))]);
        return { syncId, status: (ended ?? 'held') as Exclude<SyncStatus, 'queued' | 'running' | 'skipped'> };
      } catch (error) {
        if (!isAlreadyStarted(error)) throw error;
        const skipped = await CancellationScope.nonCancellable(() =>
          skipSync(syncId, workflowId, attempt === attempts),
        );
        if (skipped) return { syncId, status: 'skipped', met: skipped.met };
        // the other sync has ended in the tables, and its workflow is about to end
        await sleep('1 second');
      }
    }
  };
}
