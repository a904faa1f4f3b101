import { SyncError } from '../../domain/errors.ts';
import type { Outbound } from '../outbound/index.ts';
import type { Connection, ConnectionTest } from '../package.ts';
import { lookForCanaries } from './canary.ts';
import { oids } from './controls.ts';
import { Directory } from './directory.ts';
import { searchPages } from './pages.ts';
import { noteOf } from './note.ts';
import type { LdapSettings } from './settings.ts';
import { beginTable, isExcluded, type TableRead } from './table-read.ts';

type Checks = NonNullable<ConnectionTest['checks']>;

/** Logs in, and looks at each table, each canary and the way to changes. */
export async function testConnection(
  outbound: Outbound,
  connection: Connection<LdapSettings>,
): Promise<ConnectionTest> {
  const { settings } = connection;
  const checks: Checks = [];
  const tables: NonNullable<ConnectionTest['tables']> = [];
  let directory: Directory;
  try {
    directory = await Directory.open(outbound, connection);
  } catch (error) {
    const { code, message } = failureOf(error);
    return { ok: false, code, message, checks: [{ name: 'login', ok: false, code, message }] };
  }
  try {
    const encrypted = settings.tls?.startTls === true || directory.root.url.startsWith('ldaps:');
    checks.push({
      name: 'login',
      ok: true,
      message: `${directory.root.url} accepts the login${encrypted ? '' : ', without encryption'}.`,
    });
    if (!directory.root.controls.has(oids.paged))
      checks.push({
        name: 'paging',
        ok: false,
        code: 'paging-lost',
        message: 'The directory does not support paged results, so no read of it can be proven to be whole.',
      });
    for (const name of Object.keys(settings.tables)) await testTable(directory, settings, name, checks, tables);
    if (checks.length === 1) {
      const missing = await beneath(directory, settings.baseDN);
      checks.push(missing ?? { name: 'base', ok: true, message: 'The base exists.' });
    }
    const failed = checks.find(({ ok }) => !ok);
    if (failed)
      return {
        ok: false,
        ...(failed.code === undefined ? {} : { code: failed.code }),
        message: failed.message,
        checks,
        tables,
      };
    return { ok: true, message: `The directory can be read: ${summary(tables)}.`, checks, tables };
  } finally {
    await directory.close();
  }
}

const summary = (tables: { table: string; entries: number }[]) =>
  tables.length === 0
    ? 'the login is accepted, and the base exists'
    : tables.map(({ table, entries }) => `${table} has ${entries.toLocaleString('en-US')} entries`).join(', ');

async function beneath(directory: Directory, base: string): Promise<Checks[number] | undefined> {
  try {
    await directory.search({ base, scope: 'base', attributes: ['1.1'] });
    return undefined;
  } catch (error) {
    return { name: 'base', ok: false, ...failureOf(error) };
  }
}

async function testTable(
  directory: Directory,
  settings: LdapSettings,
  name: string,
  checks: Checks,
  tables: { table: string; entries: number }[],
): Promise<void> {
  let read: TableRead;
  try {
    read = await beginTable(directory, settings, name, { columns: [], key: [] });
    const entries = await countOf(read);
    if (entries !== undefined) tables.push({ table: name, entries });
    const count =
      entries === undefined ? `more than ${mostCounted.toLocaleString('en-US')}` : entries.toLocaleString('en-US');
    checks.push({ name: `tables.${name}`, ok: true, message: `The search gives ${count} entries.` });
  } catch (error) {
    checks.push({ name: `tables.${name}`, ok: false, ...failureOf(error) });
    return;
  }
  try {
    await lookForCanaries(read);
    const { canary } = read.table;
    const message =
      canary === undefined
        ? 'There is no canary, so no delete will be derived from this table. Name an entry that must be seen, or say canary: none.'
        : canary === 'none'
          ? 'There is no canary by choice: a right to read that is lost looks like entries that are gone.'
          : 'All canaries are seen.';
    checks.push({ name: `tables.${name}.canary`, ok: true, message });
  } catch (error) {
    checks.push({ name: `tables.${name}.canary`, ok: false, ...failureOf(error) });
  }
  if (settings.changes === 'none') return;
  try {
    const note = await noteOf(read);
    checks.push({
      name: `tables.${name}.changes`,
      ok: true,
      message: `Changes can be read from ${note?.name ?? 'here'} on.`,
    });
  } catch (error) {
    checks.push({ name: `tables.${name}.changes`, ok: false, ...failureOf(error) });
  }
}

const mostCounted = 50_000;

/** @returns undefined if there are more than is worth counting */
async function countOf(read: TableRead): Promise<number | undefined> {
  const { directory, settings, table, filter } = read;
  let count = 0;
  for (const base of table.bases)
    for await (const { entries } of searchPages(directory, {
      base,
      scope: table.scope,
      filter,
      attributes: ['1.1'],
      pageSize: settings.pageSize,
      table: table.name,
    })) {
      count += entries.filter((entry) => !isExcluded(read, entry)).length;
      if (count > mostCounted) return undefined;
    }
  return count;
}

function failureOf(error: unknown): { code: string; message: string } {
  if (error instanceof SyncError) return { code: error.code, message: error.message };
  throw error;
}
