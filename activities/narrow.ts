import { bindColumns } from '../domain/bind-columns.ts';
import { targetsOf, type ConnectorFile } from '../domain/connector-file.ts';
import { dependsOnToday, type ConnectorMapping, type RowBinder, type TableMapping } from '../domain/mapping.ts';
import { countNarrowed, findAppliedBase } from '../repository/applied-base.ts';
import type { Database } from '../repository/database.ts';
import { NarrowRefused } from '../repository/narrow.ts';
import { hasRefusals } from '../repository/refusals/active.ts';
import { linksSince } from '../repository/sought.ts';
import { countLinks } from '../repository/stored.ts';
import { hasWarnings, listedLines } from '../repository/row-errors.ts';
import {
  countRejections,
  findSyncByNumber,
  type Preparation,
  type ReadCounts,
  type SyncRow,
} from '../repository/syncs.ts';
import { compareLines, hasHashes, isPlain } from '../store/compare-lines.ts';
import type { ExportStore } from '../store/export-store.ts';
import type { StoredRecord } from '../store/part-format.ts';
import { catalogLink, catalogType, type Catalog } from './plan-diff.ts';
import { mappingInScope } from './sinks.ts';
import { tablesOf, type ConnectionTable } from './connection-tables.ts';
import type { SoughtTable } from './stage-sought.ts';
import { TableStager, type Sinks } from './stage-table.ts';

/** After this number of narrowed syncs in a row the next sync compares everything, as a check. */
const mostInARow = 9;
/** The part of a table that may differ before comparing everything is cheaper, and the part that may be listed as errors. */
const mostDifferent = 0.2;

/**
 * The earlier export that a complete sync can be narrowed against: all its rows are exactly what is stored, but for those that
 * the errors of its sync list.
 */
export interface NarrowBase {
  sync: number;
  inARow: number;
  /** Syncs whose changes the rows of the earlier export do not have. */
  since: readonly number[];
  types: Preparation['types'];
  links: Preparation['links'];
  tables: {
    earlier: ConnectionTable;
    later: ConnectionTable;
    /** Lines of the earlier one, from 0 and ascending, that errors list. */
    listed: Uint32Array;
  }[];
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
  const base = await findAppliedBase(db, sync.connector, sync.configRevision, version);
  const earlier = base && (await findSyncByNumber(db, base.sync));
  const preparation = earlier?.preparation;
  if (!base || !earlier?.exportRef || !preparation) return undefined;
  const since = base.since ?? [];
  const inARow = (preparation.narrowed?.inARow ?? 0) + (await countNarrowed(db, sync.connector, since));
  if (inARow >= mostInARow) return undefined;
  // what is refused is judged by all rows, if it may have changed since
  if (since.length > 0 && (await hasRefusals(db, sync.connector))) return undefined;
  // a full comparison would give these warnings again
  if (await hasWarnings(db, earlier.no, ['schema-drift', 'cycle'])) return undefined;
  if (!(await isExact(db, earlier, file, catalog, preparation, since))) return undefined;
  const lines = await listedLines(db, earlier.no);
  if (!lines) return undefined;
  const earlierTables = await tablesOf(store, earlier.exportRef, sync.connectorName).catch(() => []);
  const pairs = [];
  for (const later of tables) {
    const before = earlierTables.find(
      (each) => each.connection === later.connection && each.table.table === later.table.table,
    );
    if (!before || !(await comparable(store, before, later))) return undefined;
    const listed = placesOf(before, lines.get(before.table.table) ?? []);
    if (!listed || listed.length > mostOf(before)) return undefined;
    pairs.push({ earlier: before, later, listed });
  }
  return {
    sync: earlier.no,
    inARow: inARow + 1,
    since,
    types: preparation.types,
    links: preparation.links,
    tables: pairs,
  };
}

/** Whether each row of the earlier read was exactly what was stored, or is listed among the errors of its sync. */
async function isExact(
  db: Database,
  earlier: SyncRow,
  file: ConnectorFile,
  catalog: Catalog,
  preparation: Preparation,
  since: readonly number[],
): Promise<boolean> {
  const all = [...Object.values(preparation.types), ...Object.values(preparation.links)];
  // of rows that are equal, only the first is used, and none is listed
  if (all.some(({ duplicates }) => duplicates > 0) || !all.every(isCounted)) return false;
  const rejections = (await countRejections(db, earlier.no)) > 0;
  for (const type of file.entityTypes) {
    // what is stored under the identity of a rejected row stays, whatever its key is
    if (rejections && type.source.identity !== undefined) return false;
    for (const [name, navigation] of Object.entries(type.navigationProperties)) {
      if (targetsOf(navigation).length > 1) return false;
      if (navigation.table === undefined) continue;
      const { id } = catalogLink(catalog, catalogType(catalog, type.name).id, name, navigation);
      const read = preparation.links[`${type.name}.${name}`];
      if (navigation.by !== undefined || !read) return false;
      const counted = preparation.counted?.[String(id)];
      // as many links as rows that are not listed: none stands twice, and no link is stored that no row has
      const exact = counted ? counted.extra === 0 && counted.unbacked === 0 : read.rejected === 0 && !rejections;
      const stored = (await countLinks(db, id)) - (await linksSince(db, id, since));
      if (!exact || read.accepted !== stored + (counted?.unresolved ?? 0)) return false;
    }
  }
  return true;
}

