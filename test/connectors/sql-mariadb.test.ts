import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellText } from '../../domain/cell.ts';
import { SyncError } from '../../domain/errors.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { startMariaDb, type MariaDb } from '../support/mariadb.ts';
import { describePackage, read, type Subject } from './suite.ts';
import { sqlConnection, sqlPackageFor, sqlSubject, type SqlServer } from './sql-subject.ts';

const has = await hasDebian('mariadb-server');
const password = "canary'55\\c2";
const folder = mkdtempSync(join(tmpdir(), 'syncline-mariadb-tls-'));
const file = (name: string) => join(folder, name);
let maria: MariaDb;

const server: SqlServer = {
  settings: {},
  password,
  time: 'timestamp(6) null',
  now: 'now(6)',
  async run(...statements) {
    for (const each of statements) await maria.root.query(each);
  },
  async ask(select) {
    const [rows] = await maria.root.query({ sql: select, rowsAsArray: true, typeCast: (field) => field.string() });
    return (rows as (string | null)[][]).map((row) =>
      row.map((cell) => cell?.replace(/^(\d{4}-\d\d-\d\d) (\d\d:.*)$/, '$1T$2Z') ?? null),
    );
  },
};

beforeAll(async () => {
  if (!has) return;
  const certificate =
    'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost ' +
    '-addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem';
  execFileSync('sh', ['-c', certificate], { cwd: folder, stdio: 'ignore' });
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  maria = await startMariaDb([`--ssl-cert=${file('cert.pem')}`, `--ssl-key=${file('key.pem')}`]);
  await server.run(
    'create database source',
    'use source',
    `set time_zone = '+00:00'`,
    `create user reader@'%' identified by '${password.replaceAll(/['\\]/g, '\\$&')}'`,
    `grant select, show view on source.* to reader@'%'`,
  );
  server.settings = {
    client: 'mysql',
    host: '127.0.0.1',
    port: maria.port,
    database: 'source',
    user: 'reader',
    tls: { mode: 'none' },
  };
});
afterAll(async () => {
  if (has) await maria.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function connected(): Promise<number> {
  let count = 0;
  for (let time = 0; time < 40; time++) {
    const [[row]] = (await maria.root.query(
      `select count(*) as n from information_schema.processlist where user = 'reader'`,
    )) as unknown as [{ n: number }[]];
    count = row?.n ?? 0;
    if (count === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return count;
}

const adapter = sqlPackageFor([], [folder]);
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
        what: 'no such database',
        connection: () => sqlConnection({ ...server, settings: { ...server.settings, database: 'none' } }),
        code: 'credentials',
      },
      {
        what: 'a certificate that nobody knows',
        connection: () => sqlConnection({ ...server, settings: { ...server.settings, host: 'localhost', tls: {} } }),
        code: 'tls',
      },
      {
        what: 'a certificate for another name',
        connection: () =>
          sqlConnection({
            ...server,
            settings: { ...server.settings, host: '127.0.0.1', tls: { ca: file('cert.pem') } },
          }),
        code: 'tls',
      },
      {
        what: 'a certificate file that settings may not name',
        connection: () => sqlConnection({ ...server, settings: { ...server.settings, tls: { ca: '/etc/hostname' } } }),
        code: 'tls',
      },
    ],
    ...more,
  });

const title = (name: string) => (has ? name : `${name} (${needs('mariadb-server')})`);
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

