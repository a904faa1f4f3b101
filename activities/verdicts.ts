import { byName, own } from '../domain/chosen-names.ts';
import type { ConnectorFile, EntityTypeFile } from '../domain/connector-file.ts';
import type { Counters, LinkCounters } from '../domain/sync.ts';
import type { ThresholdInput } from '../domain/thresholds/evaluate.ts';
import { entityTypesOf, linkPropertiesOf, type LinkPropertyRow } from '../repository/catalog.ts';
import { activeFilesBut } from '../repository/connectors.ts';
import type { Queryable } from '../repository/database.ts';
import { countLinks, countResources } from '../repository/stored.ts';
import type { CauseLink, CauseSubject } from '../repository/causes/index.ts';
import {
  isLimited,
  type DiffInput,
  type DiffLink,
  type LinkResult,
  type TypeResult,
} from '../repository/diff-input.ts';
import { leadsTo } from '../repository/link-targets.ts';
import type { DiffResult } from '../repository/diff.ts';
import type { Preparation } from '../repository/syncs.ts';

/** What is stored of each entity type of a connector and of its links; retired ones only if they are asked for. */
export async function storedOf(tx: Queryable, connector: number, retired: boolean): Promise<ThresholdInput['stored']> {
  const links = (await linkPropertiesOf(tx, connector)).filter((link) => retired || !link.retired);
  const all = byName<{ resources: number; links: Record<string, number> }>();
  for (const type of await entityTypesOf(tx, connector)) {
    if (type.retired && !retired) continue;
    const counts = byName<number>();
    for (const link of links.filter((each) => each.entityType === type.id))
      counts[link.name] = (counts[link.name] ?? 0) + (await countLinks(tx, link.id));
    all[type.name] = { resources: await countResources(tx, type.id), links: counts };
  }
  return all;
}

/** Entity types of other connectors that a change set counts, as the revisions in use have them: their limits hold too. */
export async function othersOf(tx: Queryable, connector: number, counters: Counters): Promise<EntityTypeFile[]> {
  const others: EntityTypeFile[] = [];
  for (const file of await activeFilesBut(tx, connector))
    others.push(...file.entityTypes.filter((type) => Object.hasOwn(counters, type.name)));
  return others;
}

/** The counters of a sync: the rows that prepare read and the changes that the diff found. They cover the types of this
 * connector, and types of other connectors that the sync changes. */
export function countersOf(
  result: DiffResult,
  preparation: Preparation | null,
  typeNames: ReadonlyMap<number, string>,
  links: ReadonlyMap<number, LinkPropertyRow>,
  storedElsewhere: ReadonlyMap<string, number> = new Map(),
): Counters {
  const counters: Counters = byName();
  for (const [id, found] of result.types) {
    const name = typeNames.get(id) ?? String(id);
    const read = preparation ? own(preparation.types, name) : undefined;
    counters[name] = {
      stored: found.stored,
      inserted: found.inserted,
      updated: found.updated,
      deleted: found.deleted,
      unchanged: found.stored - found.updated - found.deleted,
      read: read?.read ?? 0,
      rejected: (read?.rejected ?? 0) + found.rejected,
      duplicates: read?.duplicates ?? 0,
      filtered: (read?.filtered ?? 0) + (found.filtered ?? 0),
      ...leftAlone(found),
      links: byName(),
    };
  }
  for (const [id, found] of result.links) {
    const link = links.get(id);
    if (!link) continue;
    // a row was read for all entity types that it may lead to
    const read = [...result.links.keys()].find((other) => isSameProperty(links.get(other), link)) === id;
    // links of types outside the sync are listed only if the sync changes some of them
    const changes = found.inserted + found.updated + found.deleted;
    if (!result.types.has(link.entityType) && changes + (found.suppressed?.all ?? 0) === 0) continue;
    const rows = read ? preparation?.links[`${link.entityTypeName}.${link.name}`] : undefined;
    const counter: LinkCounters = {
      stored: found.stored,
      inserted: found.inserted,
      updated: found.updated,
      deleted: found.deleted,
      rejected: found.rejected + (rows?.rejected ?? 0),
      ...leftAlone(found),
      ...(found.kept ? { kept: found.kept } : {}),
    };
    const type = (counters[link.entityTypeName] ??= untouched(storedElsewhere.get(link.entityTypeName) ?? 0));
    const same = type.links[link.name];
    type.links[link.name] = same ? sum(same, counter) : counter;
  }
  if (preparation?.skipped) leaveOut(counters, preparation.skipped);
  return counters;
}

