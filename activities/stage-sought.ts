import { bindColumns } from '../domain/bind-columns.ts';
import type { ConnectorMapping, RowBinder, TableMapping } from '../domain/mapping.ts';
import type { Queryable } from '../repository/database.ts';
import { NarrowRefused } from '../repository/narrow.ts';
import {
  analyzeInHand,
  flaggedKeys,
  linksToSeek,
  relinkedKeys,
  sourcesToSeek,
  tooMany,
  touchedTargets,
  writtenKeys,
  writtenLinks,
} from '../repository/sought.ts';
import type { Staging } from '../repository/staging.ts';
import type { SyncRow } from '../repository/syncs.ts';
import type { ExportStore } from '../store/export-store.ts';
import { splitInBatches, type StoredRecord } from '../store/part-format.ts';
import type { ConnectionTable } from './connection-tables.ts';
import type { Lead } from './plan-diff.ts';
import { mappingInScope } from './sinks.ts';
import { TableStager, type Sinks } from './stage-table.ts';

/** What rows that stand in both exports are sought by. */
export interface Seeking {
  db: Queryable;
  store: ExportStore;
  sync: SyncRow;
  staging: Staging;
  mapping: ConnectorMapping;
  /** The entity types of the connector: number and name. */
  types: readonly { id: number; name: string }[];
  leads: readonly (Lead & { name: string })[];
  since: readonly number[];
  sinks: Sinks;
  /** Sends what the sinks hold, so that the database sees it. */
  arrive: () => Promise<void>;
  signal: AbortSignal;
}

/** A table of both exports, and how its rows are taken again. */
export interface SoughtTable {
  later: ConnectionTable;
  /** As if they had gone. */
  removed: (table: TableMapping, records: readonly StoredRecord[]) => Set<{ flush(): Promise<void> }>;
  /** @throws NarrowRefused if so many rows are too many */
  allow: (rows: number) => void;
}

/** Keys by name of entity type; links by `<Type>.<navigation property>`, as source and target with NUL between. */
interface Wanted {
  keys: Map<string, Set<string>>;
  links: Map<string, Set<string>>;
}

/**
 * Stages the rows of both exports that the comparison of differing lines may concern, as if they had gone and come: see
 * repository/sought.ts. Those that syncs wrote since come first, since links may lead to what these rows make of them.
 * @returns how many rows
 */
export async function stageSought(seeking: Seeking, tables: readonly SoughtTable[], firstSeq: number): Promise<number> {
  let seq = firstSeq;
  for (const find of [findWritten, findLed]) {
    await seeking.arrive();
    const wanted = await find(seeking);
    for (const table of tables) seq = await stageFrom(seeking, table, wanted, seq);
    if ([...wanted.keys.values(), ...wanted.links.values()].some(({ size }) => size > 0))
      throw new NarrowRefused('rows that other syncs concern were not found');
  }
  return seq - firstSeq;
}

/** What syncs wrote since. What came with them counts as gone, even if no line has it. */
async function findWritten({ db, types, leads, since, sinks, staging, arrive }: Seeking): Promise<Wanted> {
  const wanted: Wanted = { keys: new Map(), links: new Map() };
  if (since.length === 0) return wanted;
  const of = { staging, since };
  for (const { id, name } of types) {
    const found = bounded(await writtenKeys(db, of, id), name);
    const sink = sinks.removedKeys.get(name);
    for (const { key } of found.filter(isNew)) if (sink?.add([key])) await sink.flush();
    want(
      wanted.keys,
      name,
      found.filter((each) => isSought(each, name)).map(({ key }) => key),
    );
  }
  for (const lead of leads.filter(({ from }) => from === 'table')) {
    const found = bounded(await writtenLinks(db, of, lead.id), lead.name);
    const sink = sinks.removedLinks.get(lead.name);
    for (const { source, target } of found.filter(isNew)) if (sink?.add([source, target])) await sink.flush();
    want(wanted.links, lead.name, found.filter((each) => isSought(each, lead.name)).map(linkText));
  }
  // what came has arrived, and is in hand
  await arrive();
  for (const { id, name } of types) want(wanted.keys, name, bounded(await flaggedKeys(db, of, id), name));
  for (const lead of leads.filter(({ from }) => from === 'column')) {
    const type = types.find(({ id }) => id === lead.entityType);
    if (type) want(wanted.keys, type.name, bounded(await relinkedKeys(db, of, lead), lead.name));
  }
  return wanted;
}

const isNew = ({ came, removed }: { came: boolean; removed: boolean }) => came && !removed;

