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

/**
 * Whether a sync lists an error that keeps something stored as it was: of a row whose key could be read, or of a value that is
 * ambiguous. A link that dangles, and a row without a readable key, keep nothing that another row has.
 */
export async function hasKeepingErrors(db: Queryable, no: number): Promise<boolean> {
  const found = await row(
    db,
    `select 1 from syncline.sync_error
     where sync = ? and effect <> 'warning' and code <> 'dangling-link' and key is not null limit 1`,
    [no],
  );
  return found !== undefined;
}

/**
 * The lines that the errors of a sync name, by table; two tables of one name in different connections share theirs. Undefined if an
 * error of a row or link names no line.
 */
export async function listedLines(db: Queryable, sync: number): Promise<Map<string, number[]> | undefined> {
  const found = await rows<{ table: string; lines: (number | null)[] }>(
    db,
    `select source_table as "table", array_agg(distinct line order by line) as lines
     from syncline.sync_error where sync = ? and effect <> 'warning' group by source_table`,
    [sync],
  );
  const lines = new Map<string, number[]>();
  for (const each of found) {
    const known = each.lines.filter((line) => line !== null);
    if (known.length < each.lines.length) return undefined;
    lines.set(each.table, known.map(Number));
  }
  return lines;
}

/**
 * Lists for a sync the errors and warnings of an earlier one over the same files, but for those of what was new then: a column, or
 * a link that closes a cycle.
 * @returns how many rows and links are rejected
 */
export async function repeatErrors(tx: Queryable, sync: number, earlier: number): Promise<number> {
  const columns = 'entity_type, source_table, line, position, column_name, property, key, value, code, message, effect';
  const found = await row<{ n: number }>(
    tx,
    `with listed as (
       insert into syncline.sync_error (sync, ${columns}) select ?, ${columns} from syncline.sync_error
       where sync = ? and code not in ('schema-drift', 'cycle') order by seq returning effect
     ) select count(*) filter (where effect <> 'warning')::int as n from listed`,
    [sync, earlier],
  );
  return found?.n ?? 0;
}
