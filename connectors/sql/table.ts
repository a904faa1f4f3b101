import { parsePath } from '../../domain/column-path.ts';
import { SyncError } from '../../domain/errors.ts';
import type { WantedColumns } from '../package.ts';
import type { Column, Database, Source } from './database.ts';
import type { SqlSettings, TableSettings } from './settings.ts';

/** A table of the connector file in its database: where its rows come from, and its columns. */
export interface Table {
  name: string;
  settings: TableSettings;
  source: Source;
  /** What stands behind `from`, and the name by which columns are told apart. */
  from: string;
  columns: Column[];
}

const own = 'source_rows';

/** Looks the table up. @throws SyncError `missing-table`, `query`, `credentials` */
export async function findTable(database: Database, { tables }: SqlSettings, name: string): Promise<Table> {
  const settings = tables[name] ?? {};
  if (settings.query !== undefined) database.refuseSeveral?.(settings.query);
  const source: Source =
    settings.query === undefined ? { table: partsOf(settings.from ?? name) } : { query: settings.query };
  // a comment at the end of a query ends with its line
  const rows = 'query' in source ? `(\n${source.query}\n)` : source.table.map((part) => database.quote(part)).join('.');
  const from = `${rows} ${own}`;
  const columns = await database.columns(`select * from ${from}`);
  const twice = columns.find((column, i) => columns.findIndex((each) => each.name === column.name) !== i);
  if (twice)
    throw new SyncError(
      'query',
      `The query has two columns with the name ${twice.name}. Give one of them another name.`,
    );
  return { name, settings, source, from, columns };
}

const partsOf = (from: string): string[] => {
  const parts = from.split('.');
  if (parts.length > 2 || parts.includes(''))
    throw new SyncError('missing-table', 'A table is written as `name` or `schema.name`. For others, use a query.');
  return parts;
};

/** A column of the table, for statements. */
export const columnSql = (database: Database, name: string) => `${own}.${database.quote(name)}`;

/** A select of some columns, and of one more expression behind them. */
export function selectOf(
  database: Database,
  { from }: Table,
  columns: readonly Column[],
  where?: string,
  more?: string,
): string {
  const selected = [...columns.map(({ name }) => columnSql(database, name)), ...(more === undefined ? [] : [more])];
  // a select has at least one column
  const what = selected.join(', ') || `null as ${database.quote('nothing')}`;
  return `select ${what} from ${from}${where === undefined ? '' : ` where ${where}`}`;
}

/** The columns that are asked for; one that is missing is told by whoever asked. */
export function wantedOf({ columns }: Table, wanted: WantedColumns | undefined): Column[] {
  if (!wanted) return columns;
  const names = new Set([
    ...wanted.columns,
    ...wanted.key,
    ...(wanted.identity === undefined ? [] : [wanted.identity]),
  ]);
  const found = columns.filter(({ name }) => names.has(name));
  const known = new Set(columns.map(({ name }) => name));
  const begins = new Set<string>();
  for (const name of names) {
    if (known.has(name)) continue;
    const [first] = parsePath(name) ?? [];
    if (first && 'member' in first) begins.add(first.member);
  }
  return begins.size === 0 ? found : columns.filter(({ name }) => names.has(name) || begins.has(name));
}

/** @throws SyncError `query` */
export function columnOf({ columns, name: table }: Table, name: string, setting: string): Column {
  const found = columns.find((each) => each.name === name);
  if (!found)
    throw new SyncError('query', `${table} has no column ${name}, which ${setting} names. Correct the setting.`, {
      table,
      column: name,
    });
  return found;
}
