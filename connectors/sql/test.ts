import { SyncError } from '../../domain/errors.ts';
import type { Connection, ConnectionTest, DiscoveredTable } from '../package.ts';
import type { Database } from './database.ts';
import { inTable } from './faults.ts';
import { openDatabase, type Surroundings } from './open.ts';
import { noteOf } from './read.ts';
import type { SqlSettings } from './settings.ts';
import { findTable } from './table.ts';

type Checks = NonNullable<ConnectionTest['checks']>;
/** Milliseconds for each step of a test. */
const shortly = 10_000;

/** Connects, and looks at every table that the settings name. */
export async function testConnection(
  around: Surroundings,
  connection: Connection<SqlSettings>,
): Promise<ConnectionTest> {
  const checks: Checks = [];
  const tables: NonNullable<ConnectionTest['tables']> = [];
  const passes = async (name: string, step: () => Promise<string>): Promise<boolean> => {
    try {
      checks.push({ name, ok: true, message: await step() });
      return true;
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      checks.push({ name, ok: false, code: error.code, message: error.message });
      return false;
    }
  };
  const open = () => openDatabase(around, connection, undefined, shortly);
  let database: Database | undefined;
  await passes('connect', async () => {
    database = await open();
    return 'The database answers, and gives a snapshot.';
  });
  try {
    for (const table of database ? Object.keys(connection.settings.tables) : []) {
      // a statement that failed may have taken the snapshot along
      await database?.close();
      await passes(`table ${table}`, async () => {
        database = await open();
        const entries = await lookAt(database, connection.settings, table);
        if (entries !== undefined) tables.push({ table, entries });
        return entries === undefined ? 'The table can be read.' : `The table has ${String(entries)} rows.`;
      });
    }
  } finally {
    await database?.close();
  }
  const failed = checks.find(({ ok }) => !ok);
  return {
    ok: failed === undefined,
    message: failed?.message ?? checks[0]?.message ?? '',
    ...(failed?.code === undefined ? {} : { code: failed.code }),
    checks,
    tables,
  };
}

/** @returns how many rows the table has, if that is told soon enough */
async function lookAt(database: Database, settings: SqlSettings, name: string): Promise<number | undefined> {
  try {
    const table = await findTable(database, settings, name);
    const certificate = await database.certificateOf(table.source);
    if (!certificate.certified)
      throw new SyncError(
        'configuration',
        `The table is read, but not certified (${certificate.code}). ${certificate.reason}`,
      );
    await noteOf(database, table);
    const count = { name: 'count', type: 'number' as const, multiValued: false, sqlType: '' };
    const found = await database.rows(`select count(*) as ${database.quote('count')} from ${table.from}`, [], [count]);
    const [cell] = (found === 'unreadable' ? undefined : found[0]) ?? [];
    return cell !== null && typeof cell === 'object' && 'text' in cell ? Number(cell.text) : undefined;
  } catch (error) {
    if (error instanceof SyncError && error.code === 'time-limit') return undefined;
    throw inTable(error, name);
  }
}

/** Tables and views of the database, and the queries of the settings. */
export async function discover(around: Surroundings, connection: Connection<SqlSettings>): Promise<DiscoveredTable[]> {
  const { settings } = connection;
  const database = await openDatabase(around, connection);
  let found: DiscoveredTable[];
  try {
    found = await database.catalog();
  } finally {
    await database.close();
  }
  const named = Object.keys(settings.tables).filter((name) => !found.some(({ table }) => table === name));
  for (const table of named) {
    const own = await openDatabase(around, connection);
    try {
      const { columns } = await findTable(own, settings, table);
      found.push({
        table,
        columns: columns.map(({ name, type, multiValued }) => ({ name, type, multiValued, nullable: true })),
      });
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      found.push({ table, columns: [], problem: `${error.code}: ${error.message}` });
    } finally {
      await own.close();
    }
  }
  return found;
}
