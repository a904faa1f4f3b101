import { speaks } from '../domain/spoken-for.ts';
import type { SyncFailure, SyncStatus } from '../domain/sync.ts';
import type { Database } from './database.ts';
import { noteSynced } from './entity-type-syncs.ts';
import { settleErrors } from './open-errors.ts';
import { changeStatus, updateSync, type SyncRow } from './syncs.ts';

/**
 * Ends a sync, and settles in the same transaction what is wrong from now on and what no longer is.
 * @returns false where it had ended already: then nothing changes
 */
export async function endSync(
  db: Database,
  sync: SyncRow,
  status: SyncStatus,
  failure: SyncFailure | null,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await changeStatus(tx, sync.no, status))) return false;
    if (failure) await updateSync(tx, sync.no, { error: failure });
    await settleErrors(tx, sync, { status, failure });
    if (speaks(sync)) await noteSynced(tx, sync);
    return true;
  });
}
