import { ApplicationFailure, sleep } from '@temporalio/workflow';
import type { SyncPlan } from '../activities/begin.ts';
import type { NotYet } from '../activities/source-limits.ts';
import type { ModeReason } from '../domain/mode-reason.ts';
import type { Task } from '../domain/sync.ts';
import { exportOn, prepare, settle } from './activity-groups.ts';

/** Reads the connections into the export store and maps the rows, as far as the plan has these tasks. */
export async function readSource(syncId: string, plan: SyncPlan, enter: (phase: Task) => void): Promise<void> {
  if (plan.export) {
    enter('export');
    const read = await exportAll(syncId, plan.connections);
    const attempts =
      'refused' in read ? await exportAll(syncId, await settle.becomeComplete(syncId, read.refused)) : read;
    if ('refused' in attempts) throw ApplicationFailure.nonRetryable(attempts.refused.message, 'internal');
    await settle.recordExport(syncId, attempts);
  }
  if (plan.prepare) {
    enter('prepare');
    await prepare.prepareExport(syncId);
  }
}

/** Reads one connection after the other. Ends with the first that cannot tell what has changed. */
async function exportAll(
  syncId: string,
  connections: SyncPlan['connections'],
): Promise<{ connection: string; attempt: string }[] | { refused: ModeReason }> {
  const attempts = [];
  for (const { name, taskQueue } of connections) {
    const exported = await inTurn(() => exportOn(taskQueue).exportConnection(syncId, name));
    if ('refused' in exported) return exported;
    attempts.push({ connection: name, ...exported });
  }
  return attempts;
}

/** Repeats a step until the limits of its source allow it. Between two attempts it waits without a slot of a worker. */
export async function inTurn<Result>(step: () => Promise<Result | NotYet>): Promise<Result> {
  for (;;) {
    const result = await step();
    if (!isNotYet(result)) return result;
    await sleep(result.waitSeconds * 1000, { summary: 'Until the source may be asked again for a turn' });
  }
}

const isNotYet = (result: unknown): result is NotYet =>
  typeof result === 'object' && result !== null && 'waitSeconds' in result;
