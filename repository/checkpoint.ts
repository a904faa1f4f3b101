import type { Delta, DeltaLook, TakenDelta } from '../domain/delta.ts';
import { row, rows, type Queryable } from './database.ts';
import type { Preparation } from './syncs.ts';

export interface Progress {
  /** Whether every entity type and link property that reads the table was compared as a whole. */
  covers: (connection: string, table: string) => boolean;
  fingerprintOf: (connection: string, table: string) => string;
  /** Whether changes were left for a later sync. */
  deferred: boolean;
}

/** Stores how far the sources have been taken, in the transaction that applied it: for each table on its own. */
export async function storeCheckpoints(
  tx: Queryable,
  sync: { no: number; connector: number },
  preparation: Preparation,
  { covers, fingerprintOf, deferred }: Progress,
): Promise<void> {
  for (const table of preparation.tables) {
    const whole = covers(table.connection, table.table);
    if (whole && table.certified && table.checkpoint && !deferred)
      await keepCheckpoint(tx, sync, table, table.checkpoint, fingerprintOf(table.connection, table.table));
    if (preparation.mode === 'incremental') {
      // a delta that may have been cut short is taken once it is whole
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
    // deltas that existed before the read began are older than the rows that were read
    if (whole && table.certified) await take(tx, sync, table, table.noted ?? []);
    else
      await tx.raw(
        `insert into syncline.delta_noted (sync, connection, source_table, name, sha256, bytes)
         select ?, ?, ?, name, sha256, bytes from jsonb_to_recordset(?::jsonb) f(name text, sha256 text, bytes bigint)
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

/** A read that began earlier than that of the stored checkpoint leaves it. */
async function keepCheckpoint(
  tx: Queryable,
  sync: { no: number; connector: number },
  { connection, table }: { connection: string; table: string },
  { value, name }: { value: string; name: string },
  fingerprint: string,
): Promise<void> {
  await tx.raw(
    `insert into syncline.checkpoint as c (connector, connection, source_table, value, name, fingerprint, read_began_at, sync)
     select s.connector, ?, ?, ?, ?, ?, coalesce(s.export_started_at, s.created_at), s.no
     from syncline.sync s where s.no = ?
     on conflict (connector, connection, source_table) do update
       set value = excluded.value, name = excluded.name, fingerprint = excluded.fingerprint,
         read_began_at = excluded.read_began_at, sync = excluded.sync, stored_at = now()
       where c.read_began_at <= excluded.read_began_at`,
    [connection, table, value, name, fingerprint, sync.no],
  );
}

/** The checkpoint of a table, if it counts for reads with this fingerprint; without one, whatever its fingerprint is. */
export async function findCheckpoint(
  db: Queryable,
  connector: number,
  { connection, table, fingerprint }: { connection: string; table: string; fingerprint?: string },
): Promise<{ value: string; name: string } | undefined> {
  return row(
    db,
    `select value, name from syncline.checkpoint
     where connector = ? and connection = ? and source_table = ? and fingerprint = coalesce(?::text, fingerprint)`,
    [connector, connection, table, fingerprint ?? null],
  );
}

/** The fingerprint of the read that left the checkpoint of a table; undefined if there is none. */
export async function fingerprintOfCheckpoint(
  db: Queryable,
  connector: number,
  { connection, table }: { connection: string; table: string },
): Promise<string | undefined> {
  const found = await row<{ fingerprint: string }>(
    db,
    'select fingerprint from syncline.checkpoint where connector = ? and connection = ? and source_table = ?',
    [connector, connection, table],
  );
  return found?.fingerprint;
}

/** How far the tables of a connector have been read, for people. */
export function listCheckpoints(
  db: Queryable,
  connector: number,
): Promise<{ connection: string; table: string; name: string; storedAt: string; syncId: string | null }[]> {
  return rows(
    db,
    `select c.connection, c.source_table as "table", c.name, c.stored_at as "storedAt", s.id as "syncId"
     from syncline.checkpoint c left join syncline.sync s on s.no = c.sync
     where c.connector = ? order by c.connection collate "C", c.source_table collate "C"`,
    [connector],
  );
}

async function take(
  tx: Queryable,
  sync: { no: number; connector: number },
  { connection, table }: { connection: string; table: string },
  files: readonly Delta[],
): Promise<void> {
  await tx.raw(
    `insert into syncline.delta_taken (connector, connection, source_table, name, sha256, bytes, cut, sync, stamp, stamped_at)
     select ?, ?, ?, name, sha256, bytes, coalesce(cut, false), ?, stamp, clock_timestamp()
     from jsonb_to_recordset(?::jsonb) f(name text, sha256 text, bytes bigint, cut boolean, stamp text)
     on conflict (connector, connection, source_table, name) do update
       set sha256 = excluded.sha256, bytes = excluded.bytes, cut = excluded.cut, sync = excluded.sync, taken_at = now(),
         stamp = excluded.stamp, stamped_at = excluded.stamped_at, stamp_proven = false`,
    [sync.connector, connection, table, sync.no, JSON.stringify(files)],
  );
}

/** The deltas of a table that applied syncs have taken, by name. */
export async function takenDeltas(
  db: Queryable,
  connector: number,
  connection: string,
  table: string,
): Promise<Map<string, TakenDelta>> {
  const found = await rows<TakenDelta>(
    db,
    `select name, sha256, bytes, cut, stamp, stamp_proven as proven,
       coalesce(stamped_at < clock_timestamp() - interval '2 seconds', false) as rested
     from syncline.delta_taken
     where connector = ? and connection = ? and source_table in ('', ?) order by source_table`,
    [connector, connection, table],
  );
  return new Map(found.map((file) => [file.name, file]));
}

/**
 * Stores the stamps of taken deltas that were read again. A delta that another sync has taken with another content meanwhile
 * keeps the stamp of that one.
 */
export async function storeLooks(
  db: Queryable,
  connector: number,
  { connection, table }: { connection: string; table: string },
  looks: readonly DeltaLook[],
): Promise<void> {
  if (looks.length === 0) return;
  await db.raw(
    `update syncline.delta_taken d set stamp = f.stamp, stamp_proven = f.proven,
       stamped_at = case when d.stamp = f.stamp then d.stamped_at else clock_timestamp() end
     from jsonb_to_recordset(?::jsonb) f(name text, sha256 text, stamp text, proven boolean)
     where d.connector = ? and d.connection = ? and d.source_table in ('', ?) and d.name = f.name and d.sha256 = f.sha256`,
    [JSON.stringify(looks), connector, connection, table],
  );
}

/** Deltas, by name, that lay there before an applied complete sync that did not read their table as a whole. */
export async function notedDeltas(
  db: Queryable,
  connector: number,
  connection: string,
  table: string,
): Promise<Map<string, Delta[]>> {
  const found = await rows<Delta>(
    db,
    `select distinct n.name, n.sha256, n.bytes from syncline.sync y join syncline.delta_noted n on n.sync = y.no
     where y.connector = ? and y.applied and n.connection = ? and n.source_table = ? and n.bytes > 0`,
    [connector, connection, table],
  );
  const byName = new Map<string, Delta[]>();
  for (const file of found) byName.set(file.name, [...(byName.get(file.name) ?? []), file]);
  return byName;
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
