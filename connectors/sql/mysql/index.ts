import { connect, isIP } from 'node:net';
import type { FieldPacket, QueryOptions } from 'mysql2';
import type { Cell } from '../../../domain/cell.ts';
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
import { catalogOf } from './catalog.ts';
import { certificateOf } from './certificate.ts';
import { columnOf, reader, type Texts } from './cells.ts';
import { mysqlFault } from './faults.ts';

/** MySQL and MariaDB: one consistent snapshot of the tables that have transactions. */
export async function openMysql(access: Access): Promise<Database> {
  const { settings, password, statementTimeout, ca } = access;
  const host = settings.host ?? '';
  const port = settings.port ?? 3306;
  const fault = (error: unknown) => mysqlFault(error, { host, port });
  // the driver would compare the certificate of an address with the name localhost
  if (settings.tls.mode === 'verify' && isIP(host) !== 0)
    throw new SyncError(
      'tls',
      'The certificate of the server is compared with its name, so settings.host must be the name and not the address.',
    );
  const { createConnection } = (await import('mysql2')).default;
  const address = await access.address({ host, port });
  access.signal?.throwIfAborted();
  const connection = createConnection({
    host,
    port,
    // the name as written, not the address, is what the certificate has to have
    stream: () => {
      const socket = connect({ host: address, port, keepAlive: true });
      socket.setTimeout(connectTimeout, () => socket.destroy(timedOut()));
      socket.once('data', () => socket.setTimeout(0));
      return socket;
    },
    ...(settings.database === undefined ? {} : { database: settings.database }),
    ...(settings.user === undefined ? {} : { user: settings.user }),
    password: password ?? '',
    charset: 'utf8mb4',
    connectTimeout,
    // one statement at a time, and no file of ours is ever sent
    multipleStatements: false,
    flags: ['-LOCAL_FILES'],
    ...(settings.tls.mode === 'none'
      ? {}
      : { ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(ca ? { ca } : {}) } }),
  });
  connection.on('error', () => undefined);

  function ask(sql: string): Promise<{ rows: (Buffer | null)[][]; fields: FieldPacket[] }> {
    return new Promise((resolve, reject) => {
      connection.query(raw(sql), (error, rows, fields) => {
        if (error) reject(asError(fault(error)));
        else resolve({ rows: (Array.isArray(rows) ? rows : []) as unknown as (Buffer | null)[][], fields });
      });
    });
  }

  try {
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    const { rows } = await ask('select version()');
    const isMaria = String(rows[0]?.[0]).includes('MariaDB');
    for (const statement of sessionOf(isMaria, statementTimeout)) await ask(statement);
  } catch (error) {
    connection.destroy();
    throw fault(error);
  }

  async function columns(select: string): Promise<Column[]> {
    return (await ask(`select * from (${select}) described limit 0`)).fields.map(columnOf);
  }

  const texts: Texts = async (sql) =>
    (await ask(sql)).rows.map((row) => row.map((cell) => cell?.toString('utf8') ?? null));

  return {
    quote,
    bind: () => new MysqlBound(),
    columns,
    async *pages(select, _values, of) {
      const read = of.map(reader);
      const stream = connection.query(raw(select)).stream({ highWaterMark: 100 });
      let page: Cell[][] = [];
      let bytes = 0;
      let ended = false;
      try {
        for await (const row of stream as AsyncIterable<(Buffer | null)[]>) {
          page.push(row.map((cell, i) => (cell === null ? null : (read[i]?.(cell) ?? null))));
          for (const cell of row) bytes += (cell?.length ?? 0) + 8;
          if (page.length < pageRows && bytes < pageBytes) continue;
          yield page;
          page = [];
          bytes = 0;
        }
        ended = true;
        if (page.length > 0) yield page;
      } catch (error) {
        ended = true;
        throw fault(error);
      } finally {
        // the rest is not read
        if (!ended) connection.destroy();
      }
    },
    async rows(select, _values, of) {
      const read = of.map(reader);
      const { rows } = await ask(select);
      return rows.map((row) => row.map((cell, i) => (cell === null ? null : (read[i]?.(cell) ?? null))));
    },
    async clock() {
      const [row] = await texts(`select date_format(utc_timestamp(6), '%Y-%m-%dT%H:%i:%s.%fZ')`);
      return row?.[0] ?? '';
    },
    certificateOf: (source) => certificateOf(source, settings.database ?? '', texts, literal),
    catalog: () => catalogOf(settings.database ?? '', texts, literal),
    close() {
      connection.destroy();
      return Promise.resolve();
    },
  };
}

/** Every cell comes as the bytes of the text that the server writes. */
const raw = (sql: string): QueryOptions => ({ sql, rowsAsArray: true, typeCast: false });

const sessionOf = (isMaria: boolean, statementTimeout: number): string[] => [
  // char(n) without its padding; the rest stays, since it decides what the queries mean
  `set session sql_mode = trim(both ',' from replace(replace(@@sql_mode, 'PAD_CHAR_TO_FULL_LENGTH', ''), ',,', ','))`,
  `set session time_zone = '+00:00'`,
  isMaria
    ? `set session max_statement_time = ${String(statementTimeout / 1000)}`
    : `set session max_execution_time = ${String(statementTimeout)}`,
  // the server waits as long for a reader who waits for its own limits
  `set session net_write_timeout = ${String(Math.max(60, Math.ceil(statementTimeout / 1000)))}`,
  `set session wait_timeout = ${String(Math.max(60, Math.ceil(statementTimeout / 1000)))}`,
  'set session transaction isolation level repeatable read',
  'start transaction with consistent snapshot, read only',
];

function quote(name: string): string {
  if (name.includes('\0')) throw new SyncError('query', 'A name of a table or column has a NUL. Correct it.');
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A text in hexadecimal: nothing in it can end the literal. */
const literal = (value: string) =>
  value === '' ? `_utf8mb4 ''` : `_utf8mb4 x'${Buffer.from(value, 'utf8').toString('hex')}'`;

/** The protocol that writes cells as texts has no places for values. */
class MysqlBound implements Bound {
  readonly values: string[] = [];

  put(value: string): string {
    return literal(value);
  }

  putWatermark(value: string, { type }: Column): string {
    if (type === 'number') return `cast(${literal(value)} as decimal(65, 10))`;
    return `cast(${literal(value.replace('T', ' ').replace('Z', ''))} as datetime(6))`;
  }
}

const timedOut = () => Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
const asError = (error: unknown) => (error instanceof Error ? error : new Error('unknown', { cause: error }));
