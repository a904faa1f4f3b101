import { row, rows, touched, type Queryable } from './database.ts';

/** Seconds for which a worker watches an export unless it renews. */
const watchSeconds = 10;

/** An export that a worker without a database reads. */
export interface FarExport {
  sync: number;
  syncId: string;
  connector: string;
  connection: string;
  /** Folders of its attempts begin with it. */
  attempt: string;
}

export interface FarTold {
  /** By folder: how many entries of its report are told. */
  told: Record<string, number>;
  /** The last attempt whose end is told. */
  attemptsTold: number;
}

/** A later export of the same connection takes the place of an earlier one. */
export async function beginFarExport(
  db: Queryable,
  { sync, connection, attempt }: Pick<FarExport, 'sync' | 'connection' | 'attempt'>,
): Promise<void> {
  await db.raw(
    `insert into syncline.far_export (sync, connection, attempt) values (?, ?, ?)
     on conflict (sync, connection) do update
       set attempt = excluded.attempt, told = '{}', attempts_told = 0, granted = 0, watched_until = '-infinity'`,
    [sync, connection, attempt],
  );
}

/** The open exports that this worker watches from now on: those that it watches already, and those that nobody does. */
export async function claimFarExports(db: Queryable, watcher: string): Promise<FarExport[]> {
  return rows(
    db,
    `with gone as (
       delete from syncline.far_export f using syncline.sync s where s.no = f.sync and s.ended_at is not null
     )
     update syncline.far_export f set watcher = ?, watched_until = clock_timestamp() + make_interval(secs => ?)
     from syncline.sync s join syncline.connector c on c.id = s.connector
     where s.no = f.sync and s.ended_at is null and (f.watcher = ? or f.watched_until < clock_timestamp())
     returning f.sync, s.id as "syncId", c.name as connector, f.connection, f.attempt`,
    [watcher, watchSeconds, watcher],
  );
}

/** What is told of an export, for one transaction alone; undefined if the export is over, or another has taken its place. */
export function lockFarExport(
  tx: Queryable,
  { sync, connection, attempt }: Pick<FarExport, 'sync' | 'connection' | 'attempt'>,
): Promise<FarTold | undefined> {
  return row(
    tx,
    `select told, attempts_told as "attemptsTold" from syncline.far_export
     where sync = ? and connection = ? and attempt = ? for update`,
    [sync, connection, attempt],
  );
}

export async function storeFarTold(
  tx: Queryable,
  { sync, connection }: Pick<FarExport, 'sync' | 'connection'>,
  { told, attemptsTold }: FarTold,
): Promise<void> {
  await tx.raw('update syncline.far_export set told = ?::jsonb, attempts_told = ? where sync = ? and connection = ?', [
    JSON.stringify(told),
    attemptsTold,
    sync,
    connection,
  ]);
}

/** How many places for requests are lent; undefined if the export is over. */
export async function lentPlaces(
  db: Queryable,
  { sync, connection, attempt }: Pick<FarExport, 'sync' | 'connection' | 'attempt'>,
): Promise<number | undefined> {
  const found = await row<{ granted: number }>(
    db,
    'select granted from syncline.far_export where sync = ? and connection = ? and attempt = ?',
    [sync, connection, attempt],
  );
  return found?.granted;
}

/** @returns false if the export is over */
export async function lendPlaces(
  db: Queryable,
  { sync, connection, attempt }: Pick<FarExport, 'sync' | 'connection' | 'attempt'>,
  granted: number,
): Promise<boolean> {
  const lent = await touched(
    db,
    `update syncline.far_export set granted = greatest(granted, ?)
     where sync = ? and connection = ? and attempt = ?`,
    [granted, sync, connection, attempt],
  );
  return lent === 1;
}

export async function endFarExport(
  tx: Queryable,
  { sync, connection, attempt }: Pick<FarExport, 'sync' | 'connection' | 'attempt'>,
): Promise<void> {
  await tx.raw('delete from syncline.far_export where sync = ? and connection = ? and attempt = ?', [
    sync,
    connection,
    attempt,
  ]);
}
