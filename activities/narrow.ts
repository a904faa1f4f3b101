import { bindColumns } from '../domain/bind-columns.ts';
import { targetsOf, type ConnectorFile } from '../domain/connector-file.ts';
import { dependsOnToday, type ConnectorMapping, type RowBinder, type TableMapping } from '../domain/mapping.ts';
import { findUnchangedBase } from '../repository/checkpoint.ts';
import type { Database } from '../repository/database.ts';
import { NarrowRefused } from '../repository/narrow.ts';
import { countLinks } from '../repository/stored.ts';
import { hasWarnings } from '../repository/row-errors.ts';
import { findSyncByNumber, type Preparation, type ReadCounts, type SyncRow } from '../repository/syncs.ts';
import { compareLines, hasHashes, isPlain } from '../store/compare-lines.ts';
import type { ExportStore } from '../store/export-store.ts';
import type { StoredRecord } from '../store/part-format.ts';
import { catalogLink, catalogType, type Catalog } from './plan-diff.ts';
import { mappingInScope } from './sinks.ts';
import { tablesOf, type ConnectionTable } from './connection-tables.ts';
import { noCounts, TableStager, type Sinks } from './stage-table.ts';

/** After this number of narrowed syncs in a row the next sync compares everything, as a check. */
const mostInARow = 9;
/** The part of a table that may differ before comparing everything is cheaper. */
const mostDifferent = 0.2;

/** The earlier export that a complete sync can be narrowed against: the one whose rows are exactly what is stored. */
export interface NarrowBase {
  sync: number;
  inARow: number;
  types: Preparation['types'];
  links: Preparation['links'];
  tables: { earlier: ConnectionTable; later: ConnectionTable }[];
}

/** Finds the base, if every condition of a narrowed comparison is true; see repository/narrow.ts. */
export async function findNarrowBase(
  { db, store, version }: { db: Database; store: ExportStore; version: string },
  sync: SyncRow,
  file: ConnectorFile,
  catalog: Catalog,
  tables: ConnectionTable[],
): Promise<NarrowBase | undefined> {
  if (sync.mode !== 'complete' || sync.scope !== null || sync.tasks.length !== 4 || sync.preparation?.whole)
    return undefined;
  if (dependsOnToday(file)) return undefined;
  const base = await findUnchangedBase(db, sync.connector, sync.configRevision, version);
  const earlier = base && (await findSyncByNumber(db, base.sync));
  const preparation = earlier?.preparation;
  if (!earlier?.exportRef || !preparation || (preparation.narrowed?.inARow ?? 0) >= mostInARow) return undefined;
  // a full comparison would give these warnings again
  if (await hasWarnings(db, earlier.no, ['schema-drift', 'cycle'])) return undefined;
  if (!Object.values(preparation.types).every(({ rejected, duplicates }) => rejected + duplicates === 0))
    return undefined;
  for (const type of file.entityTypes)
    for (const [name, navigation] of Object.entries(type.navigationProperties)) {
      if (targetsOf(navigation).length > 1) return undefined;
      if (navigation.table === undefined) continue;
      const { id } = catalogLink(catalog, catalogType(catalog, type.name).id, name, navigation);
      const read = preparation.links[`${type.name}.${name}`];
      // as many links as rows: none occurs twice, none dangles
      if (navigation.by !== undefined || read?.rejected !== 0 || read.accepted !== (await countLinks(db, id)))
        return undefined;
    }
  const earlierTables = await tablesOf(store, earlier.exportRef, sync.connectorName).catch(() => []);
  const pairs = [];
  for (const later of tables) {
    const before = earlierTables.find(
      (each) => each.connection === later.connection && each.table.table === later.table.table,
    );
    if (!before || !(await comparable(store, before, later))) return undefined;
    pairs.push({ earlier: before, later });
  }
  return {
    sync: earlier.no,
    inARow: (preparation.narrowed?.inARow ?? 0) + 1,
    types: preparation.types,
    links: preparation.links,
    tables: pairs,
  };
}

