import { connect } from 'node:net';
import type { Connection, Request } from 'tedious';
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
import { columnOf, reader, shownAs } from './cells.ts';
import { sqlServerFault } from './faults.ts';
import { refuseSeveralStatements } from './one-select.ts';

/** SQL Server, with snapshot isolation. Not tested against a server. */
export async function openSqlServer(access: Access): Promise<Database> {
  const { settings, password, statementTimeout, ca } = access;
  const host = settings.host ?? '';
  const port = settings.port ?? 1433;
  const fault = (error: unknown) => sqlServerFault(error, { host, port });
  const tedious = (await import('tedious')).default;
  const address = await access.address({ host, port });
  access.signal?.throwIfAborted();
  const isolation = tedious.ISOLATION_LEVEL['SNAPSHOT'] ?? 5;
  const connection: Connection = new tedious.Connection({
    server: host,
    authentication: { type: 'default', options: { userName: settings.user ?? '', password: password ?? '' } },
    options: {
      port,
      database: settings.database ?? '',
      appName: 'syncline',
      // the name as written, not the address, is what the certificate has to have
      connector: () =>
        new Promise((resolve, reject) => {
          const socket = connect({ host: address, port, keepAlive: true }, () => {
            resolve(socket);
          });
          socket.once('error', reject);
        }),
      encrypt: settings.tls.mode === 'verify',
      trustServerCertificate: false,
      ...(ca ? { cryptoCredentialsDetails: { ca } } : {}),
      connectTimeout,
      requestTimeout: statementTimeout,
      readOnlyIntent: true,
      connectionIsolationLevel: isolation,
      useUTC: true,
    },
  });
  connection.on('error', () => undefined);

  function run(sql: string, values: readonly string[], onRow?: (row: unknown[], request: Request) => void) {
    return new Promise<void>((resolve, reject) => {
      const request = new tedious.Request(sql, (error) => {
        if (error) reject(error);
        else resolve();
      });
      for (const [i, value] of values.entries())
        request.addParameter(`p${String(i + 1)}`, tedious.TYPES.NVarChar, value);
      if (onRow)
        request.on('row', (row: { value: unknown }[]) => {
          onRow(
            row.map(({ value }) => value),
            request,
          );
        });
      connection.execSql(request);
    });
  }
  async function ask(sql: string, values: readonly string[] = []): Promise<unknown[][]> {
    const rows: unknown[][] = [];
    try {
      await run(sql, values, (row) => rows.push(row));
    } catch (error) {
      throw fault(error);
    }
    return rows;
  }

  try {
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    const [state] = await ask('select snapshot_isolation_state from sys.databases where name = db_name()');
    if (Number(state?.[0]) !== 1)
      throw new SyncError(
        'snapshot-unavailable',
        'The database does not allow snapshot isolation. Run: alter database … set allow_snapshot_isolation on',
      );
    await new Promise<void>((resolve, reject) => {
      connection.beginTransaction(
        (error) => {
          if (error) reject(error);
          else resolve();
        },
        'syncline',
        isolation,
      );
    });
    // the first statement takes the snapshot
    await ask('select top 1 object_id from sys.objects');
  } catch (error) {
    connection.close();
    throw fault(error);
  }

  /** Every cell in the one form of text that `cells.ts` reads. */
  const asTexts = (select: string, columns: readonly Column[]) =>
    `select ${columns.map((column) => shownAs(quote(column.name), column)).join(', ')} from (${select}) shown_rows`;

  return {
    quote,
    bind: () => new SqlServerBound(),
    refuseSeveral: refuseSeveralStatements,
    async columns(select, values = []) {
      const declared = values.map((_value, i) => `@p${String(i + 1)} nvarchar(max)`).join(', ');
      const found = await ask(
        `select name, system_type_name from sys.dm_exec_describe_first_result_set(@p1, @p2, 0) where is_hidden = 0 order by column_ordinal`,
        [select, declared],
      );
      // a statement that cannot be described gives one row without a name
      if (found.length === 0 || found.some(([name]) => name === null))
        await ask(`select top 0 * from (${select}) d`, values);
      return found.map(([name, type]) => columnOf(String(name), String(type)));
    },
    async *pages(select, values, columns) {
      const read = columns.map(reader);
      const now: Reading = {
        page: [],
        bytes: 0,
        paused: undefined,
        failed: undefined,
        done: false,
        wake: () => undefined,
      };
      void run(asTexts(select, columns), values, (row, request) => {
        now.page.push(row.map((value, i) => (value === null ? null : (read[i]?.(value) ?? null))));
        for (const value of row)
          now.bytes += 8 + (typeof value === 'string' || value instanceof Uint8Array ? value.length : 0);
        if (now.page.length < pageRows && now.bytes < pageBytes) return;
        now.paused = request;
        request.pause();
        now.wake();
      })
        .catch((error: unknown) => {
          now.failed = asError(fault(error));
        })
        .finally(() => {
          now.done = true;
          now.wake();
        });
      try {
        for (;;) {
          if (!now.done && !now.paused) await new Promise<void>((resolve) => (now.wake = resolve));
          if (now.failed) throw now.failed;
          const rows = now.page;
          now.page = [];
          now.bytes = 0;
          if (rows.length > 0) yield rows;
          else if (now.done) return;
          const request = now.paused;
          now.paused = undefined;
          request?.resume();
        }
      } finally {
        // the rest is not read
        if (!now.done) connection.close();
      }
    },
    async rows(select, values, columns) {
      const read = columns.map(reader);
      try {
        const rows = await ask(asTexts(select, columns), values);
        return rows.map((row) => row.map((value, i) => (value === null ? null : (read[i]?.(value) ?? null))));
      } catch (error) {
        const number = (error as { cause?: { number?: number } }).cause?.number;
        // a text that is no value of its column
        if (number === 245 || number === 8114 || number === 8169) return 'unreadable';
        throw error;
      }
    },
    async clock() {
      const [row] = await ask(`select convert(nvarchar(40), sysutcdatetime(), 126) + 'Z'`);
      return String(row?.[0]);
    },
    certificateOf: () => Promise.resolve({ certified: true }),
    catalog: () => catalogOf(ask),
    close() {
      connection.close();
      return Promise.resolve();
    },
  };
}

/** How far a select has been read. */
interface Reading {
  page: Cell[][];
  bytes: number;
  paused: Request | undefined;
  failed: Error | undefined;
  done: boolean;
  wake: () => void;
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error('unknown', { cause: error }));

function quote(name: string): string {
  if (name.includes('\0')) throw new SyncError('query', 'A name of a table or column has a NUL. Correct it.');
  return `[${name.replaceAll(']', ']]')}]`;
}

class SqlServerBound implements Bound {
  readonly values: string[] = [];

  put(value: string): string {
    this.values.push(value);
    return `@p${String(this.values.length)}`;
  }

  putWatermark(value: string, { type, sqlType }: Column): string {
    const base = sqlType.replace(/\(.*/, '');
    if (type === 'number') return `convert(decimal(38, 10), ${this.put(value)})`;
    return `convert(${base === 'datetimeoffset' ? 'datetimeoffset' : 'datetime2'}, ${this.put(value)}, ${base === 'datetimeoffset' ? '127' : '126'})`;
  }
}
