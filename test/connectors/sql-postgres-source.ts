import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { SyncError } from '../../domain/errors.ts';
import { createSourceDatabase, type SourceDatabase } from '../support/source-database.ts';
import { read, type Subject } from './suite.ts';
import { sqlConnection, sqlPackageFor, sqlSubject, type SqlServer } from './sql-subject.ts';

const password = 'canary-77f1';
export const name = `source_${randomBytes(6).toString('hex')}`;
let database: SourceDatabase;
export const server: SqlServer = {
  settings: {},
  password,
  time: 'timestamptz',
  now: 'clock_timestamp()',
  async run(...statements) {
    for (const each of statements) await database.client.query(each);
  },
  async ask(select) {
    const types = { getTypeParser: () => (text: string) => text } as never;
    const { rows } = await database.client.query<(string | null)[]>({ text: select, rowMode: 'array', types });
    // the server writes times with a space, the package as RFC 3339
    return rows.map((row) => row.map((cell) => cell?.replace(/^(\d{4}-\d\d-\d\d) (.*)\+00$/, '$1T$2Z') ?? null));
  },
};

/** Connections that the package has, once those that are about to end have ended. */
async function connected(): Promise<number> {
  let count = 0;
  for (let time = 0; time < 40; time++) {
    const { rows } = await database.client.query<{ n: number }>(
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
  database = await createSourceDatabase(name, password);
  const { client } = database;
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
  await database.drop();
});

export const adapter = sqlPackageFor();
export const subject = (more: Partial<Subject> = {}): Subject =>
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

export const of = (tables: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  subject({ connection: () => sqlConnection(server, { tables, ...more }) });

export async function failure(of: Subject, table: string): Promise<SyncError> {
  const error: unknown = await read({ ...of, table }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SyncError);
  return error as SyncError;
}
