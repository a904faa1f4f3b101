import { storeLooks } from '../repository/checkpoint.ts';
import type { Queryable } from '../repository/database.ts';
import { logSync } from '../repository/sync-log.ts';
import { tellProgress, type SyncRow } from '../repository/syncs.ts';
import type { Report } from './reading/report.ts';

/** What a read of a connection tells, written to Postgres. */
export const reportTo = (db: Queryable, sync: Pick<SyncRow, 'no' | 'connector'>, connection: string): Report => ({
  rows: (count) => tellProgress(db, sync.no, 'rowsExported', count),
  line: (level, message) => logSync(db, sync.no, 'export', level, message),
  looks: (table, looks) => storeLooks(db, sync.connector, { connection, table }, looks),
});
