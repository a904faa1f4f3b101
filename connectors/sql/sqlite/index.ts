import { once } from 'node:events';
import { dirname, basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ExactNumber, type Cell } from '../../../domain/cell.ts';
import { SyncError } from '../../../domain/errors.ts';
import { findFolder, openFile } from '../../file-roots.ts';
import type { DiscoveredTable } from '../../package.ts';
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
import { sqliteFault } from './faults.ts';
import type { Question, Reply, Value } from './messages.ts';

/** A SQLite file below the file roots, read in one transaction. */
export async function openSqlite({ settings, fileRoots }: Access): Promise<Database> {
  const path = await pathOf(settings.file ?? '', fileRoots);
  const thread = new Worker(threadEntry);
  // a late error has no caller any more
  thread.on('error', () => undefined);
  thread.unref();
  let closed = false;

  async function ask(question: Question): Promise<Reply & { answer: unknown }> {
    if (closed) throw new SyncError('connection', 'The database file is closed.');
    thread.postMessage(question);
    const [reply] = (await Promise.race([once(thread, 'message'), gone(thread)])) as [Reply];
    if ('failed' in reply) throw sqliteFault(reply.failed);
    return reply;
  }
  const rowsOf = async (select: string, values: readonly string[] = []) =>
    (await ask({ kind: 'rows', select, values })).answer as Value[][];

  async function columns(select: string): Promise<Column[]> {
    const found = (await ask({ kind: 'columns', select })).answer as { name: string; type: string | null }[];
    return found.map(({ name, type }) => ({ name, type: typeOf(type ?? ''), multiValued: false, sqlType: type ?? '' }));
  }

  function close(): Promise<void> {
    closed = true;
    // a step of a statement that runs cannot be broken off: the thread ends behind it
    void thread.terminate();
    return Promise.resolve();
  }

  try {
    await ask({ kind: 'open', path, busyTimeout: connectTimeout });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    quote,
    bind: () => new SqliteBound(),
    columns,
    async *pages(select, values) {
      await ask({ kind: 'begin', select, values });
      for (;;) {
        const page = (await ask({ kind: 'next', rows: pageRows, bytes: pageBytes })).answer as Value[][];
        if (page.length === 0) return;
        yield page.map((row) => row.map(cellOf));
      }
    },
    async rows(select, values) {
      return (await rowsOf(select, values)).map((row) => row.map(cellOf));
    },
    // a text is never equal to a number where the column is an expression
    sameText: (column, value) => `cast(${column} as text) = ${value}`,
    async clock() {
      const [row] = await rowsOf(`select strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`);
      return String(row?.[0]);
    },
    async certificateOf(source) {
      if ('table' in source) {
        const [name = ''] = [...source.table].reverse();
        const found = await rowsOf(`select 1 from pragma_table_list where name = ? collate nocase`, [name]);
        if (found.length === 0) throw tableMissing(undefined);
      }
      return { certified: true };
    },
    async catalog() {
      const names = await rowsOf(
        `select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' order by name`,
      );
      const found: DiscoveredTable[] = [];
      for (const [name] of names) found.push(await describe(String(name)));
      return found;
    },
    close,
  };

  async function describe(table: string): Promise<DiscoveredTable> {
    if (table.includes('.'))
      return { table, columns: [], problem: 'A name with a dot cannot be written as `from`. Use a query.' };
    const of = await rowsOf(`select name, type, "notnull", pk from pragma_table_info(?) order by cid`, [table]);
    const keys = of.filter(([, , , pk]) => Number(pk) > 0).sort((a, b) => Number(a[3]) - Number(b[3]));
    const links = await rowsOf(
      `select "from", "table", "to" from pragma_foreign_key_list(?)
       where "to" is not null and id not in (select id from pragma_foreign_key_list(?) where seq > 0)`,
      [table, table],
    );
    return {
      table,
      columns: of.map(([name, type, notNull]) => ({
        name: String(name),
        type: typeOf(String(type)),
        multiValued: false,
        nullable: Number(notNull) === 0,
      })),
      ...(keys.length > 0 ? { key: keys.map(([name]) => String(name)) } : {}),
      ...(links.length > 0
        ? { links: links.map(([column, to, by]) => ({ column: String(column), table: String(to), by: String(by) })) }
        : {}),
    };
  }
}

/** The built file of the thread: beside that of the worker, or in `dist` for a process that runs from its sources. */
const threadEntry = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/sqlite-thread.mjs' : './sqlite-thread.mjs',
  import.meta.url,
);

async function gone(thread: Worker): Promise<never> {
  await once(thread, 'exit');
  throw new SyncError('connection', 'The database file was closed while it was read.');
}

/** A regular file below the roots: no link, nothing outside. */
async function pathOf(file: string, fileRoots: readonly string[]): Promise<string> {
  const folder = await findFolder(fileRoots, dirname(file), 'file');
  const { handle, path } = await openFile(fileRoots, folder, basename(file));
  await handle.close();
  return path;
}

function quote(name: string): string {
  if (name.includes('\0')) throw new SyncError('query', 'A name of a table or column has a NUL. Correct it.');
  return `"${name.replaceAll('"', '""')}"`;
}

class SqliteBound implements Bound {
  readonly values: string[] = [];

  put(value: string): string {
    this.values.push(value);
    return '?';
  }

  putWatermark(value: string): string {
    // times are texts, which compare as such; a number is told by its form
    return /^-?\d+(\.\d+)?$/.test(value) ? `cast(${this.put(value)} as numeric)` : this.put(value);
  }
}

/** The declared type says what the values mostly are; each value has its own. */
function typeOf(declared: string): Column['type'] {
  const type = declared.toUpperCase();
  if (/DATETIME|TIMESTAMP/.test(type)) return 'dateTime';
  if (type === 'DATE') return 'date';
  if (type.startsWith('BOOL')) return 'boolean';
  if (/INT|REAL|FLOA|DOUB|NUM|DEC/.test(type)) return 'number';
  return type.includes('BLOB') ? 'binary' : 'string';
}

function cellOf(value: Value): Cell {
  if (typeof value === 'bigint') return new ExactNumber(value.toString());
  if (typeof value === 'number') return Number.isFinite(value) ? new ExactNumber(plain(value)) : String(value);
  return value;
}

/** The shortest digits that mean the number, without an exponent. */
function plain(value: number): string {
  const text = String(value);
  const [digits = '', exponent] = text.split('e');
  if (exponent === undefined) return text;
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.');
  const shift = Number(exponent);
  const all = whole + fraction;
  const point = whole.length + shift;
  const sign = text.startsWith('-') ? '-' : '';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${all}`;
  return `${sign}${all.slice(0, point).padEnd(point, '0')}${all.length > point ? `.${all.slice(point)}` : ''}`;
}
