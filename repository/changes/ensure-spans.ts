import type { Database } from '../database.ts';
import { countCells, hasSpans, storeSpans } from './spans.ts';

/** Counts the rows of a large change set for its lists, unless that was done. Requests at the same moment wait for one. */
export async function ensureSpans(db: Database, sync: number): Promise<void> {
  if (await hasSpans(db, sync)) return;
  await db.transaction(async (tx) => {
    await tx.raw('select pg_advisory_xact_lock(hashtext(?), ?)', ['syncline-change-spans', sync % 2_147_483_647]);
    if (await hasSpans(tx, sync)) return;
    for (const cell of await countCells(tx, sync)) await storeSpans(tx, sync, cell);
  });
}
