import { ExactNumber, type Cell } from '../../domain/cell.ts';
import { SyncError } from '../../domain/errors.ts';
import type { Connection, ConnectionTest, DiscoveredColumn, DiscoveredTable } from '../package.ts';
import type { WebPackageOptions } from '../web/open.ts';
import { readHttp } from './read.ts';
import type { HttpSettings } from './settings.ts';

/** Columns and types of the first rows of each table. */
export async function discoverHttp(
  options: WebPackageOptions,
  connection: Connection<HttpSettings>,
): Promise<DiscoveredTable[]> {
  const tables: DiscoveredTable[] = [];
  for (const table of Object.keys(connection.settings.tables))
    tables.push(
      await firstRows(options, connection, table).then(
        ({ columns, rows }) => ({
          table,
          columns: columns.map((name, i) =>
            columnOf(
              name,
              rows.map((row) => row[i] ?? null),
            ),
          ),
        }),
        (error: unknown) => {
          if (!(error instanceof SyncError)) throw error;
          return { table, columns: [], problem: `${error.code}: ${error.message}` };
        },
      ),
    );
  return tables;
}

export async function testHttp(
  options: WebPackageOptions,
  connection: Connection<HttpSettings>,
): Promise<ConnectionTest> {
  const checks: NonNullable<ConnectionTest['checks']> = [];
  for (const table of Object.keys(connection.settings.tables))
    try {
      const { columns } = await firstRows(options, connection, table);
      checks.push({ name: table, ok: true, message: `Its first rows have ${String(columns.length)} columns.` });
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      const { code, message } = error;
      return { ok: false, code, message, checks: [...checks, { name: table, ok: false, code, message }] };
    }
  return { ok: true, message: `${String(checks.length)} tables can be read.`, checks };
}

/** The first batch of a table; the read ends behind it. */
async function firstRows(options: WebPackageOptions, connection: Connection<HttpSettings>, table: string) {
  let columns: string[] = [];
  const request = { table, mode: 'complete' as const, tables: [table] };
  for await (const event of readHttp(options, connection, request)) {
    if (event.kind === 'segment') columns = event.columns;
    if (event.kind === 'structured') return { columns, rows: event.records.map(({ cells }) => cells) };
  }
  return { columns, rows: [] };
}

function columnOf(name: string, cells: readonly Cell[]): DiscoveredColumn {
  const items = cells
    .flatMap((cell) => (Array.isArray(cell) ? (cell as Cell[]) : [cell]))
    .filter((cell) => cell !== null);
  const all = (fits: (cell: Cell) => boolean) => items.length > 0 && items.every(fits);
  const type = all((cell) => cell instanceof ExactNumber)
    ? 'number'
    : all((cell) => typeof cell === 'boolean')
      ? 'boolean'
      : items.some((cell) => cell instanceof Map)
        ? 'object'
        : 'string';
  return { name, type, multiValued: cells.some(Array.isArray), nullable: true };
}
