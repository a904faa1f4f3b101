import type { Breaker, BreakerState } from '../domain/breaker.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { row, rows, type Queryable } from './database.ts';

/** A polled connection as people see it. */
export interface BreakerView {
  connector: string;
  connection: string;
  state: BreakerState;
  /** Failures in a row. */
  failures: number;
  /** Open only: when one attempt is let through. */
  retryAt: string | null;
  /** When the next sync begins, or the one that runs should have; null if the connector is deactivated, and at first. */
  nextAt: string | null;
  /** Of the last failure; null once a sync has succeeded after it. */
  lastError: { code: string; message: string; syncId: string } | null;
}

/**
 * The breakers of the connections that the files in use say are polled, those of deactivated connectors included, by name.
 * @param connector id; all connectors when left out
 */
export function breakersOf(db: Queryable, connector?: number): Promise<BreakerView[]> {
  return rows(
    db,
    `select c.name as connector, polled.name as connection, coalesce(p.state, 'closed') as state,
       coalesce(p.failures, 0) as failures, p.retry_at as "retryAt", case when c.active then p.next_at end as "nextAt",
       p.last_error as "lastError"
     from syncline.connector c
     join syncline.connector_revision r on r.connector = c.id and r.revision = c.active_revision
     cross join lateral jsonb_to_recordset(r.file -> 'connections') as polled (name text, poll jsonb)
     left join syncline.poll p on p.connector = c.id and p.connection = polled.name
     where polled.poll is not null ${connector === undefined ? '' : 'and c.id = ?'}
     order by c.name, polled.name collate "C"`,
    connector === undefined ? [] : [connector],
  );
}

/** The state that a poll continues from. */
export interface PollRow extends Breaker {
  revision: number;
  nextAt: string | null;
}

export function findPoll(db: Queryable, connector: number, connection: string): Promise<PollRow | undefined> {
  return row(
    db,
    `select revision, state, failures, retry_at as "retryAt", complete_next as "completeNext", next_at as "nextAt"
     from syncline.poll where connector = ? and connection = ?`,
    [connector, connection],
  );
}

/** Stores the state of a poll. A repeat writes the same. */
export async function savePoll(
  db: Queryable,
  poll: PollRow & { connector: number; connection: string },
): Promise<void> {
  await db.raw(
    `insert into syncline.poll (connector, connection, revision, state, failures, retry_at, complete_next, next_at)
     values (?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (connector, connection) do update set revision = excluded.revision, state = excluded.state,
       failures = excluded.failures, retry_at = excluded.retry_at, complete_next = excluded.complete_next,
       next_at = excluded.next_at, changed_at = now()`,
    [
      poll.connector,
      poll.connection,
      poll.revision,
      poll.state,
      poll.failures,
      poll.retryAt,
      poll.completeNext,
      poll.nextAt,
    ],
  );
}

/** The result of the last sync of a poll, from its row: the error of a failed sync; a success clears it. */
export async function tellPoll(db: Queryable, connector: number, connection: string, syncId: string): Promise<void> {
  await db.raw(
    `update syncline.poll p set last_sync = s.id,
       last_error = case
         when s.status = 'failed' then jsonb_build_object('syncId', s.id, 'code', coalesce(s.error ->> 'code', 'internal'),
           'message', coalesce(s.error ->> 'message', 'The sync failed.'))
         when s.status not in ('completed', 'completed-with-errors') then p.last_error
       end
     from syncline.sync s where s.id = ? and p.connector = ? and p.connection = ?`,
    [syncId, connector, connection],
  );
}

/** A connection that is no longer polled: nothing of it is kept. */
export async function deletePoll(db: Queryable, connector: number, connection: string): Promise<void> {
  await db.raw('delete from syncline.poll where connector = ? and connection = ?', [connector, connection]);
}

/** The poll stays with its state, and has no next attempt: its connector is deactivated. */
export async function pausePoll(db: Queryable, connector: number, connection: string): Promise<void> {
  await db.raw('update syncline.poll set next_at = null where connector = ? and connection = ?', [
    connector,
    connection,
  ]);
}

/** Connectors in use with a polled connection, with the files that say so and the revisions that their polls follow. */
export function polledConnectors(
  db: Queryable,
): Promise<{ id: number; name: string; revision: number; file: ConnectorFile; followed: Record<string, number> }[]> {
  return rows(
    db,
    `select c.id, c.name, r.revision, r.file,
       coalesce((select jsonb_object_agg(p.connection, p.revision) from syncline.poll p where p.connector = c.id), '{}')
         as followed
     from syncline.connector c
     join syncline.connector_revision r on r.connector = c.id and r.revision = c.active_revision
     where c.active and jsonb_path_exists(r.file, '$.connections[*].poll')
     order by c.name`,
  );
}
