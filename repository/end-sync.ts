import type { SyncEnd } from '../domain/sync-end.ts';
import { speaks } from '../domain/spoken-for.ts';
import type { Transaction } from './database.ts';
import { noteSynced } from './entity-type-syncs.ts';
import { settleErrors } from './open-errors.ts';
import { changeStatus, updateSync, type SyncRow } from './syncs.ts';

/**
 * Ends a sync that has not ended, inside the caller's transaction, which holds the lock of its row and has judged the end
 * by that row; settles in the same transaction what is wrong from now on and what no longer is.
 */
export async function endSync(tx: Transaction, sync: SyncRow, { status, failure }: SyncEnd): Promise<void> {
  if (failure) await updateSync(tx, sync.no, { error: failure });
  if (!(await changeStatus(tx, sync.no, status))) throw new Error('the sync has ended under its own lock');
  await settleErrors(tx, sync, { status, failure });
  if (speaks(sync)) await noteSynced(tx, sync);
}
