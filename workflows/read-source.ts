import { ApplicationFailure } from '@temporalio/workflow';
import type { SyncPlan } from '../activities/begin.ts';
import type { ModeReason } from '../domain/mode-reason.ts';
import type { Task } from '../domain/sync.ts';
import { exportOn, prepare, settle } from './activity-groups.ts';
import { inTurn } from './in-turn.ts';
import { exportApart } from './read-apart.ts';

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
  for (const { name, taskQueue, apart } of connections) {
    const exported = apart
      ? await exportApart(syncId, { name, taskQueue })
      : await inTurn(() => exportOn(taskQueue).exportConnection(syncId, name));
    if ('refused' in exported) return exported;
    attempts.push({ connection: name, ...exported });
  }
  return attempts;
}
