import type { Database, Queryable } from '../repository/database.ts';
import { lockFarExport, storeFarTold, type FarExport } from '../repository/far-exports.ts';
import { findSyncByNumber } from '../repository/syncs.ts';
import { attemptOf, type FarEntry } from '../store/exchange.ts';
import type { Dependencies } from './dependencies.ts';
import type { PendingStep } from './pending-step.ts';
import { reportTo } from './report-to-database.ts';
import { tellBusy, tellGoesOn, type Limited } from './source-limits.ts';
import { tellBegunAgain, tellFailed, tellSucceeded } from './tell-attempts.ts';

/** Copies what the attempts of a read have told to Postgres: each entry once, in one transaction with the count of them. */
export async function copyReports({ db, store }: Pick<Dependencies, 'db' | 'store'>, far: FarExport): Promise<void> {
  const found = await store.exchange.readProgress(far);
  const newest = found.at(-1);
  if (!newest) return;
  await db.transaction(async (tx) => {
    const standing = await lockFarExport(tx, far);
    const sync = standing && (await findSyncByNumber(tx, far.sync));
    if (!standing || !sync) return;
    const report = reportTo(tx, sync, far.connection);
    const told = { ...standing.told };
    const before = told[rowsOf(newest.folder)];
    if (newest.progress.rows !== (before ?? 0)) await report.rows(newest.progress.rows);
    told[rowsOf(newest.folder)] = newest.progress.rows;
    for (const { folder, progress } of found) {
      for (const entry of progress.entries.slice(told[folder] ?? 0)) await tell(tx, { ...far, sync }, entry, report);
      told[folder] = progress.entries.length;
    }
    await storeFarTold(tx, far, { ...standing, told });
  });
}

/** A folder never ends like this. */
const rowsOf = (folder: string) => `${folder}/rows`;

async function tell(
  tx: Queryable,
  { sync, connection }: Pick<Limited, 'sync' | 'connection'>,
  entry: FarEntry,
  report: ReturnType<typeof reportTo>,
): Promise<void> {
  switch (entry.kind) {
    case 'line':
      return report.line(entry.level, entry.message);
    case 'looks':
      return report.looks(entry.table, entry.looks);
    case 'busy':
      return tellBusy(tx, sync, connection);
    case 'goes-on':
      return tellGoesOn(tx, sync);
  }
}

/** Tells once of each attempt how the one before it ended. */
export async function copyAttempt(db: Database, far: FarExport, { attempt, failed }: PendingStep): Promise<void> {
  await db.transaction(async (tx) => {
    const standing = await lockFarExport(tx, far);
    if (!standing || attempt < 2 || standing.attemptsTold >= attempt - 1) return;
    if (failed) await tellFailed(tx, far.syncId, { attempt: attempt - 1, ...failed });
    else await tellBegunAgain(tx, far.syncId, attempt);
    await storeFarTold(tx, far, { ...standing, attemptsTold: attempt - 1 });
  });
}

/** Tells that the attempt of a folder has succeeded, if it was not the first. */
export async function copyLastAttempt(db: Database, far: FarExport, folder: string): Promise<void> {
  const attempt = attemptOf(far, folder);
  if (attempt < 2) return;
  await copyAttempt(db, far, { attempt });
  await tellSucceeded(db, far.syncId, attempt);
}
