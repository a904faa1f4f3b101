import { SyncError } from '../../domain/errors.ts';
import type { Connection, ConnectionTest, DiscoveredTable } from '../package.ts';
import type { WebPackageOptions } from '../web/open.ts';
import { readReport } from './read.ts';
import type { WorkdaySettings } from './settings.ts';

/** The columns of a report, and its first rows; then the read ends. */
async function begin(
  options: WebPackageOptions,
  connection: Connection<WorkdaySettings>,
  table: string,
): Promise<DiscoveredTable> {
  const request = { table, mode: 'complete' as const, tables: [table] };
  for await (const event of readReport(options, withoutEffective(connection), request))
    if (event.kind === 'segment')
      return {
        table,
        columns: event.columns.map((name) => ({ name, type: 'string' as const, multiValued: false, nullable: true })),
      };
  return { table, columns: [] };
}

/** Without the choice of rows, which waits for the last row. The key of the settings may be missing. */
function withoutEffective(connection: Connection<WorkdaySettings>): Connection<WorkdaySettings> {
  const tables = Object.fromEntries(
    Object.entries(connection.settings.tables).map(([name, { effective: _effective, ...report }]) => [name, report]),
  );
  return { ...connection, settings: { ...connection.settings, tables } };
}

export async function discoverWorkday(
  options: WebPackageOptions,
  connection: Connection<WorkdaySettings>,
): Promise<DiscoveredTable[]> {
  const found: DiscoveredTable[] = [];
  for (const table of Object.keys(connection.settings.tables))
    try {
      found.push(await begin(options, connection, table));
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      found.push({ table, columns: [], problem: `${error.code}: ${error.message}` });
    }
  return found;
}

export async function testWorkday(
  options: WebPackageOptions,
  connection: Connection<WorkdaySettings>,
): Promise<ConnectionTest> {
  const checks: NonNullable<ConnectionTest['checks']> = [];
  for (const name of Object.keys(connection.settings.tables))
    try {
      const { columns } = await begin(options, connection, name);
      checks.push({ name, ok: true, message: `The report has ${String(columns.length)} columns.` });
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      const { code, message } = error;
      return { ok: false, code, message, checks: [...checks, { name, ok: false, code, message }] };
    }
  return { ok: true, message: `${String(checks.length)} reports can be read.`, checks };
}