const isCounted = ({ read, accepted, rejected, duplicates, filtered }: ReadCounts) =>
  read === accepted + rejected + duplicates + filtered;

/** The places of lines in a table, from 0 and ascending; undefined if it has no such line. */
function placesOf({ table }: ConnectionTable, lines: readonly number[]): Uint32Array | undefined {
  const places = lines.map((line) => {
    let before = 0;
    for (const { rows, plain } of table.parts) {
      const nth = line - (plain?.firstLine ?? 0);
      if (nth >= 0 && nth < rows) return before + nth;
      before += rows;
    }
    return -1;
  });
  return places.includes(-1) ? undefined : Uint32Array.from(places).sort();
}

const mostOf = ({ table }: ConnectionTable) => Math.max(1000, mostDifferent * table.rows);

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

/** How many rows differ, how many were taken again since they are listed, and how all that were removed or taken again count. */
export interface Difference {
  added: number;
  removed: number;
  listed: number;
  /** Order numbers go on from here. */
  seq: number;
  gone: Map<string, Taken>;
}

type Taken = Pick<ReadCounts, 'read' | 'filtered'>;

/**
 * Maps the rows that only the later export has into the sinks, and the keys of those that only the earlier one has. A row of both
 * that the errors list is not as it is stored: it is mapped as if it had gone and come.
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
  const difference: Difference = { added: 0, removed: 0, listed: 0, seq: 0, gone: new Map() };
  for (const { earlier, later, listed } of base.tables) {
    const table = mappingInScope(mapping, later.connection, later.table.table, sync);
    if (!table) continue;
    const stager = new TableStager(table, sinks, difference.seq);
    stager.enter({ source: later.table.table, columns: later.table.columns, commandColumn: undefined });
    const binder = bindColumns(table, earlier.table.columns, { patch: false });
    const limit = mostOf(later);
    let rows = 0;
    for await (const { kind, records } of compareLines(store, earlier, later, { signal, listed })) {
      if (kind !== 'listed') rows += records.length;
      if (rows > limit) throw new NarrowRefused(`much of ${table.table} has changed`);
      difference[kind] += records.length;
      if (kind !== 'removed') for (const sink of stager.take(records)) await sink.flush();
      if (kind !== 'added')
        for (const sink of takeRemoved(table, binder, records, sinks, difference.gone)) await sink.flush();
    }
    difference.seq = stager.seq;
  }
  return difference;
}

/** The tables of both exports, as rows of them are taken again that stand in both. */
export const soughtTables = (base: NarrowBase, sinks: Sinks, gone: Difference['gone']): SoughtTable[] =>
  base.tables.map(({ earlier, later }) => {
    let binder: RowBinder | undefined;
    return {
      later,
      removed: (table, records) =>
        takeRemoved(
          table,
          (binder ??= bindColumns(table, earlier.table.columns, { patch: false })),
          records,
          sinks,
          gone,
        ),
      allow: (rows) => {
        if (rows > mostOf(later)) throw new NarrowRefused(`much of ${later.table.table} leads to what has changed`);
      },
    };
  });

/**
 * Stages the keys and links of removed rows. All of them were accepted or filtered, or had no readable key: else the sync was no base.
 */
function takeRemoved(
  table: TableMapping,
  binder: RowBinder,
  records: readonly StoredRecord[],
  sinks: Sinks,
  gone: Map<string, Taken>,
): Set<{ flush(): Promise<void> }> {
  const due = new Set<{ flush(): Promise<void> }>();
  const countsOf = (scope: string) => {
    const counts = gone.get(scope) ?? { read: 0, filtered: 0 };
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
        const sink = sinks.removedKeys.get(type.name);
        if (sink?.add([mapped.keyText])) due.add(sink);
      } else if (mapped.keyText !== undefined) throw rejectedNow(table);
    }
    for (const link of binder.links) {
      const scope = `${link.entityType}.${link.name}`;
      const counts = countsOf(scope);
      const mapped = link.map(record);
      counts.read++;
      if (mapped.kind === 'filtered') counts.filtered++;
      else if (mapped.kind === 'link') {
        const sink = sinks.removedLinks.get(scope);
        if (sink?.add([mapped.source, mapped.target])) due.add(sink);
      } else if (mapped.source !== undefined) throw rejectedNow(table);
    }
  }
  return due;
}

const rejectedNow = ({ table }: TableMapping) =>
  new NarrowRefused(`a row of ${table} is rejected now that was accepted`);

/**
 * The counts of a read of everything: the earlier counts, minus the rows that were removed or taken again, plus the rows that were
 * taken. What was rejected before is listed, so it is among them: the others were all accepted or filtered.
 */
export function addCounts(before: ReadCounts, gone: Taken = { read: 0, filtered: 0 }, taken: ReadCounts): ReadCounts {
  const stayed = before.read - gone.read;
  const filtered = before.filtered - gone.filtered;
  return {
    read: stayed + taken.read,
    accepted: stayed - filtered + taken.accepted,
    rejected: taken.rejected,
    duplicates: taken.duplicates,
    filtered: filtered + taken.filtered,
    unreadable: taken.unreadable,
  };
}
