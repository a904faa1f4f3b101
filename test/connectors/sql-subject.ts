import { cellText, ExactNumber } from '../../domain/cell.ts';
import { createSqlPackage } from '../../connectors/sql/index.ts';
import { sqlSettings, type SqlSettings } from '../../connectors/sql/settings.ts';
import type { Connection } from '../../connectors/package.ts';
import { parseOutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Subject } from './suite.ts';

/** What the tests say to a database by its own client. */
export interface SqlServer {
  /** How settings name the database. */
  settings: Record<string, unknown>;
  password?: string | undefined;
  /** Runs statements, one after the other. */
  run: (...statements: string[]) => Promise<void>;
  /** Rows of a select, each cell as a text, or null. */
  ask: (select: string) => Promise<(string | null)[][]>;
  /** A type of times, and the time now, of the dialect. */
  time: string;
  now: string;
}

export const allowLoopback = () => {
  const allow = parseOutboundAllow('127.0.0.0/8,localhost');
  if (typeof allow === 'string') throw new Error(allow);
  return allow;
};

export const sqlPackageFor = (fileRoots: readonly string[] = [], secretFolders: readonly string[] = []) =>
  createSqlPackage({ fileRoots, outbound: { allow: allowLoopback(), secretFolders } });

export const sqlConnection = (
  { settings, password }: Pick<SqlServer, 'settings' | 'password'>,
  more: Record<string, unknown> = {},
): Connection<SqlSettings> => ({
  name: 'db',
  settings: sqlSettings.parse({ ...settings, ...more }),
  secrets: password === undefined ? {} : { password },
});

const tables = {
  people: {
    watermark: { column: 'changed_at', overlap: '1s' },
    deleted: { query: 'select id from gone where gone_at >= :since' },
  },
};

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** People with numbers and times, for the contract suite. */
export function sqlSubject(
  server: SqlServer,
  more: Pick<Subject, 'adapter' | 'unreachable' | 'sessions'> & Partial<Subject>,
): Subject {
  const columns: Subject['columns'] = [
    { name: 'id', type: 'string', multiValued: false, nullable: false },
    { name: 'name', type: 'string', multiValued: false, nullable: true },
    { name: 'hours', type: 'number', multiValued: false, nullable: true },
    { name: 'changed_at', type: 'dateTime', multiValued: false, nullable: true },
  ];
  return {
    connection: () => sqlConnection(server, { tables }),
    badSettings: [
      { settings: {}, path: 'client' },
      { settings: { ...server.settings, client: 'oracle' }, path: 'client' },
      { settings: { client: 'postgres' }, path: 'host' },
      { settings: { client: 'sqlite' }, path: 'file' },
      { settings: { client: 'sqlite', file: 'a', host: 'b' }, path: 'host' },
      { settings: { ...server.settings, tables: { t: { query: 'select 1;' } } }, path: 'tables.t.query' },
      { settings: { ...server.settings, tables: { t: { from: 'a', query: 'b' } } }, path: 'tables.t.query' },
      { settings: { ...server.settings, tables: { t: { deleted: { query: 'b' } } } }, path: 'tables.t.deleted' },
      { settings: { ...server.settings, statementTimeout: '5 min' }, path: 'statementTimeout' },
    ],
    table: 'people',
    tables: ['people'],
    key: ['id'],
    columns,
    reset: () =>
      server.run(
        'drop table if exists people',
        'drop table if exists gone',
        `create table people (id varchar(20) not null primary key, name varchar(200), hours decimal(10, 2), changed_at ${server.time})`,
        `create table gone (id varchar(20), gone_at ${server.time})`,
        `insert into people values ('a', 'Ann', 37.50, '2020-01-01 00:00:00.000001'), ('b', 'Bo', 0, '2020-01-02 00:00:00'),
          ('c', null, null, '2020-01-03 10:00:00'), ('d', 'it''s', 12.25, '2020-01-03 10:00:00'), ('e', '', -1.5, '2020-01-03 10:00:00')`,
      ),
    list: async () =>
      (await server.ask('select id, name, hours, changed_at from people')).map(([id, name, hours, at]) => ({
        id: id ?? '',
        name: name ?? '',
        hours: hours === null || hours === undefined ? '' : cellText(new ExactNumber(hours)),
        changed_at: at ?? '',
      })),
    put: (key, value) =>
      server.run(
        `delete from people where id = ${text(key)}`,
        `insert into people values (${text(key)}, ${text(value)}, 1, ${server.now})`,
      ),
    remove: (key) =>
      server.run(`delete from people where id = ${text(key)}`, `insert into gone values (${text(key)}, ${server.now})`),
    storedKey: 'b',
    freshKey: 'x',
    shows: (row, value) => row['name'] === value,
    overlaps: true,
    targeted: { proves: true, unproven: [], together: true },
    alwaysProven: 'the end of a select in a snapshot',
    incomplete: [],
    ...more,
  };
}
