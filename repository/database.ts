import knex, { type Knex } from 'knex';
import pg from 'pg';

export type Database = Knex;
export type Transaction = Knex.Transaction;
/** The pool or one transaction, in which a statement runs. */
export type Queryable = Knex | Knex.Transaction;

// Counts and sequence numbers fit a double exactly (below 2^53), so bigint columns come as numbers.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
// Times stay text: Postgres keeps microseconds, a Date would cut them.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, toRfc3339);

/**
 * `2026-01-31 10:00:00.123456+00` → `2026-01-31T10:00:00.123456Z`; sessions run in UTC. Postgres drops the zeros a
 * fraction ends in; three digits stay, so that an instant of whole milliseconds is the same text as from a Date.
 */
export function toRfc3339(text: string): string {
  const [, date, time, fraction = ''] = /^(\S+) ([\d:]+)(?:\.(\d+))?\+00(?::00)?$/.exec(text) ?? [];
  return date === undefined || time === undefined ? text : `${date}T${time}.${fraction.padEnd(3, '0')}Z`;
}

export interface DatabaseOptions {
  applicationName: string;
  poolSize: number;
  /** Milliseconds a statement may take before Postgres cancels it; 0 for no limit. */
  statementTimeoutMs: number;
}

/** Opens a pool. Every connection has time-outs, so that a Postgres that does not answer cannot block us for ever. */
export function openDatabase(url: string, options: DatabaseOptions): Database {
  return knex({
    client: 'pg',
    connection: {
      ...(url === '' ? {} : { connectionString: url }),
      application_name: options.applicationName,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      // As start-up options, because knex's types have none of them. The parsers above need UTC.
      options: [
        'TimeZone=UTC',
        'DateStyle=ISO',
        'jit=off',
        // values of bindings stay out of the log of the server, with any settings of the server
        'log_parameter_max_length_on_error=0',
        `statement_timeout=${String(options.statementTimeoutMs)}`,
        `lock_timeout=${String(options.statementTimeoutMs)}`,
        // a worker that hangs in a transaction keeps its locks no longer than this from the one that takes over
        'idle_in_transaction_session_timeout=60000',
      ]
        .map((setting) => `-c ${setting}`)
        .join(' '),
    },
    pool: { min: 0, max: options.poolSize, acquireTimeoutMillis: 30_000 },
    acquireConnectionTimeout: 30_000,
  });
}

/** Rows of one statement. `?` marks a binding, `??` an identifier; a jsonb `?` operator is written `\\?`. */
export async function rows<Row>(db: Queryable, sql: string, bindings: readonly Knex.RawBinding[] = []): Promise<Row[]> {
  const result: { rows: Row[] } = await db.raw(sql, bindings);
  return result.rows;
}

/** The one row a statement gives, or undefined. */
export async function row<Row>(
  db: Queryable,
  sql: string,
  bindings: readonly Knex.RawBinding[] = [],
): Promise<Row | undefined> {
  return (await rows<Row>(db, sql, bindings))[0];
}

/** How many rows a statement touched. */
export async function touched(db: Queryable, sql: string, bindings: readonly Knex.RawBinding[] = []): Promise<number> {
  const result: { rowCount: number | null } = await db.raw(sql, bindings);
  return result.rowCount ?? 0;
}

/** Postgres refused to change a row that another transaction had changed since the snapshot of this one. */
const overtaken = '40001';

/** Does a transaction that reads from one snapshot again, if somebody has changed a row meanwhile that it changes. */
export async function againIfOvertaken<Result>(work: () => Promise<Result>, times: number = 3): Promise<Result> {
  for (let time = 1; ; time++)
    try {
      return await work();
    } catch (error) {
      if (time === times || !(error instanceof pg.DatabaseError) || error.code !== overtaken) throw error;
    }
}

/**
 * Memory for the sorts and hashes of a transaction over whole tables. With the 4 MB of Postgres, sorts of two million
 * links go through files. The memory is bounded: there are four such transactions at a time, with a few nodes each.
 */
export async function allowWork(tx: Transaction): Promise<void> {
  await tx.raw("set local work_mem = '128MB'; set local maintenance_work_mem = '256MB'");
}

/**
 * Runs statements that join whole sets, inside a transaction, without loops over rows. If the planner takes many rows for one,
 * because it has no statistics of them yet, a loop over both sides never ends; a hash join costs the same as ever.
 */
export const withoutLoops = <Result>(tx: Queryable, work: () => Promise<Result>): Promise<Result> =>
  without(tx, 'enable_nestloop', work);

/** Groups rows by hash, inside a transaction. The planner sorts what it takes for few rows, which costs twice as much for many. */
export const withoutSorts = <Result>(tx: Queryable, work: () => Promise<Result>): Promise<Result> =>
  without(tx, 'enable_sort', work);

async function without<Result>(
  tx: Queryable,
  way: 'enable_nestloop' | 'enable_sort',
  work: () => Promise<Result>,
): Promise<Result> {
  await tx.raw(`set local ${way} = off`);
  const result = await work();
  // not after an error: that has undone the setting with the transaction
  await tx.raw(`set local ${way} to default`);
  return result;
}

/** SQL for the current time in the format of the API, for times within jsonb. */
export const nowInUtc = `to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