const isSameProperty = (one: LinkPropertyRow | undefined, other: LinkPropertyRow) =>
  one?.entityType === other.entityType && one.name === other.name;

/** What is listed and not proposed; each is left out where there is none. */
const leftAlone = ({ withheld, suppressed }: TypeResult | LinkResult) => ({
  ...(withheld > 0 ? { withheld } : {}),
  ...(suppressed && suppressed.all > 0 ? { suppressed: suppressed.all } : {}),
});

/** Links that were not read do not count as unchanged. Links deleted with their target count, whatever their source is. */
function leaveOut(counters: Counters, skipped: NonNullable<Preparation['skipped']>): void {
  for (const [name, type] of Object.entries(counters)) {
    type.links = Object.fromEntries(
      Object.entries(type.links).filter(
        ([property, { inserted, updated, deleted, suppressed = 0 }]) =>
          inserted + updated + deleted + suppressed > 0 || !skipped.links.includes(`${name}.${property}`),
      ),
    );
    if (Object.keys(type.links).length === 0 && skipped.entityTypes.includes(name))
      Reflect.deleteProperty(counters, name);
  }
}

/** Of a type that loses links, but no resources. */
const untouched = (stored: number): Counters[string] => ({
  stored,
  inserted: 0,
  updated: 0,
  deleted: 0,
  unchanged: stored,
  read: 0,
  rejected: 0,
  duplicates: 0,
  filtered: 0,
  links: {},
});

/** A property has a row in the catalog for each entity type that it leads to, and a retired one for each that it led to. */
function sum(a: LinkCounters, b: LinkCounters): LinkCounters {
  const [withheld, suppressed] = [(a.withheld ?? 0) + (b.withheld ?? 0), (a.suppressed ?? 0) + (b.suppressed ?? 0)];
  const kept = (a.kept ?? 0) + (b.kept ?? 0);
  return {
    stored: a.stored + b.stored,
    inserted: a.inserted + b.inserted,
    updated: a.updated + b.updated,
    deleted: a.deleted + b.deleted,
    rejected: a.rejected + b.rejected,
    ...(withheld > 0 ? { withheld } : {}),
    ...(suppressed > 0 ? { suppressed } : {}),
    ...(kept > 0 ? { kept } : {}),
  };
}

/** What was found of a navigation property, whatever its links lead to. */
function resultOf(result: DiffResult, link: DiffLink) {
  const found = leadsTo(link).flatMap(({ id }) => result.links.get(id) ?? []);
  const [first] = found;
  if (!first) return undefined;
  const sum = (of: 'stored' | 'deleted') => found.reduce((total, each) => total + each[of], 0);
  return { ...first, stored: sum('stored'), deleted: sum('deleted') };
}

/** What a sync may leave stored although the source has nothing: all but the deletes that were refused. */
const losable = (found: { stored: number; suppressed?: { deletes: number } } | undefined) =>
  (found?.stored ?? 0) - (found?.suppressed?.deletes ?? 0);

/** How the rows of each link table stand to the stored links, by number of link property. */
export function countedLinks(
  input: DiffInput,
  result: DiffResult,
  preparation: Preparation,
): NonNullable<Preparation['counted']> {
  const counted: NonNullable<Preparation['counted']> = {};
  for (const link of input.links) {
    const type = input.types.find((each) => each.id === link.entityType);
    const found = result.links.get(link.id);
    const read = preparation.links[`${type?.name ?? ''}.${link.name}`];
    if (link.from === 'column' || !found || !read) continue;
    const { rejected: unresolved, wanted, unbacked = 0 } = found;
    counted[String(link.id)] = { unresolved, extra: read.accepted - wanted - unresolved, unbacked };
  }
  return counted;
}

