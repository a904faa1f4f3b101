import type { Filter } from 'ldapts';
import { SyncError } from '../../domain/errors.ts';
import type { StructuredRecord, WantedColumns } from '../package.ts';
import { columnsOf, type Columns } from '../entries/columns.ts';
import type { Entry } from '../entries/entry.ts';
import type { Directory } from './directory.ts';
import { allOf, parseFilter } from '../entries/filter.ts';
import { isWithin, normalName } from '../entries/names.ts';
import { searchPages } from './pages.ts';
import { stamps, wholeEntries } from './ranges.ts';
import { discoverTable, readSchema } from './schema.ts';
import { tableOf, type LdapSettings, type Table } from './settings.ts';

/** Everything that a read of one table needs. */
export interface TableRead {
  directory: Directory;
  settings: LdapSettings;
  table: Table;
  filter: Filter;
  columns: Columns;
  /** The attribute that stays when an entry is renamed or moved. */
  identity: 'objectGUID' | 'entryUUID' | 'nsUniqueId';
}

/** @throws SyncError `missing-table` if the table is neither in the settings nor an object class */
export async function beginTable(
  directory: Directory,
  settings: LdapSettings,
  name: string,
  wanted: WantedColumns | undefined,
): Promise<TableRead> {
  const table = tableOf(settings, name);
  const identity = identityOf(directory);
  if (wanted === undefined || !table.configured) {
    const schema = await readSchema(directory);
    if (!table.configured && !schema.classes.has(name.toLowerCase()))
      throw new SyncError(
        'missing-table',
        `The table ${name} is not in settings.tables, and the directory has no object class of this name. Add it to settings.tables, or correct the table in the connector file.`,
        { table: name },
      );
    if (wanted === undefined) {
      const { columns } = await discoverTable(directory, settings, name, schema);
      const all = columns.map((column) => column.name);
      return of(columnsOf(undefined, all, settings.binaryAttributes, identity));
    }
  }
  return of(columnsOf(wanted, [], settings.binaryAttributes, identity));

  function of(columns: Columns): TableRead {
    return { directory, settings, table, filter: parseFilter(table.filter), columns, identity };
  }
}

export const identityOf = ({ root }: Directory): TableRead['identity'] =>
  root.isActiveDirectory ? 'objectGUID' : root.is389 ? 'nsUniqueId' : 'entryUUID';

/**
 * The entries of a table by pages, each whole, and how many references to other servers came.
 * @param more attributes to ask for beside those of the columns
 * @param counted whether each page becomes a batch
 */
export async function* entriesOf(
  read: TableRead,
  further?: Filter,
  more: readonly string[] = [],
  counted = false,
): AsyncGenerator<{ entries: Entry[]; references: number }> {
  const { directory, settings, table, filter, columns } = read;
  const needed = directory.root.isActiveDirectory ? ['objectGUID', ...stamps] : [];
  const attributes = [...columns.ask.filter((name) => name !== '1.1'), ...needed, ...more];
  for (const base of table.bases)
    for await (const page of searchPages(directory, {
      base,
      scope: table.scope,
      filter: further ? allOf(filter, further) : filter,
      attributes: attributes.length === 0 ? ['1.1'] : attributes,
      pageSize: settings.pageSize,
      counted: counted && table.exclude.length === 0,
      table: table.name,
    })) {
      const entries = page.entries.filter((entry) => !isExcluded(read, entry));
      yield { entries: await wholeEntries(directory, entries, table.name), references: page.references };
    }
}

export function isExcluded({ table }: TableRead, { dn }: Entry): boolean {
  if (table.exclude.length === 0) return false;
  const name = normalName(dn);
  return table.exclude.some((branch) => isWithin(name, branch));
}

/** Records in batches that the caller can hold. */
export function* batches(records: StructuredRecord[]): Generator<StructuredRecord[]> {
  for (let at = 0; at < records.length; at += batchSize) yield records.slice(at, at + batchSize);
}
const batchSize = 1000;
