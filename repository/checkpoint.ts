import { row, rows, type Queryable } from './database.ts';
import type { Preparation } from './syncs.ts';
import type { TakenFile } from './taken-file.ts';

/** What the last fully applied complete sync read: equal files under equal conditions mean that nothing changed. */
export interface UnchangedBase {
  sync: number;
  revision: number;
  version: string;
  tables: { connection: string; table: string; files: { name: string; sha256: string; bytes: number }[] }[];
}

export async function findUnchangedBase(
  db: Queryable,
  connector: number,
  revision: number,
  version: string,
): Promise<UnchangedBase | undefined> {
  const found = await row<{ base: UnchangedBase | null }>(
    db,
    'select unchanged_base as base from syncline.connector where id = ?',
    [connector],
  );
  const base = found?.base;
  return base?.revision === revision && base.version === version ? base : undefined;
}

/** Whether the last fully applied complete sync is still this one, and nothing has written since. */
export async function isUnchangedBase(db: Queryable, connector: number, sync: number): Promise<boolean> {
  const found = await row(
    db,
    `select 1 from syncline.connector where id = ? and (unchanged_base ->> 'sync')::bigint = ?`,
    [connector, sync],
  );
  return found !== undefined;
}

/**
 * Stores how far the sources have been taken, in the transaction that applied it: for each table on its own.
 * @param covers whether every entity type and link property that reads the table was compared as a whole
 */
export async function storeCheckpoints(
  tx: Queryable,
  sync: { no: number; connector: number },
  preparation: Preparation,
  covers: (connection: string, table: string) => boolean,
): Promise<void> {
  for (const table of preparation.tables) {
    const whole = covers(table.connection, table.table);
    if (preparation.mode === 'incremental') {
      // a file that may have been cut short is taken once it is whole
      if (whole)
        await take(
          tx,
          sync,
          table,
          table.files.filter(({ cut }) => !cut),
        );
      continue;
    }
    if (whole)
      await tx.raw(
        `insert into syncline.source_columns (connector, connection, source_table, columns) values (?, ?, ?, ?)
         on conflict (connector, connection, source_table) do update set columns = excluded.columns`,
        [sync.connector, table.connection, table.table, table.columns],
      );
    // what lay there before the read began is older than what was read
    if (whole && table.certified) await take(tx, sync, table, table.noted ?? []);
    else
      await tx.raw(
        `insert into syncline.delta_noted (sync, connection, source_table, name, sha256)
         select ?, ?, ?, name, sha256 from jsonb_to_recordset(?::jsonb) f(name text, sha256 text)
         on conflict do nothing`,
        [sync.no, table.connection, table.table, JSON.stringify(table.noted ?? [])],
      );
  }
  if (preparation.mode === 'complete' && preparation.scope === null)
    await tx.raw('update syncline.connector set first_complete_sync = coalesce(first_complete_sync, ?) where id = ?', [
      sync.no,
      sync.connector,
    ]);
}

async function take(
  tx: Queryable,
  sync: { no: number; connector: number },
  { connection, table }: { connection: string; table: string },
  files: readonly TakenFile[],
): Promise<void> {
  await tx.raw(
    `insert into syncline.delta_taken (connector, connection, source_table, name, sha256, bytes, cut, sync)
     select ?, ?, ?, name, sha256, bytes, coalesce(cut, false), ?
     from jsonb_to_recordset(?::jsonb) f(name text, sha256 text, bytes bigint, cut boolean)
     on conflict (connector, connection, source_table, name) do update
       set sha256 = excluded.sha256, bytes = excluded.bytes, cut = excluded.cut, sync = excluded.sync, taken_at = now()`,
    [sync.connector, connection, table, sync.no, JSON.stringify(files)],
  );
}

/**
 * Records that a sync wrote. The connectors concerned count the write, and can no longer skip a sync because their files are
 * the same.
 */
export async function countWrite(
  tx: Queryable,
  connector: number,
  sharing: readonly number[],
  base: UnchangedBase | null,
): Promise<void> {
  await tx.raw('update syncline.connector set writes = writes + 1, unchanged_base = null where id = any(?)', [
    [...sharing],
  ]);
  await setUnchangedBase(tx, connector, base);
}

export async function setUnchangedBase(tx: Queryable, connector: number, base: UnchangedBase | null): Promise<void> {
  await tx.raw('update syncline.connector set unchanged_base = ?::jsonb where id = ?', [
    base === null ? null : JSON.stringify(base),
    connector,
  ]);
}

/** The delta files of a table that applied syncs have taken, by name. */
export async function takenDeltas(
  db: Queryable,
  connector: number,
  connection: string,
  table: string,
): Promise<Map<string, TakenFile>> {
  const found = await rows<TakenFile>(
    db,
    `select name, sha256, bytes, cut from syncline.delta_taken
     where connector = ? and connection = ? and source_table in ('', ?) order by source_table`,
    [connector, connection, table],
  );
  return new Map(found.map((file) => [file.name, file]));
}

/** Columns of a table as the last applied complete sync read them. */
export async function lastColumns(
  db: Queryable,
  connector: number,
  connection: string,
  table: string,
): Promise<string[] | undefined> {
  const found = await row<{ columns: string[] }>(
    db,
    'select columns from syncline.source_columns where connector = ? and connection = ? and source_table = ?',
    [connector, connection, table],
  );
  return found?.columns;
}

/**
 * Whether a limited incremental sync has been applied since the last one over everything: it took rows of delta files that
 * the next one over everything, which marks the files as taken, reads again.
 */
export async function hasLimitedWrites(db: Queryable, connector: number): Promise<boolean> {
  const found = await row(
    db,
    `select 1 from syncline.sync where connector = ? and applied and mode = 'incremental' and scope is not null
       and change_count > 0 and no > coalesce((
         select max(no) from syncline.sync where connector = ? and applied and mode = 'incremental' and scope is null), 0)
     limit 1`,
    [connector, connector],
  );
  return found !== undefined;
}
