import pg from 'pg';
import { inject } from 'vitest';

/** A database on the server that the tests share, as a source: what a test writes to, and one who may log in and nothing else. */
export interface SourceDatabase {
  /** Of the server, as in an address. */
  host: string;
  /** As the owner of the database. */
  client: pg.Client;
  drop: () => Promise<void>;
}

/** @param name of the database and of the role that logs in with the password */
export async function createSourceDatabase(name: string, password: string): Promise<SourceDatabase> {
  const url = new URL(inject('databaseAdminUrl'));
  const admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.query(`create role ${name} login password '${password}'`);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const drop = async () => {
    await client.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.query(`drop role ${name}`);
    await admin.end();
  };
  return { host: url.host, client, drop };
}
