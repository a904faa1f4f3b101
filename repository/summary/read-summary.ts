import type { SummaryBody } from '../../domain/summary/body.ts';
import { allowWork, row, type Database, type Queryable } from '../database.ts';
import { makeSummary } from './make-summary.ts';

async function storedSummary(db: Queryable, sync: number): Promise<SummaryBody | undefined> {
  const found = await row<{ body: SummaryBody }>(db, 'select body from syncline.summary where sync = ?', [sync]);
  return found?.body;
}

/**
 * The summary of a change set. A held sync and a large change set have it; that of another one is made by the first who asks, and others who ask at
 * the same moment wait for it.
 * @param sync a sync that has a digest and whose changes are kept
 */
export async function readSummary(db: Database, sync: number): Promise<SummaryBody> {
  const stored = await storedSummary(db, sync);
  if (stored) return stored;
  return db.transaction(async (tx) => {
    await tx.raw('select pg_advisory_xact_lock(hashtext(?), ?)', ['syncline-summary', sync % 2_147_483_647]);
    if (!(await storedSummary(tx, sync))) {
      await allowWork(tx);
      await makeSummary(tx, sync);
    }
    const made = await storedSummary(tx, sync);
    if (!made) throw new Error('the summary was not stored');
    return made;
  });
}