async function comparable(store: ExportStore, earlier: ConnectionTable, later: ConnectionTable): Promise<boolean> {
  const written = ({ table }: ConnectionTable) => {
    const kinds = new Set(table.parts.map(({ plain }) => `${plain?.delimiter ?? ''}${plain?.quote ?? ''}`));
    return JSON.stringify([table.columns, [...kinds]]);
  };
  return (
    earlier.table.certified &&
    later.table.certified &&
    // rows of several files are named by file and line
    [earlier, later].every(({ table }) => table.parts.every(({ source }) => source === table.table)) &&
    isPlain(earlier.table) &&
    isPlain(later.table) &&
    written(earlier) === written(later) &&
    (await hasHashes(store, earlier))
  );
}

/** How many rows differ, and how the removed rows were counted before. */
export interface Difference {
  added: number;
  removed: number;
  gone: Map<string, ReadCounts>;
}

/**
 * Maps the rows that only the later export has into the sinks, and the keys of those that only the earlier one has.
 * @throws NarrowRefused if too much differs
 */
export async function stageDifference(
  store: ExportStore,
  sync: SyncRow,
  base: NarrowBase,
  mapping: ConnectorMapping,
  sinks: Sinks,
  signal: AbortSignal,
): Promise<Difference> {
  const difference: Difference = { added: 0, removed: 0, gone: new Map() };
  let seq = 0;
  for (const { earlier, later } of base.tables) {
    const table = mappingInScope(mapping, later.connection, later.table.table, sync);
    if (!table) continue;
    const stager = new TableStager(table, sinks, seq);
    stager.enter({ source: later.table.table, columns: later.table.columns, commandColumn: undefined });
    const binder = bindColumns(table, earlier.table.columns, { patch: false });
    const limit = Math.max(1000, mostDifferent * later.table.rows);
    let rows = 0;
    for await (const { kind, records } of compareLines(store, earlier, later, signal)) {
      rows += records.length;
      if (rows > limit) throw new NarrowRefused(`much of ${table.table} has changed`);
      difference[kind] += records.length;
      if (kind === 'added') for (const sink of stager.take(records)) await sink.flush();
      else for (const sink of takeRemoved(table, binder, records, sinks, difference.gone)) await sink.flush();
    }
    seq = stager.seq;
  }
  return difference;
}

/** Stages the keys and links of removed rows. All of them were accepted or filtered, else nothing is narrowed. */
function takeRemoved(
  table: TableMapping,
  binder: RowBinder,
  records: readonly StoredRecord[],
  sinks: Sinks,
  gone: Map<string, ReadCounts>,
): Set<{ flush(): Promise<void> }> {
  const due = new Set<{ flush(): Promise<void> }>();
  const countsOf = (scope: string) => {
    const counts = gone.get(scope) ?? noCounts();
    gone.set(scope, counts);
    return counts;
  };
  for (const record of records) {
    for (const type of binder.entityTypes) {
      const counts = countsOf(type.name);
      const mapped = type.map(record);
      counts.read++;
      if (mapped.kind === 'filtered') counts.filtered++;
      else if (mapped.kind === 'row' && !mapped.fault) {
        counts.accepted++;
        const sink = sinks.removedKeys.get(type.name);
        if (sink?.add([mapped.keyText])) due.add(sink);
      } else throw new NarrowRefused(`a row of ${table.table} is rejected now that was accepted`);
    }
    for (const link of binder.links) {
      const scope = `${link.entityType}.${link.name}`;
      const counts = countsOf(scope);
      const mapped = link.map(record);
      counts.read++;
      if (mapped.kind === 'filtered') counts.filtered++;
      else if (mapped.kind === 'link') {
        counts.accepted++;
        const sink = sinks.removedLinks.get(scope);
        if (sink?.add([mapped.source, mapped.target])) due.add(sink);
      } else throw new NarrowRefused(`a row of ${table.table} is rejected now that was accepted`);
    }
  }
  return due;
}

/** The counts of a read of everything: the earlier counts, minus the rows that are gone, plus the new rows. */
export function addCounts(before: ReadCounts, gone: ReadCounts | undefined, added: ReadCounts): ReadCounts {
  const all = noCounts();
  for (const name of Object.keys(all) as (keyof ReadCounts)[])
    all[name] = before[name] - (gone?.[name] ?? 0) + added[name];
  return all;
}