/** @throws NarrowRefused if one row of it is new and another is in both exports */
function isSought(
  { came, removed, staged }: { came: boolean; removed: boolean; staged: boolean },
  name: string,
): boolean {
  if (came || removed) return false;
  if (staged) throw new NarrowRefused(`${name} may have several rows for what another sync wrote`);
  return true;
}

/** What leads to a resource that goes, or that has another value by which links are matched. */
async function findLed({ db, types, leads, since, staging }: Seeking): Promise<Wanted> {
  const wanted: Wanted = { keys: new Map(), links: new Map() };
  const sources = { staging, types: types.map(({ id }) => id), since };
  await analyzeInHand(db, sources);
  for (const lead of leads) {
    const type = types.find(({ id }) => id === lead.entityType);
    const targets = bounded(await touchedTargets(db, lead, sources), lead.name);
    if (!type || targets.length === 0) continue;
    if (lead.from === 'column')
      want(wanted.keys, type.name, bounded(await sourcesToSeek(db, lead, sources, targets), lead.name));
    else want(wanted.links, lead.name, bounded(await linksToSeek(db, lead, sources, targets), lead.name).map(linkText));
  }
  return wanted;
}

function want(into: Map<string, Set<string>>, name: string, found: readonly string[]): void {
  const known = into.get(name) ?? new Set();
  for (const each of found) known.add(each);
  into.set(name, known);
}

const linkText = ({ source, target }: { source: string; target: string }) => `${source}\0${target}`;

function bounded<Found>(found: Found[], name: string): Found[] {
  if (tooMany(found)) throw new NarrowRefused(`much of ${name} leads to what has changed`);
  return found;
}

/** Takes the wanted rows of one table, and leaves in `wanted` what was not found. @returns the next order number */
async function stageFrom(
  { store, sync, mapping, sinks, signal }: Seeking,
  { later: { connection, reference, table: manifest }, removed, allow }: SoughtTable,
  wanted: Wanted,
  firstSeq: number,
): Promise<number> {
  const table = mappingInScope(mapping, connection, manifest.table, sync);
  if (!table) return firstSeq;
  const find = finderOf(bindColumns(table, manifest.columns, { patch: false }), wanted);
  if (!find) return firstSeq;
  const stager = new TableStager(table, sinks, firstSeq);
  stager.enter({ source: manifest.table, columns: manifest.columns, commandColumn: undefined });
  let taken = 0;
  for await (const { text, firstLine, delimiter, quote } of store.readLines(reference, manifest, signal))
    for (const batch of splitInBatches(text.toString('utf8'), firstLine, delimiter, quote)) {
      const records = batch.filter(find.isWanted);
      if (records.length === 0) continue;
      taken += records.length;
      allow(taken);
      for (const sink of stager.take(records)) await sink.flush();
      for (const sink of removed(table, records)) await sink.flush();
    }
  find.leave();
  return stager.seq;
}

/** Tells the wanted rows of a table; undefined if it can have none. */
function finderOf(
  binder: RowBinder,
  wanted: Wanted,
): { isWanted: (record: StoredRecord) => boolean; leave: () => void } | undefined {
  const types = binder.entityTypes.flatMap(({ name, map }) => {
    const keys = wanted.keys.get(name);
    return keys && keys.size > 0 ? [{ map, sought: keys, found: new Set<string>() }] : [];
  });
  const links = binder.links.flatMap(({ entityType, name, map }) => {
    const pairs = wanted.links.get(`${entityType}.${name}`);
    return pairs && pairs.size > 0 ? [{ map, sought: pairs, found: new Set<string>() }] : [];
  });
  if (types.length + links.length === 0) return undefined;
  const isWanted = (record: StoredRecord) => {
    let is = false;
    for (const { map, sought, found } of types) {
      // read like a delete, a row gives its key and nothing else
      const mapped = map(record, 'delete');
      if (mapped.kind === 'filtered' || mapped.keyText === undefined || !sought.has(mapped.keyText)) continue;
      // a delete is not asked for the condition
      if (map(record).kind === 'filtered') continue;
      found.add(mapped.keyText);
      is = true;
    }
    for (const { map, sought, found } of links) {
      const { source, target } = { source: undefined, target: undefined, ...map(record, 'delete') };
      if (source === undefined || target === undefined) continue;
      const pair = linkText({ source, target });
      if (!sought.has(pair) || map(record).kind === 'filtered') continue;
      found.add(pair);
      is = true;
    }
    return is;
  };
  const leave = () => {
    for (const { sought, found } of [...types, ...links]) for (const each of found) sought.delete(each);
  };
  return { isWanted, leave };
}
