import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { rows, type Queryable } from './database.ts';
import { putViewsBack, setViewsAside } from './views-aside.ts';

const folder = join(import.meta.dirname, 'migrations');

/**
 * Applies the migrations that the database does not have yet, in the order of their numbers.
 * Safe to run at once from several processes: each migration first takes its own row, and a second runner waits for the
 * first one's transaction, then finds the row taken.
 * @returns the names of those applied by this call
 */
export async function migrate(databaseUrl: string): Promise<{ applied: string[] }> {
  const client = new pg.Client({
    ...(databaseUrl === '' ? {} : { connectionString: databaseUrl }),
    connectionTimeoutMillis: 10_000,
    application_name: 'syncline-migrate',
  });
  await client.connect();
  try {
    // "if not exists" alone fails when two processes create the same thing at once; the lock ends with the transaction.
    await client.query(`
      begin;
      select pg_advisory_xact_lock(hashtext('syncline-migrate'));
      create schema if not exists syncline;
      create table if not exists syncline.migration (name text primary key, applied_at timestamptz not null default now());
      commit`);
    const applied: string[] = [];
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()) {
      if (await applyOne(client, file)) applied.push(file.replace(/\.sql$/, ''));
    }
    return { applied };
  } finally {
    await client.end();
  }
}

async function applyOne(client: pg.Client, file: string): Promise<boolean> {
  await client.query('begin');
  try {
    const taken = await client.query('insert into syncline.migration (name) values ($1) on conflict do nothing', [
      file.replace(/\.sql$/, ''),
    ]);
    if (taken.rowCount === 0) {
      await client.query('rollback');
      return false;
    }
    await client.query(setViewsAside);
    await client.query(await readFile(join(folder, file), 'utf8'));
    await client.query(putViewsBack);
    await client.query('commit');
    return true;
  } catch (cause) {
    await client.query('rollback');
    const state = cause instanceof pg.DatabaseError ? ` (SQLSTATE ${cause.code ?? 'unknown'})` : '';
    throw new Error(`Migration ${file} failed${state}; the database is as it was before it.`, { cause });
  }
}

/** Names of the migrations that this version has and the database lacks. */
export async function pendingMigrations(db: Queryable): Promise<string[]> {
  const applied = await rows<{ name: string }>(db, 'select name from syncline.migration');
  const names = new Set(applied.map((each) => each.name));
  return (await readdir(folder))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.replace(/\.sql$/, ''))
    .filter((name) => !names.has(name))
    .sort();
}