describe.skipIf(!has)(title('MariaDB'), () => {
  describePackage('sql, MariaDB', () =>
    subject({
      alwaysProven: undefined as never,
      incomplete: [
        {
          what: 'a table without transactions',
          make: () => server.run('alter table people engine = MyISAM'),
          code: 'not-transactional',
        },
        {
          what: 'another such engine',
          make: () => server.run('alter table people engine = Aria'),
          code: 'not-transactional',
        },
      ],
    }),
  );

  it('reads over TLS, with the certificate of a private authority', async () => {
    await subject().reset();
    const secure = subject({
      connection: () =>
        sqlConnection({
          ...server,
          settings: { ...server.settings, host: 'localhost', tls: { ca: file('cert.pem') } },
        }),
    });
    expect((await read(secure)).rows.length).toBe(5);
  });

  it('gives each type as a cell that loses nothing', async () => {
    await server.run(
      'drop table if exists kinds',
      `create table kinds (a bigint unsigned, b decimal(40, 10), c double, d boolean, e varbinary(10), f char(5),
        g timestamp(3) null, h datetime, i date, j time, k text, l bit(10), m year, n blob, o json, p uuid, q enum('x', 'y'))
        default charset utf8mb4`,
      `insert into kinds values (18446744073709551615, '123456789012345678901234567890.12', 0.1, true, x'00ff', 'ab',
        '2024-01-31 10:00:00.5', '2024-01-31 12:00:00', '2024-01-31', '10:00', 'é😀', b'1000000001', 2024, x'ff', '{"a": 1}',
        '00000000-0000-0000-0000-000000000001', 'y')`,
    );
    const { columns, rows } = await read({ ...subject(), table: 'kinds' });
    expect(Object.fromEntries(columns.map((column) => [column, rows[0]?.[column]]))).toEqual({
      a: '{"n":"18446744073709551615"}',
      b: '{"n":"123456789012345678901234567890.1200000000"}',
      c: '{"n":"0.1"}',
      d: '{"n":"1"}',
      e: '{"b":"AP8="}',
      f: 'ab',
      g: '2024-01-31T10:00:00.500Z',
      h: '2024-01-31T12:00:00',
      i: '2024-01-31',
      j: '10:00:00',
      k: 'é😀',
      l: '{"n":"513"}',
      m: '{"n":"2024"}',
      n: '{"b":"/w=="}',
      o: '{"a": 1}',
      p: '00000000-0000-0000-0000-000000000001',
      q: 'y',
    });
  });

  it('finds a table without transactions behind views and in queries', async () => {
    await server.run(
      'drop view if exists outer_view, inner_view',
      'drop table if exists logbook, safe',
      'create table logbook (id int) engine = MyISAM',
      'create table safe (id int) engine = InnoDB',
      'create view inner_view as select id from logbook',
      'create view outer_view as select id from inner_view',
    );
    const tables = {
      query: { query: 'select s.id from safe s left join `logbook` l on l.id = s.id' },
      fine: { query: 'select id as logbook_id from safe' },
    };
    const certificate = async (table: string) => (await read({ ...of(tables), table })).end?.certificate;
    expect(await certificate('outer_view')).toMatchObject({ certified: false, code: 'not-transactional' });
    expect(await certificate('query')).toMatchObject({ certified: false, code: 'not-transactional' });
    expect(await certificate('fine')).toEqual({ certified: true });
    expect(await certificate('safe')).toEqual({ certified: true });
    await server.run('drop view outer_view, inner_view', 'drop table logbook');
  });

  it('quotes names, and takes keys as texts whatever they hold', async () => {
    await server.run(
      'drop table if exists `odd `` name`',
      'create table `odd `` name` (`id```  varchar(100), `select` int)',
      `insert into \`odd \`\` name\` values ('it''s \\\\', 1), ('1', 2)`,
    );
    const odd = { ...of({ odd: { from: 'odd ` name' } }), table: 'odd' };
    expect((await read(odd)).rows.map((row) => row['id`'])).toEqual([`it's \\`, '1']);
    const answered = await adapter.readKeys?.(odd.connection(), {
      table: 'odd',
      wanted: { columns: ['id`'], key: ['id`'] },
      by: ['id`'],
      keys: [[`it's \\`], [`' or 1 = 1 -- `], ['1']],
    });
    expect(
      answered?.answers.map((answer) => (answer.state === 'found' ? answer.records.length : answer.state)),
    ).toEqual([1, 'gone', 1]);
  });

  it('refuses what is no single select, and changes nothing by it', async () => {
    await subject().reset();
    const queries = [
      'select 1) q; drop table people; select * from (select 1',
      'delete from people',
      'selec',
      'select no_column from people',
      'select 1 as a, 2 as a',
    ];
    const tables = Object.fromEntries(queries.map((query, i) => [`q${String(i)}`, { query }]));
    for (const table of Object.keys(tables)) expect((await failure(of(tables), table)).code, table).toBe('query');
    expect((await subject().list()).length).toBe(5);
    expect((await failure(subject(), 'nowhere')).code).toBe('missing-table');
  });

  it('ends a statement that takes too long', async () => {
    const slow = of(
      { slow: { query: 'select sleep(30) as id, count(*) from information_schema.tables' } },
      { statementTimeout: '1s' },
    );
    expect((await failure(slow, 'slow')).code).toBe('time-limit');
  });

  it('discovers keys and links', async () => {
    await server.run(
      'drop table if exists child, parent',
      'create table parent (id int primary key, name varchar(10) not null)',
      'create table child (a int, b int, parent int, primary key (b, a), foreign key (parent) references parent (id))',
    );
    const found = await adapter.discover(sqlConnection(server, { tables: { q: { query: 'select 1 as one' } } }));
    expect(found.find(({ table }) => table === 'child')).toMatchObject({
      key: ['b', 'a'],
      links: [{ column: 'parent', table: 'parent', by: 'id' }],
    });
    expect(found.find(({ table }) => table === 'q')?.columns).toMatchObject([{ name: 'one', type: 'number' }]);
  });

  it('reads a state that existed, while a writer goes on changing rows', async () => {
    await server.run(
      'drop table if exists left_side, right_side',
      'create table left_side (id int primary key, v int)',
      'create table right_side (id int primary key, v int)',
      'insert into left_side select seq, 0 from seq_1_to_2000',
      'insert into right_side select seq, 0 from seq_1_to_2000',
    );
    const flag = { goes: true };
    const writing = (async () => {
      for (let round = 1; flag.goes; round++)
        await server.run(
          'begin',
          `update left_side set v = ${String(round)}`,
          `delete from right_side where id = ${String((round % 2000) + 1)}`,
          `insert into right_side values (${String((round % 2000) + 1)}, 0)`,
          `update right_side set v = ${String(round)}`,
          'commit',
        );
    })();
    const seen = new Set<string>();
    try {
      for (let time = 0; time < 8; time++) {
        const session = await adapter.open?.(subject().connection(), {
          tables: ['left_side', 'right_side'],
          mode: 'complete',
        });
        if (!session) throw new Error('no session');
        const states = new Set<string>();
        for (const table of ['left_side', 'right_side'])
          for await (const event of session.read({ table, tables: [], mode: 'complete' }))
            if (event.kind === 'structured')
              for (const { cells } of event.records) states.add(cellText(cells[1] ?? null));
        await session.close();
        expect(states.size).toBe(1);
        for (const state of states) seen.add(state);
      }
    } finally {
      flag.goes = false;
      await writing;
    }
    expect(seen.size).toBeGreaterThan(1);
  });
});
