import type { SyncScope } from '../domain/sync.ts';
import type { Queryable } from './database.ts';

/**
 * A task on its own takes over the data that an earlier sync read: the time when reading began, which decides what is newer,
 * and the scope. A repeat changes nothing.
 */
export async function adoptExport(db: Queryable, no: number, from: string, scope?: SyncScope | null): Promise<void> {
  await db.raw(
    `update syncline.sync s set export_started_at = e.export_started_at,
       scope = coalesce(s.scope, ${scope === undefined ? 'e.scope' : '?::jsonb'})
     from syncline.sync e where s.no = ? and e.id = ? and s.digest is null and s.ended_at is null`,
    [...(scope === undefined ? [] : [scope === null ? null : JSON.stringify(scope)]), no, from],
  );
}

/** The errors of the sync that prepared are also those of the one that takes its preparation. */
export async function adoptErrors(tx: Queryable, no: number, from: number): Promise<void> {
  const columns = 'entity_type, source_table, line, position, column_name, property, key, value, code, message, effect';
  await tx.raw('delete from syncline.sync_error where sync = ?', [no]);
  await tx.raw(
    `insert into syncline.sync_error (sync, ${columns}) select ?, ${columns} from syncline.sync_error where sync = ? order by seq`,
    [no, from],
  );
}
