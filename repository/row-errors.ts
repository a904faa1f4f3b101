import type { RowError } from '../domain/sync.ts';
import { row, rows, type Queryable } from './database.ts';

export async function clearErrors(db: Queryable, sync: number): Promise<void> {
  await db.raw('delete from syncline.sync_error where sync = ?', [sync]);
}

/** SQL for the place of an error in its source. A source without lines has positions only. */
export const placeOfError = `case when position is null then line end as line, coalesce(position, 'line ' || line) as position`;

/** Of a sync that is still being prepared: an attempt that hung until the sync went on adds none. */
export async function addWarning(
  db: Queryable,
  sync: number,
  warning: Pick<RowError, 'entityType' | 'table' | 'column' | 'code' | 'message'>,
): Promise<void> {
  await db.raw(
    `insert into syncline.sync_error (sync, entity_type, source_table, column_name, code, message, effect)
     select s.no, ?, ?, ?, ?, ?, 'warning' from syncline.sync s where s.no = ? and s.digest is null and s.ended_at is null`,
    [warning.entityType, warning.table, warning.column, warning.code, warning.message, sync],
  );
}

/** The errors of a sync in pages, in the order they were recorded. */
export async function* eachError(db: Queryable, sync: number): AsyncGenerator<(RowError & { seq: number })[]> {
  let after = 0;
  for (;;) {
    const page = await rows<RowError & { seq: number }>(
      db,
      `select seq, entity_type as "entityType", source_table as "table", ${placeOfError}, column_name as "column", property, key, value, code,
         message, effect
       from syncline.sync_error where sync = ? and seq > ? order by seq limit 5000`,
      [sync, after],
    );
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)?.seq ?? after;
  }
}

/** Whether a sync was warned of something, of other codes than these. */
export async function hasWarnings(db: Queryable, no: number, but: string[]): Promise<boolean> {
  const found = await row(
    db,
    `select 1 from syncline.sync_error where sync = ? and effect = 'warning' and code <> all(?) limit 1`,
    [no, but],
  );
  return found !== undefined;
}
