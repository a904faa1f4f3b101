import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { cellText } from '../../domain/cell.ts';
import type { Told } from './sql-many-rows.ts';
import { describePackage, read } from './suite.ts';
import { sqlConnection } from './sql-subject.ts';
import { adapter, failure, name, of, server, subject } from './sql-postgres-source.ts';

describePackage('sql, PostgreSQL', () => subject());

describe('PostgreSQL', () => {
  it('gives each type as a cell that loses nothing', async () => {
    await server.run(
      'drop table if exists kinds',
      `create table kinds (a int8, b numeric, c float8, d boolean, e bytea, f char(5), g timestamptz, h timestamp, i date,
        j text[], k int[], l uuid, m "char", n numeric, o bool[], p time, q jsonb, r varchar(3)[], s timestamptz[],
        t int2vector, u box[], v int2vector[])`,
      `insert into kinds values (9223372036854775807, 123456789012345678901234567890.1200, 0.1, true, '\\x00ff', 'ab',
        '2024-01-31 12:00:00.5+02', '2024-01-31 12:00:00', '2024-01-31', array['a', null, 'b "q" \\ ,{}'], '{1,2}',
        '00000000-0000-0000-0000-000000000001', 'x', 'NaN', '{t,f}', '10:00', '{"a": 1}', '{a,b}',
        '{"2024-01-31 12:00:00+00"}', '1 2 3', '{(1,1),(0,0);(2,2),(1,1)}', '{"1 2","3"}')`,
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
      // arrays whose text is no list in braces and commas
      t: '1 2 3',
      u: '{(1,1),(0,0);(2,2),(1,1)}',
      v: '["1 2","3"]',
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

  it('reads a row that comes in many pieces, between small ones', async () => {
    const query = `select n::text as id, case n when 2 then repeat(E'ø"\\\\\n', 500000) when 3 then null else 'small' end as text from generate_series(1, 4) n`;
    expect((await read({ ...of({ wide: { query } }), table: 'wide' })).rows).toEqual([
      { id: '1', text: 'small' },
      { id: '2', text: 'ø"\\\n'.repeat(500_000) },
      { id: '3', text: '' },
      { id: '4', text: 'small' },
    ]);
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
