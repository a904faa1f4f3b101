import type { SyncView } from '../repository/sync-views.ts';
import { Problem } from './problems.ts';

/** @throws Problem `no-change-set` if the sync has not compared, or its changes are no longer kept */
export function requireChangeSet(sync: SyncView): SyncView & { digest: string } {
  const { digest, changesRemovedAt } = sync;
  if (digest === null) throw new Problem('no-change-set', `The sync is ${sync.status} and has found no changes yet.`);
  if (changesRemovedAt !== null)
    throw new Problem('no-change-set', `The changes of the sync were removed at ${changesRemovedAt}.`);
  return { ...sync, digest };
}
