import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { cellText } from '../../domain/cell.ts';
import { SyncError } from '../../domain/errors.ts';
import type { Told } from './sql-many-rows.ts';
import { describePackage, read, type Subject } from './suite.ts';
import { sqlConnection, sqlPackageFor, sqlSubject, type SqlServer } from './sql-subject.ts';

const password = 'canary-77f1';
const name = `source_${randomBytes(6).toString('hex')}`;
let admin: pg.Client;
let client: pg.Client;
const server: SqlServer = {
  settings: {},
  password,
  time: 'timestamptz',
  now: 'clock_timestamp()',
  async run(...statements) {
    for (const each of statements) await client.query(each);
  },
  async ask(select) {
    const types = { getTypeParser: () => (text: string) => text } as never;
    const { rows } = await client.query<(string | null)[]>({ text: select, rowMode: 'array', types });
    // the server writes times with a space, the package as RFC 3339
    return rows.map((row) => row.map((cell) => cell?.replace(/^(\d{4}-\d\d-\d\d) (.*)\+00$/, '$1T$2Z') ?? null));
  },
};

/** Connections that the package has, once those that are about to end have ended. */
async function connected(): Promise<number> {
  let count = 0;
  for (let time = 0; time < 40; time++) {
    const { rows } = await admin.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where usename = $1`,
      [name],
    );
    count = rows[0]?.n ?? 0;
    if (count === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return count;
}

beforeAll(async () => {
  const url = new URL(inject('databaseAdminUrl'));
  admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  await admin.query(`create database ${name}`);
  // one who may read, and nothing else
  await admin.query(`create role ${name} login password '${password}'`);
  url.pathname = `/${name}`;
  client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`set time zone 'UTC'`);
  await client.query(`alter default privileges in schema public grant select on tables to ${name}`);
  server.settings = {
    client: 'postgres',
    host: url.hostname,
    port: Number(url.port),
    database: name,
    user: name,
    tls: { mode: 'none' },
  };
});
afterAll(async () => {
  await client.end();
  await admin.query(`drop database ${name} with (force)`);
  await admin.query(`drop role ${name}`);
  await admin.end();
});

const adapter = sqlPackageFor();
const subject = (more: Partial<Subject> = {}): Subject =>
  sqlSubject(server, {
    adapter,
    sessions: { connected, snapshot: true },
    unreachable: [
      {
        what: 'nothing listens',
        connection: () => sqlConnection({ ...server, settings: { ...server.settings, port: 1 } }),
        code: 'connection',
      },
      {
        what: 'another password',
        connection: () => sqlConnection({ ...server, password: 'canary-wrong' }),
        code: 'credentials',
      },
      {
        what: 'no password',
        connection: () => sqlConnection({ ...server, password: undefined }),
        code: 'credentials',
      },
      {
        what: 'no such database',
        connection: () => sqlConnection({ ...server, settings: { ...server.settings, database: 'none' } }),
        code: 'configuration',
      },
      {
        what: 'no TLS',
        connection: () => sqlConnection({ ...server, settings: { ...server.settings, tls: {} } }),
        code: 'tls',
      },
      {
        what: 'a host that may not be reached',
        connection: () => sqlConnection({ ...server, settings: { ...server.settings, host: '169.254.169.254' } }),
        code: 'outbound-refused',
      },
    ],
    ...more,
  });

describePackage('sql, PostgreSQL', () => subject());

const of = (tables: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  subject({ connection: () => sqlConnection(server, { tables, ...more }) });

async function failure(of: Subject, table: string): Promise<SyncError> {
  const error: unknown = await read({ ...of, table }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SyncError);
  return error as SyncError;
}

describe('PostgreSQL', () => {
  it('gives each type as a cell that loses nothing', async () => {
    await server.run(
      'drop table if exists kinds',
      `create table kinds (a int8, b numeric, c float8, d boolean, e bytea, f char(5), g timestamptz, h timestamp, i date,
        j text[], k int[], l uuid, m "char", n numeric, o bool[], p time, q jsonb, r varchar(3)[], s timestamptz[])`,
      `insert into kinds values (9223372036854775807, 123456789012345678901234567890.1200, 0.1, true, '\\x00ff', 'ab',
        '2024-01-31 12:00:00.5+02', '2024-01-31 12:00:00', '2024-01-31', array['a', null, 'b "q" \\ ,{}'], '{1,2}',
        '00000000-0000-0000-0000-000000000001', 'x', 'NaN', '{t,f}', '10:00', '{"a": 1}', '{a,b}',
        '{"2024-01-31 12:00:00+00"}')`,
    );
    const { columns, rows } = await read({ ...subject(), table: 'kinds' });
    const cells = Object.fromEntries(columns.map((column) => [column, rows[0]?.[column]]));
    expect(cells).toEqual({
      a: '{"n":"9223372036854775807"}',
      b: '{"n":"123456789012345678901234567890.1200"}',
      c: '{"n":"0.1"}',
      d: 'true',
      e: '{"b":"AP8="}',
      f: 'ab',
      g: '2024-01-31T10:00:00.5Z',
      h: '2024-01-31T12:00:00',
      i: '2024-01-31',
      j: cellText(['a', null, 'b "q" \\ ,{}']),
      k: '[{"n":"1"},{"n":"2"}]',
      l: '00000000-0000-0000-0000-000000000001',
      m: 'x',
      n: 'NaN',
      o: '[true,false]',
      p: '10:00:00',
      q: '{"a": 1}',
      r: '["a","b"]',
      s: '["2024-01-31T12:00:00Z"]',
    });
  });

  it('quotes names, and reads tables of a schema and of a query', async () => {
    await server.run(
      'drop schema if exists "odd ""s" cascade',
      'create schema "odd ""s"',
      `create table "odd ""s"."t; drop" ("id""" text, "select" text)`,
      `insert into "odd ""s"."t; drop" values ('1', 'x')`,
      `grant usage on schema "odd ""s" to ${name}`,
      `grant select on "odd ""s"."t; drop" to ${name}`,
    );
    const tables = {
      odd: { from: 'odd "s.t; drop' },
      asked: { query: `select "id""" as id, upper("select") as up from "odd ""s"."t; drop" -- to the end` },
    };
    expect((await read({ ...of(tables), table: 'odd' })).rows).toEqual([{ 'id"': '1', select: 'x' }]);
    expect((await read({ ...of(tables), table: 'asked' })).rows).toEqual([{ id: '1', up: 'X' }]);
  });

  it('refuses what is no single select, changes nothing by it, and names the table', async () => {
    await subject().reset();
    const tables = Object.fromEntries(
      [
        'select 1) q; drop table people; select * from (select 1',
        'delete from people returning id',
        'with x as (delete from people returning id) select * from x',
        `select set_config('x', 'y', false), nextval('no_sequence')`,
        'select no_column from people',
        'select 1 as a, 2 as a',
        'selec',
        `select 1 / 0 as a`,
        `select 'canary-88aa'::int as a`,
      ].map((query, i) => [`q${String(i)}`, { query }]),
    );
    for (const table of Object.keys(tables)) {
      const error = await failure(of(tables), table);
      expect({ code: error.code, table: error.place.table }).toEqual({
        code: table === 'q3' ? 'missing-table' : 'query',
        table,
      });
      expect(error.message).not.toContain('canary');
    }
    const told = await adapter.test(sqlConnection(server, { tables }));
    expect(told).toMatchObject({ ok: false, code: 'query' });
    expect((await subject().list()).length).toBe(5);
  });

  it('cannot write, whatever a query calls', async () => {
    await subject().reset();
    await server.run(
      `create or replace function wipe() returns text language sql security definer as 'delete from people returning id'`,
    );
    const error = await failure(of({ w: { query: 'select wipe() as id' } }), 'w');
    expect(error.code).toBe('query');
    expect((await subject().list()).length).toBe(5);
  });

  it('tells a table that is not there from one that may not be read', async () => {
    await server.run(
      'drop table if exists hidden',
      'create table hidden (id text)',
      `revoke all on hidden from ${name}`,
    );
    expect((await failure(subject(), 'nowhere')).code).toBe('missing-table');
    expect((await failure(subject(), 'no.such.table')).code).toBe('missing-table');
    expect((await failure(subject(), 'hidden')).code).toBe('credentials');
    const told = await adapter.test(sqlConnection(server, { tables: { people: {}, nowhere: {}, hidden: {} } }));
    expect(told.checks?.map(({ name: check, ok, code }) => [check, ok, code])).toEqual([
      ['connect', true, undefined],
      ['table people', true, undefined],
      ['table nowhere', false, 'missing-table'],
      ['table hidden', false, 'credentials'],
    ]);
    expect(told.tables).toEqual([{ table: 'people', entries: 5 }]);
  });

  it('refuses a table whose policies would hide rows', async () => {
    await server.run(
      'drop table if exists guarded',
      'create table guarded (id text)',
      `insert into guarded values ('1'), ('2')`,
      'alter table guarded enable row level security',
      `create policy own on guarded using (id = '1')`,
    );
    const error = await failure(subject(), 'guarded');
    expect(error).toMatchObject({ code: 'credentials' });
    expect(error.message).toContain('policy');
  });

  it('ends a statement that takes too long', async () => {
    const slow = of({ slow: { query: 'select pg_sleep(30)::text as id' } }, { statementTimeout: '1s' });
    expect((await failure(slow, 'slow')).code).toBe('time-limit');
  });

  it('stops in the middle of a statement, and the server is rid of it', async () => {
    const slow = of({ slow: { query: 'select pg_sleep(30)::text as id' } });
    const stop = new AbortController();
    const begun = read({ ...slow, table: 'slow' }, { signal: stop.signal }).catch((error: unknown) => error);
    setTimeout(() => stop.abort(new Error('stopped')), 500);
    expect(await begun).toMatchObject({ message: 'stopped' });
  });

  it('gives rows with no watermark each time, and no time of the future as checkpoint', async () => {
    await subject().reset();
    await server.run(`insert into people values ('null', 'n', 1, null), ('future', 'f', 1, '2999-01-01')`);
    const since = await adapter.note?.(subject().connection(), { table: 'people' });
    const at = (JSON.parse(since?.value ?? '') as { at: string }).at;
    expect(Date.parse(at)).toBeLessThanOrEqual(Date.now());
    const { rows } = await read(subject(), { mode: 'incremental', ...(since ? { since } : {}) });
    expect(rows.map(({ id }) => id).sort()).toEqual(['future', 'null']);
  });

  it('reads a table without a query `deleted` incrementally, and says that nobody tells what is gone', async () => {
    await subject().reset();
    const table = of({ people: { watermark: { column: 'changed_at' } }, plain: { from: 'people' } });
    const since = await adapter.note?.(table.connection(), { table: 'people' });
    const { rows, end } = await read(table, { mode: 'incremental', ...(since ? { since } : {}) });
    expect(rows.map(({ id }) => id).sort()).toEqual(['c', 'd', 'e']);
    expect(end?.certificate).toMatchObject({ certified: false, code: 'no-tombstones' });
    const all = await read({ ...table, table: 'plain' }, { mode: 'incremental' });
    expect(all.rows.length).toBe(5);
    expect(all.end?.certificate).toMatchObject({ certified: false, code: 'no-tombstones' });
  });

  it('removes nothing that the table still has, and takes no tombstone without a key', async () => {
    await subject().reset();
    await server.run(`insert into gone values ('a', now()), ('zz', now()), (null, now())`);
    const since = await adapter.note?.(subject().connection(), { table: 'people' });
    const { gone } = await read(subject(), { mode: 'incremental', ...(since ? { since } : {}) });
    expect(gone.map(({ id }) => id)).toEqual(['zz']);
  });

  it('refuses a query `deleted` without the key, a checkpoint of others, and a watermark that cannot be shifted', async () => {
    await subject().reset();
    const people = { watermark: { column: 'changed_at' }, deleted: { query: `select 'x' as other` } };
    const since = { value: '{"at":"2024-01-01T00:00:00Z"}', name: 'x' };
    const wanted = { columns: ['id', 'name'], key: ['id'] };
    await expect(read(of({ people }), { mode: 'incremental', since, wanted })).rejects.toMatchObject({ code: 'query' });
    const events = [];
    for await (const event of adapter.read(subject().connection(), {
      table: 'people',
      tables: ['people'],
      mode: 'incremental',
      since: { value: 'page 7', name: 'x' },
    }))
      events.push(event);
    expect(events).toMatchObject([{ kind: 'refused', code: 'checkpoint-refused' }]);
    const byName = of({ people: { watermark: { column: 'name' } } });
    await expect(read(byName, { mode: 'incremental', since })).rejects.toMatchObject({ code: 'configuration' });
    const missing = of({ people: { watermark: { column: 'none' } } });
    await expect(read(missing, { mode: 'incremental', since })).rejects.toMatchObject({ code: 'query' });
  });

  it('finds changes by a number, with an overlap of numbers', async () => {
    await server.run(
      'drop table if exists counted',
      'create table counted (id text primary key, version int)',
      `insert into counted select 'r' || n, n from generate_series(1, 100) n`,
    );
    const table = { ...of({ counted: { watermark: { column: 'version', overlap: 3 } } }), table: 'counted' };
    const since = await adapter.note?.(table.connection(), { table: 'counted' });
    expect(since).toMatchObject({ name: 'watermark 100' });
    const { rows } = await read(table, { mode: 'incremental', ...(since ? { since } : {}) });
    expect(rows.length).toBe(4);
  });

  it('says nothing of keys that cannot be values of their column', async () => {
    await server.run(
      'drop table if exists numbered',
      'create table numbered (id int primary key)',
      'insert into numbered values (1)',
    );
    const keys = (table: string, by: string, ...texts: string[]) =>
      adapter.readKeys?.(subject().connection(), {
        table,
        wanted: { columns: [by], key: [by] },
        by: [by],
        keys: texts.map((each) => [each]),
      });
    const states = (await keys('numbered', 'id', 'x', '1', '99999999999', '2'))?.answers.map(({ state }) => state);
    expect(states).toEqual(['unknown', 'found', 'unknown', 'gone']);
    const times = await keys('people', 'changed_at', '2024-01-01T00:00:00Z');
    expect(times?.answers.map(({ state }) => state)).toEqual(['unknown']);
  });

  it('discovers keys, links, views and queries', async () => {
    await server.run(
      'drop table if exists child, parent cascade',
      'create table parent (id int primary key, name text not null)',
      'create table child (a int, b int, parent int references parent, primary key (b, a))',
      'create view parents as select * from parent',
    );
    const found = await adapter.discover(sqlConnection(server, { tables: { q: { query: 'select 1 as one' } } }));
    expect(found.find(({ table }) => table === 'child')).toMatchObject({
      key: ['b', 'a'],
      links: [{ column: 'parent', table: 'parent', by: 'id' }],
    });
    expect(found.find(({ table }) => table === 'parents')?.columns).toMatchObject([
      { name: 'id', type: 'number', nullable: true },
      { name: 'name', type: 'string', nullable: true },
    ]);
    expect(found.find(({ table }) => table === 'q')?.columns).toMatchObject([{ name: 'one', type: 'number' }]);
  });

  it('reads a state that existed, while a writer goes on changing rows of two tables', async () => {
    await server.run(
      'drop table if exists left_side, right_side',
      'create table left_side (id int primary key, v int)',
      'create table right_side (id int primary key, v int)',
      'insert into left_side select n, 0 from generate_series(1, 3000) n',
      'insert into right_side select n, 0 from generate_series(1, 3000) n',
    );
    const writer = new pg.Client({ connectionString: inject('databaseAdminUrl').replace(/\/postgres$/, `/${name}`) });
    await writer.connect();
    const flag = { goes: true };
    let round = 0;
    const writing = (async () => {
      while (flag.goes) {
        round++;
        await writer.query('begin');
        await writer.query('update left_side set v = $1', [round]);
        await writer.query(`delete from right_side where id = $1`, [(round % 3000) + 1]);
        await writer.query('insert into right_side values ($1, 0)', [(round % 3000) + 1]);
        await writer.query('update right_side set v = $1', [round]);
        await writer.query('commit');
      }
    })();
    const seen = new Set<string>();
    try {
      for (let time = 0; time < 10; time++) {
        const session = await adapter.open?.(subject().connection(), {
          tables: ['left_side', 'right_side'],
          mode: 'complete',
        });
        if (!session) throw new Error('no session');
        const states = new Set<string>();
        for (const table of ['left_side', 'right_side']) {
          let rows = 0;
          for await (const event of session.read({ table, tables: [], mode: 'complete' }))
            if (event.kind === 'structured')
              for (const { cells } of event.records) {
                rows++;
                states.add(cellText(cells[1] ?? null));
              }
          expect(rows).toBe(3000);
        }
        await session.close();
        // every row of both tables is of one round of the writer
        expect(states.size).toBe(1);
        for (const state of states) seen.add(state);
      }
    } finally {
      flag.goes = false;
      await writing;
      await writer.end();
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  it('reads 1,000,000 rows in the memory of a few pages', async () => {
    const connection = sqlConnection(server, {
      tables: { many: { query: `select n as id, repeat('x', 200) as text from generate_series(1, 1000000) n` } },
    });
    const script = join(import.meta.dirname, 'sql-many-rows.ts');
    // the rows are 200 MB: they cannot be in this heap at once
    const child = spawn(process.execPath, ['--max-old-space-size=64', '--import', 'tsx', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(JSON.stringify(connection));
    let said = '';
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
    const { rows, grown } = JSON.parse(said) as Told;
    expect(rows).toBe(1_000_000);
    expect(grown).toBeLessThan(150 << 20);
  });
});
