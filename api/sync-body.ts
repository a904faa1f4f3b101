import { outcomeOf } from '../domain/outcome.ts';
import { taskResults } from '../domain/task-results.ts';
import { ownerName } from '../domain/provisioning/target.ts';
import { kindOf } from '../domain/sync-kind.ts';
import type { Queryable } from '../repository/database.ts';
import { viewSync, type SyncView } from '../repository/sync-views.ts';
import { mayOf } from './may.ts';
import { notFound } from './problems.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws Problem if there is no such sync */
export async function requireSync(db: Queryable, id: string): Promise<SyncView> {
  const sync = uuid.test(id) ? await viewSync(db, id) : undefined;
  if (!sync) throw notFound('There is no sync with this id. GET /v1/syncs lists them.');
  return sync;
}

/**
 * The sync as the contract has it.
 * @param changed numbers of held syncs whose configuration has changed, see `withChangedConfiguration`
 */
export function syncBody(
  { no, taskTimes, changeCount, fates, ...sync }: SyncView,
  changed: ReadonlySet<number> = new Set(),
) {
  return {
    ...sync,
    connector: ownerName(sync.connector),
    kind: kindOf(sync),
    outcome: outcomeOf({ ...sync, changeCount, fates }),
    taskResults: taskResults(sync, taskTimes),
    may: mayOf(sync, changed.has(no)),
    self: `/v1/syncs/${sync.id}`,
  };
}
