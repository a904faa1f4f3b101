import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { template } from './servers.ts';

/** A migrated database of the test's own: a copy of the template, made in milliseconds. */
export async function createTestDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(inject('databaseTemplateUrl'));
  const owner = url.username;
  url.pathname = `/${name}`;
  await asAdmin(`create database ${name} template ${template} owner ${owner}`);
  return { url: url.href, drop: () => asAdmin(`drop database if exists ${name} with (force)`) };
}

/** A database of an earlier version, as pg_dump wrote it (plain, with inserts): not migrated. */
export async function restoreTestDatabase(dump: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(inject('databaseTemplateUrl'));
  url.pathname = `/${name}`;
  await asAdmin(`create database ${name} owner ${url.username}`);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(dump);
  } finally {
    await client.end();
  }
  return { url: url.href, drop: () => asAdmin(`drop database if exists ${name} with (force)`) };
}

/** Deletes the jobs out of the box, before a worker makes schedules of them. */
export async function deleteJobs(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('delete from syncline.job');
  } finally {
    await client.end();
  }
}

async function asAdmin(sql: string): Promise<void> {
  const admin = new pg.Client({ connectionString: inject('databaseAdminUrl') });
  await admin.connect();
  try {
    await admin.query(sql);
  } finally {
    await admin.end();
  }
}
