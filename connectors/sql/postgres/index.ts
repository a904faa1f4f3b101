import type { Duplex } from 'node:stream';
import type { Client, QueryResult } from 'pg';
import type { Cell } from '../../../domain/cell.ts';
import { decodeRecords, type EncodedRecords } from '../../../domain/encoded-records.ts';
import { SyncError } from '../../../domain/errors.ts';
import {
  connectTimeout,
  pageBytes,
  pageRows,
  type Access,
  type Bound,
  type Column,
  type Database,
} from '../database.ts';
import { tableMissing } from '../faults.ts';
import { catalogOf } from './catalog.ts';
import { reader, typesOf, type Types } from './cells.ts';
import { RowEncoder } from './encode-rows.ts';
import { postgresFault } from './faults.ts';
import { tapRows } from './row-tap.ts';

/** PostgreSQL: one transaction, repeatable read and read only. */
export async function openPostgres(access: Access): Promise<Database> {
  const { settings, password, statementTimeout, ca } = access;
  const host = settings.host ?? '';
  const port = settings.port ?? 5432;
  const fault = (error: unknown) => postgresFault(error, { host, port });
  const [{ default: pg }, { default: QueryStream }] = await Promise.all([import('pg'), import('pg-query-stream')]);
  const address = await access.address({ host, port });
  access.signal?.throwIfAborted();
  const client = new pg.Client({
    host: address,
    port,
    database: settings.database,
    user: settings.user,
    password: password ?? '',
    application_name: 'syncline',
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
    // the name as written, not the address, is what the certificate has to have
    ssl:
      settings.tls.mode === 'none'
        ? false
        : { rejectUnauthorized: true, host, servername: host, ...(ca ? { ca } : {}) },
  });
  // a connection that breaks between two statements is told by the next one
  client.on('error', () => undefined);
  let rows: ReturnType<typeof tapRows>;
  try {
    await client.connect();
    await client.query('begin isolation level repeatable read read only');
    await prepareSession(client, statementTimeout);
    // the first statement takes the snapshot
    await client.query('select 1');
    rows = tapRows(streamOf(client));
  } catch (error) {
    destroy(client);
    throw fault(error);
  }
  const ask = async (text: string, values: unknown[] = []): Promise<QueryResult<unknown[]>> => {
    try {
      return await client.query({ ...extended, text, values });
    } catch (error) {
      throw fault(error);
    }
  };

  async function columns(select: string, values: readonly string[] = []): Promise<Column[]> {
    const { fields } = await ask(`select * from (${select}) described limit 0`, [...values]);
    const types = await typesOf(
      fields.map(({ dataTypeID }) => dataTypeID),
      ask,
    );
    return fields.map(({ name, dataTypeID }) => {
      const { type, multiValued, sqlType } = shapeOf(types, dataTypeID);
      return { name, type, multiValued, sqlType };
    });
  }

  async function* encodedPages(
    select: string,
    values: readonly string[],
    of: readonly Column[],
  ): AsyncGenerator<EncodedRecords> {
    const reading = new RowEncoder(of);
    // its cursor is used rather than the stream: pages adapt to the size of the rows
    const stream = new QueryStream(select, [...values]);
    client.query(stream);
    const cursor = stream.cursor as { read: (rows: number) => Promise<unknown> };
    let size = 50;
    let ended = false;
    rows.to = reading;
    try {
      for (;;) {
        await cursor.read(size);
        const page = reading.page();
        ended = page.ends.length === 0;
        if (ended) return;
        yield page;
        size = pageSize(page, of.length, size);
      }
    } catch (error) {
      ended = true;
      throw fault(error);
    } finally {
      rows.to = undefined;
      // the rest is not read
      if (!ended) destroy(client);
    }
  }

  return {
    quote,
    bind: () => new PostgresBound(),
    columns,
    async *pages(select, values, of) {
      for await (const page of encodedPages(select, values, of)) yield decodeRecords(page).map(({ cells }) => cells);
    },
    encodedPages,
    async rows(select, values, of) {
      const read = of.map((column) => reader(column));
      await ask('savepoint one');
      let rows;
      try {
        ({ rows } = await client.query<(string | null)[]>({ ...extended, text: select, values: [...values] }));
      } catch (error) {
        const state = (error as { code?: string }).code ?? '';
        if (!unreadable.has(state)) throw fault(error);
        await ask('rollback to savepoint one');
        return 'unreadable';
      }
      await ask('release savepoint one');
      return rows.map(cells(read));
    },
    async clock() {
      const { rows } = await ask(`select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);
      return String(rows[0]?.[0]);
    },
    async certificateOf(source) {
      if ('query' in source) return { certified: true };
      const name = source.table.map(quote).join('.');
      const { rows } = await ask('select relkind from pg_class where oid = to_regclass($1)', [name]);
      if (rows.length === 0) throw tableMissing(undefined);
      if (rows[0]?.[0] !== 'f') return { certified: true };
      return {
        certified: false,
        code: 'not-transactional',
        reason: 'The table is a foreign table: its rows are read from another server, outside of the snapshot.',
      };
    },
    catalog: () => catalogOf(ask, columns, quote),
    close() {
      destroy(client);
      return Promise.resolve();
    },
  };
}

const cells =
  (read: readonly ((text: string) => Cell)[]) =>
  (row: readonly (string | null)[]): Cell[] =>
    row.map((text, i) => (text === null ? null : (read[i]?.(text) ?? text)));

/** Every cell comes as the text that the server writes. */
const asText = { getTypeParser: () => (text: string) => text } as never;

/** The form of the protocol that takes one statement, so that nothing can follow a query. */
const extended = { queryMode: 'extended', rowMode: 'array', types: asText } as const;

const settingsOfSession = {
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'iso_8601',
  bytea_output: 'hex',
  extra_float_digits: '1',
  // a policy that leaves rows out is an error: nobody would see that rows are missing
  row_security: 'off',
};

async function prepareSession(client: Client, statementTimeout: number): Promise<void> {
  const timeouts = {
    statement_timeout: String(statementTimeout),
    idle_in_transaction_session_timeout: String(statementTimeout),
  };
  for (const [name, value] of Object.entries({ ...settingsOfSession, ...timeouts }))
    await client.query('select set_config($1, $2, true)', [name, value]);
}

/** Ends the connection without waiting for a running statement. */
function destroy(client: Client): void {
  streamOf(client).destroy();
}

const streamOf = (client: Client): Duplex =>
  (client as unknown as { connection: { stream: Duplex } }).connection.stream;

function quote(name: string): string {
  if (Buffer.byteLength(name) > 63 || name.includes('\0'))
    throw new SyncError(
      'query',
      'PostgreSQL has no names of more than 63 bytes. Correct the name of the table or column.',
    );
  return `"${name.replaceAll('"', '""')}"`;
}

class PostgresBound implements Bound {
  readonly values: string[] = [];

  put(value: string): string {
    this.values.push(value);
    return `$${String(this.values.length)}`;
  }

  putWatermark(value: string, column: Column): string {
    return `${this.put(value)}::${column.sqlType}`;
  }
}

/** A text that is no value of its column: of the wrong form, too large, or a date that does not exist. */
const unreadable: ReadonlySet<string> = new Set(['22P02', '22003', '22007', '22008', '22021']);

function shapeOf(types: Types, oid: number) {
  return types.get(oid) ?? { type: 'string' as const, multiValued: false, sqlType: 'text' };
}

/** So many rows that the next page is about as large as memory should hold. */
function pageSize({ bytes, ends }: EncodedRecords, columns: number, before: number): number {
  const held = bytes.length + 8 * columns * ends.length;
  const fitting = Math.floor((pageBytes / held) * ends.length);
  return Math.max(1, Math.min(fitting, before * 4, pageRows));
}
