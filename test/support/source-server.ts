import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { createSourceDatabase } from './source-database.ts';
import { startMariaDb } from './mariadb.ts';

/** A database that is a source: how connectors name it, and how a test writes to it. */
export interface SourceServer {
  host: string;
  settings: Record<string, unknown>;
  /** Runs statements as one transaction. */
  write: (...statements: string[]) => Promise<void>;
  /** Type of times, and the time of now. */
  time: string;
  now: string;
  stop: () => Promise<void>;
}

/** On the PostgreSQL that the tests share. */
export async function postgresSource(password: string): Promise<SourceServer> {
  const name = `source_${randomBytes(6).toString('hex')}`;
  const { host, client, drop } = await createSourceDatabase(name, password);
  await client.query(`alter default privileges in schema public grant select on tables to ${name}`);
  const { hostname, port } = new URL(inject('databaseAdminUrl'));
  const at = { host: hostname, port: Number(port), database: name, user: name };
  return {
    ...{ host, time: 'timestamptz', now: 'clock_timestamp()', stop: drop },
    settings: { client: 'postgres', ...at, tls: { mode: 'none' } },
    async write(...statements) {
      await client.query(['begin', ...statements, 'commit'].join(';\n'));
    },
  };
}

/** On a MariaDB of its own. */
export async function mariaDbSource(password: string): Promise<SourceServer> {
  const { port, root, stop } = await startMariaDb();
  await root.query(
    `create database source; use source; set time_zone = '+00:00';
     create user reader@'%' identified by '${password}'; grant select, show view on source.* to reader@'%'`,
  );
  const at = { host: '127.0.0.1', port, database: 'source', user: 'reader' };
  return {
    ...{ host: `127.0.0.1:${String(port)}`, time: 'timestamp(6) null', now: 'now(6)', stop },
    settings: { client: 'mysql', ...at, tls: { mode: 'none' } },
    async write(...statements) {
      await root.query(['begin', ...statements, 'commit'].join(';\n'));
    },
  };
}
