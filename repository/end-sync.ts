import { isDerived } from '../domain/sync-kind.ts';
import type { SyncEnd } from '../domain/sync-end.ts';
import { speaks } from '../domain/spoken-for.ts';
import type { Transaction } from './database.ts';
import { forgetTaken, giveBackDue } from './directory/due.ts';
import { endDrafts } from './drafts/drafts.ts';
import { noteSynced } from './entity-type-syncs.ts';
import { settleErrors } from './open-errors.ts';
import { endFindings } from './refusals/end.ts';
import { changeStatus, updateSync, type SyncRow } from './syncs.ts';

/**
 * Ends a sync that has not ended, inside the caller's transaction. The caller holds the lock of the sync's row and has
 * judged the end by this row. The same transaction updates the open errors.
 */
export async function endSync(tx: Transaction, sync: SyncRow, { status, failure }: SyncEnd): Promise<void> {
  if (failure) await updateSync(tx, sync.no, { error: failure });
  if (!(await changeStatus(tx, sync.no, status))) throw new Error('the sync has ended under its own lock');
  await endDrafts(tx, sync.no);
  await settleErrors(tx, sync, { status, failure });
  if (speaks(sync)) await noteSynced(tx, sync);
  await endFindings(tx, sync);
  if (isDerived(sync))
    await (status === 'failed' || status === 'cancelled' ? giveBackDue(tx, sync.no) : forgetTaken(tx, sync.no));
}
