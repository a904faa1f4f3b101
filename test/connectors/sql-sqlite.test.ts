import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SyncError } from '../../domain/errors.ts';
import { describePackage, read, type Subject } from './suite.ts';
import { sqlConnection, sqlPackageFor, sqlSubject, type SqlServer } from './sql-subject.ts';

const roots = mkdtempSync(join(tmpdir(), 'syncline-sqlite-'));
let database: Sqlite.Database;
const server: SqlServer = {
  settings: { client: 'sqlite', file: 'hr.db' },
  time: 'timestamp',
  now: `strftime('%Y-%m-%d %H:%M:%f', 'now')`,
  run(...statements) {
    for (const each of statements) database.exec(each);
    return Promise.resolve();
  },
  ask(select) {
    const rows = database.prepare(select).raw().safeIntegers().all() as (string | number | bigint | null)[][];
    return Promise.resolve(rows.map((row) => row.map((cell) => (cell === null ? null : String(cell)))));
  },
};

beforeAll(() => {
  database = new Sqlite(join(roots, 'hr.db'));
  database.pragma('journal_mode = wal');
});
afterAll(() => {
  database.close();
  rmSync(roots, { recursive: true, force: true });
});

const adapter = sqlPackageFor([roots]);
const at = (file: string) => () => sqlConnection({ settings: { client: 'sqlite', file } });
const subject = (more: Partial<Subject> = {}): Subject =>
  sqlSubject(server, {
    adapter,
    // a file has no connections to count; a closed one can be truncated
    sessions: {
      connected: async () => {
        for (let time = 0; time < 40; time++) {
          const [state] = database.pragma('wal_checkpoint(truncate)') as { busy: number }[];
          if (state?.busy === 0) return 0;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return 1;
      },
      snapshot: true,
    },
    unreachable: [
      { what: 'no such file', connection: at('none.db'), code: 'missing-file' },
      { what: 'a file outside the roots', connection: at('../hr.db'), code: 'unsafe-path' },
      { what: 'a link', connection: at('link.db'), code: 'unsafe-path' },
      { what: 'no database', connection: at('text.db'), code: 'unsupported-file' },
    ],
    ...more,
  });
symlinkSync(join(roots, 'hr.db'), join(roots, 'link.db'));
writeFileSync(join(roots, 'text.db'), 'id,name\n1,Ann\n'.repeat(100));

describePackage('sql, SQLite', () => subject());

const of = (tables: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  subject({ connection: () => sqlConnection(server, { tables, ...more }) });

async function failure(from: Subject, table: string): Promise<SyncError> {
  const error: unknown = await read({ ...from, table }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SyncError);
  return error as SyncError;
}

describe('SQLite', () => {
  it('gives each value as a cell that loses nothing', async () => {
    await server.run(
      'drop table if exists kinds',
      'create table kinds (a integer, b real, c text, d blob, e numeric, f boolean, g real, h any, i real)',
      `insert into kinds values (9223372036854775807, 0.1, 'é😀', x'00ff', 12.50, true, 1e300, 'text', 1.5e-7)`,
    );
    const { rows } = await read({ ...subject(), table: 'kinds' });
    expect(rows).toEqual([
      {
        a: '{"n":"9223372036854775807"}',
        b: '{"n":"0.1"}',
        c: 'é😀',
        d: '{"b":"AP8="}',
        e: '{"n":"12.5"}',
        f: '{"n":"1"}',
        g: `{"n":"1${'0'.repeat(300)}"}`,
        h: 'text',
        i: '{"n":"0.00000015"}',
      },
    ]);
  });

  it('refuses what is no single select, and changes nothing by it', async () => {
    await subject().reset();
    const queries = [
      'select 1) q; drop table people; select * from (select 1',
      'delete from people returning id',
      'selec 1',
      'select no_column from people',
      'select "no_column" from people',
    ];
    const tables = Object.fromEntries(queries.map((query, i) => [`q${String(i)}`, { query }]));
    for (const table of Object.keys(tables)) expect((await failure(of(tables), table)).code, table).toBe('query');
    expect((await subject().list()).length).toBe(5);
    expect((await failure(subject(), 'nowhere')).code).toBe('missing-table');
    expect((await adapter.test(sqlConnection(server, { tables }))).code).toBe('query');
  });

  it('finds a key whatever type its column has, and says `gone` of no other', async () => {
    await server.run(
      'drop table if exists numbered',
      'create table numbered (id integer)',
      'insert into numbered values (7), (8)',
    );
    const asked = { ...of({ asked: { query: 'select id + 0 as id from numbered' } }), table: 'asked' };
    const answered = await adapter.readKeys?.(asked.connection(), {
      table: 'asked',
      wanted: { columns: ['id'], key: ['id'] },
      by: ['id'],
      keys: [['7'], ['9'], ['8']],
    });
    expect(answered?.answers.map(({ state }) => state)).toEqual(['found', 'gone', 'found']);
  });

  it('discovers keys and links', async () => {
    await server.run(
      'drop table if exists child',
      'drop table if exists parent',
      'create table parent (id integer primary key, name text not null)',
      'create table child (a int, b int, parent int references parent (id), primary key (b, a))',
    );
    const found = await adapter.discover(subject().connection());
    expect(found.find(({ table }) => table === 'child')).toMatchObject({
      key: ['b', 'a'],
      links: [{ column: 'parent', table: 'parent', by: 'id' }],
    });
  });

  it('stops in the middle of a statement', async () => {
    const endless = of({
      e: { query: 'with recursive c (n) as (select 1 union all select n + 1 from c) select n as id from c' },
    });
    const stop = new AbortController();
    const begun = read({ ...endless, table: 'e' }, { signal: stop.signal }).catch((error: unknown) => error);
    setTimeout(() => stop.abort(new Error('stopped')), 300);
    expect(await begun).toMatchObject({ message: 'stopped' });
  });

  it('reads more rows than a page has, while a writer goes on', async () => {
    await server.run(
      'drop table if exists pages',
      'create table pages (id integer primary key, v int)',
      'with recursive c (n) as (select 1 union all select n + 1 from c where n < 5000) insert into pages select n, 0 from c',
    );
    const values = new Set<string>();
    let rows = 0;
    for await (const event of adapter.read(subject().connection(), { table: 'pages', tables: [], mode: 'complete' }))
      if (event.kind === 'structured') {
        rows += event.records.length;
        for (const { cells } of event.records) values.add(JSON.stringify(cells[1]));
        database.exec('update pages set v = v + 1; delete from pages where id % 7 = 0');
      }
    expect(rows).toBe(5000);
    expect(values.size).toBe(1);
  });
});
