import { row, touched, type Database } from './database.ts';

/** Seconds after which a turn that is not renewed is free again: its worker was killed or hangs. */
const turnSeconds = 30;
/** A sync that waits asks again within a minute. After so many more seconds without a request it loses its place. */
const waiterSeconds = 120;

export interface TurnRequest {
  key: string;
  sync: number;
  connection: string;
  /** The attempt that asks. */
  holder: string;
  rank: number;
  /** How many may read at once. */
  concurrent: number;
}

export type Turn = { granted: true } | { granted: false; waitedSeconds: number; ahead: number };

/**
 * Asks for a turn at a limited source. A turn is granted if a place is free and no other sync waits ahead. A sync that has
 * a turn keeps it, whichever attempt asks. A turn that is not `renewed` lasts until it is given back, or the sync has ended. A
 * sync that is refused is in the queue from then on. Requests for one key run one at a time, so that two never take the last
 * place.
 */
export async function takeTurn(db: Database, request: TurnRequest & { renewed?: boolean }): Promise<Turn> {
  const { key, sync, connection, holder, rank, concurrent, renewed = true } = request;
  const asked = await db.transaction(async (tx) => {
    await tx.raw(`select pg_advisory_xact_lock(hashtextextended('syncline source turn ' || ?, 0))`, [key]);
    await tx.raw(
      `delete from syncline.source_turn t where t.key = ? and (t.expires_at < clock_timestamp()
         or exists (select from syncline.sync s where s.no = t.sync and s.ended_at is not null))`,
      [key],
    );
    return row<{ reading: boolean; waited: number; ahead: number }>(
      tx,
      `with wish as (
         select ?::text as key, ?::bigint as sync, ?::text as connection, ?::text as holder, ?::smallint as rank, ?::int as concurrent
       ), mine as (
         select w.*, coalesce(t.asked_at, clock_timestamp()) as asked_at, coalesce(t.reading, false) as reading
         from wish w left join syncline.source_turn t using (key, sync, connection)
       ), others as (
         select count(*) filter (where t.reading)::int as reading,
           count(*) filter (where not t.reading and (t.rank, t.asked_at) < (m.rank, m.asked_at))::int as ahead
         from mine m left join syncline.source_turn t on t.key = m.key and (t.sync, t.connection) <> (m.sync, m.connection)
       )
       insert into syncline.source_turn as t (key, sync, connection, holder, rank, asked_at, reading, expires_at)
       select m.key, m.sync, m.connection, m.holder, m.rank, m.asked_at, g.granted,
         case when g.granted and not ?::boolean then 'infinity'
           else clock_timestamp() + make_interval(secs => case when g.granted then ?::int else ?::int end) end
       from mine m, others o, lateral (select m.reading or o.reading + o.ahead < m.concurrent as granted) g
       on conflict (key, sync, connection) do update
         set holder = excluded.holder, rank = excluded.rank, reading = excluded.reading, expires_at = excluded.expires_at
       returning t.reading, extract(epoch from clock_timestamp() - t.asked_at)::float as waited,
         (select ahead from others) as ahead`,
      [key, sync, connection, holder, rank, concurrent, renewed, turnSeconds, waiterSeconds],
    );
  });
  if (!asked) throw new Error('the turn was neither granted nor refused');
  return asked.reading ? { granted: true } : { granted: false, waitedSeconds: asked.waited, ahead: asked.ahead };
}

/** @returns false if the attempt no longer has the turn: it hung, and another one may be reading */
export async function renewTurn(db: Database, turn: TurnRequest): Promise<boolean> {
  const renewed = await touched(
    db,
    `update syncline.source_turn set expires_at = clock_timestamp() + make_interval(secs => ?)
     where key = ? and sync = ? and connection = ? and holder = ? and reading and expires_at > clock_timestamp()`,
    [turnSeconds, turn.key, turn.sync, turn.connection, turn.holder],
  );
  return renewed === 1;
}

/** Gives a turn back. A turn that another attempt has taken over stays. */
export async function giveTurnBack(db: Database, turn: TurnRequest): Promise<void> {
  await db.raw('delete from syncline.source_turn where key = ? and sync = ? and connection = ? and holder = ?', [
    turn.key,
    turn.sync,
    turn.connection,
    turn.holder,
  ]);
}
