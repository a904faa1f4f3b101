import { taskResults } from '../domain/task-results.ts';
import type { Queryable } from '../repository/database.ts';
import { viewSync, type SyncView } from '../repository/sync-views.ts';
import { notFound } from './problems.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws Problem if there is no such sync */
export async function requireSync(db: Queryable, id: string): Promise<SyncView> {
  const sync = uuid.test(id) ? await viewSync(db, id) : undefined;
  if (!sync) throw notFound('There is no sync with this id. GET /v1/syncs lists them.');
  return sync;
}

/** The sync as the contract has it. */
export function syncBody({ no: _no, taskTimes, ...sync }: SyncView) {
  return { ...sync, taskResults: taskResults(sync, taskTimes), self: `/v1/syncs/${sync.id}` };
}
