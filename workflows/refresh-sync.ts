import {
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { SyncStatus, Task } from '../domain/sync.ts';
import { refresh, settle } from './activity-groups.ts';
import { startSyncChild } from './child-sync.ts';
import { describeStanding } from './details.ts';
import type { RefreshInput } from './messages.ts';
import { isAlreadyStarted, ownerIn, searchAttributes } from './names.ts';
import { readSource } from './read-source.ts';
import { toFailure } from './sync-failure.ts';

/**
 * Reads and prepares again what a held sync had read. If this fails, the held sync stands. Then the held sync ends, and the
 * new sync goes on in a workflow of its own, as every other sync does, with what is prepared.
 */
export async function refreshSync(input: RefreshInput): Promise<{ status: SyncStatus }> {
  const { syncId } = input;
  const show = (status: SyncStatus, phase: Task | null) => {
    setCurrentDetails(describeStanding(input, { status, phase, digest: null, notes: [] }));
  };
  const end = (status: SyncStatus): { status: SyncStatus } => {
    upsertSearchAttributes([{ key: searchAttributes.syncStatus, value: status }]);
    show(status, null);
    return { status };
  };
  try {
    const plan = await settle.beginSync(syncId);
    upsertSearchAttributes([{ key: searchAttributes.syncStatus, value: 'running' }]);
    await readSource(syncId, plan, (phase) => {
      show('running', phase);
    });
    // a held sync that has ended must have its successor
    return await CancellationScope.nonCancellable(async () => {
      if (!(await refresh.supersedeHeld(syncId)) || !(await takePlace(input)))
        return end(await settle.finishSync(syncId, 'skipped', null));
      return end('running');
    });
  } catch (error) {
    const cancelled = isCancellation(error);
    const failure = cancelled ? null : toFailure(error);
    end(
      await CancellationScope.nonCancellable(() =>
        settle.finishSync(syncId, cancelled ? 'cancelled' : 'failed', failure),
      ),
    );
    if (failure === null) throw error;
    throw ApplicationFailure.create({ message: failure.message, type: failure.code, nonRetryable: true });
  }
}

/** Seconds that the workflow of the held sync has to end, after the sync has ended in the tables: its worker may have died. */
const farewell = 60;

/** @returns whether the new sync has the place of the held one; not if another sync has begun meanwhile */
async function takePlace({ workflowId, trigger, priority, syncedBy, ...sync }: RefreshInput): Promise<boolean> {
  const installation = ownerIn(workflowInfo().memo);
  for (let second = 0; second < farewell; second++) {
    try {
      const child = await startSyncChild(workflowId, {
        ...{ input: sync, installation, trigger, priority, syncedBy },
        status: 'running',
      });
      await refresh.handOver(sync.syncId, workflowId, child.firstExecutionRunId);
      return true;
    } catch (error) {
      if (!isAlreadyStarted(error)) throw error;
      if (await refresh.tellPlaceTaken(sync.syncId, workflowId)) return false;
      // the held sync has ended in the tables, and its workflow is about to end
      await sleep('1 second');
    }
  }
  return false;
}