/** Scopes of which a complete read gave nothing, or an incremental one says that nothing is left, although something is stored. */
export function zeroScopes(input: DiffInput, result: DiffResult, preparation: Preparation): string[] {
  if (input.mode !== 'complete')
    return input.types.flatMap(({ id, name }) => {
      const found = result.types.get(id);
      return found?.nothingLeft && losable(found) > 0 ? [name] : [];
    });
  const scopes: string[] = [];
  // the answers about single keys say nothing of all rows: the package answers for what it calls gone
  const byKeys = (of: { connection: string; table: string }) =>
    preparation.tables.some((each) => each.byKeys && each.connection === of.connection && each.table === of.table);
  for (const type of input.types)
    if ((preparation.types[type.name]?.accepted ?? 0) === 0 && losable(result.types.get(type.id)) > 0 && !byKeys(type))
      scopes.push(type.name);
  for (const link of input.links) {
    const type = input.types.find((each) => each.id === link.entityType);
    const found = resultOf(result, link);
    if (!type || !found || losable(found) <= 0 || byKeys(link)) continue;
    const rows = preparation.links[`${type.name}.${link.name}`];
    // of a column whose values cannot be used, all links stay: that loses nothing
    // in a limited sync, only the rows of a link table show whether the source had any
    const none = isLimited(type) ? rows?.accepted === 0 : found.wanted === 0 && found.going !== 0;
    if (none) scopes.push(`${type.name}.${link.name}`);
  }
  return scopes;
}

/** Scopes that lose something and have a row whose key could not be read. That row may be the one that seems deleted. */
export function unreadableScopes(input: DiffInput, result: DiffResult, preparation: Preparation): string[] {
  const scopes: string[] = [];
  for (const type of input.types)
    if ((preparation.types[type.name]?.unreadable ?? 0) > 0 && (result.types.get(type.id)?.deleted ?? 0) > 0)
      scopes.push(type.name);
  for (const link of input.links) {
    const type = input.types.find((each) => each.id === link.entityType);
    const scope = `${type?.name ?? ''}.${link.name}`;
    if ((preparation.links[scope]?.unreadable ?? 0) > 0 && (resultOf(result, link)?.deleted ?? 0) > 0)
      scopes.push(scope);
  }
  return scopes;
}

export function causeSubjects(
  input: DiffInput,
  result: DiffResult,
  preparation: Preparation,
  file: ConnectorFile,
): CauseSubject[] {
  return input.types.flatMap((type) => {
    const found = result.types.get(type.id);
    const mapped = file.entityTypes.find((each) => each.name === type.name);
    if (!found || !mapped) return [];
    const read = preparation.types[type.name];
    return [
      {
        ...namesOf(type.id, mapped),
        stored: found.stored,
        inserted: found.inserted,
        updated: found.updated,
        deleted: found.deleted,
        whole: input.mode === 'complete' && !isLimited(type),
        read: read?.read ?? 0,
        rejected: (read?.rejected ?? 0) + found.rejected,
        unreadable: read?.unreadable ?? 0,
        links: input.links
          .filter((link) => link.entityType === type.id)
          .flatMap((link) =>
            leadsTo(link).map((target) => linkSubject({ ...link, ...target }, link.id, result, preparation, mapped)),
          ),
      },
    ];
  });
}

/** An entity type as its connector file names its parts. */
export const namesOf = (id: number, { name, source, key, label, properties }: EntityTypeFile) => ({
  id,
  name,
  connection: source.connection,
  table: source.table,
  key,
  label: label ?? null,
  properties: Object.entries(properties).map(([property, { column, type, multiValued }]) => ({
    name: property,
    column: column ?? null,
    type,
    multiValued,
  })),
});

/** @param first the row of the catalog with which stands what is counted of the property as a whole */
function linkSubject(
  link: DiffLink,
  first: number,
  result: DiffResult,
  preparation: Preparation,
  type: EntityTypeFile,
): CauseLink {
  const { id, name, target, multiValued, connection } = link;
  const found = result.links.get(id);
  const read = preparation.links[`${type.name}.${name}`];
  return {
    id,
    name,
    target,
    multiValued,
    connection,
    stored: found?.stored ?? 0,
    inserted: found?.inserted ?? 0,
    updated: found?.updated ?? 0,
    deleted: found?.deleted ?? 0,
    wanted: result.links.get(first)?.wanted ?? 0,
    table: link.from === 'column' ? null : link.table,
    column: type.navigationProperties[name]?.column ?? null,
    read: read?.read ?? 0,
    rejected: id === first ? (found?.rejected ?? 0) + (read?.rejected ?? 0) : 0,
    unreadable: read?.unreadable ?? 0,
  };
}

/** Stored resources, by entity type, of those whose links come or go although the sync does not compare their resources. */
export async function storedElsewhere(
  tx: Queryable,
  links: ReadonlyMap<number, LinkPropertyRow>,
  result: DiffResult,
): Promise<Map<string, number>> {
  const stored = new Map<string, number>();
  for (const { entityType, entityTypeName } of links.values())
    if (!result.types.has(entityType)) stored.set(entityTypeName, await countResources(tx, entityType));
  return stored;
}
