import { byName, own } from '../domain/chosen-names.ts';
import type { ConnectorFile, EntityTypeFile } from '../domain/connector-file.ts';
import type { Counters, LinkCounters } from '../domain/sync.ts';
import type { ThresholdInput } from '../domain/thresholds.ts';
import { entityTypesOf, linkPropertiesOf, type LinkPropertyRow } from '../repository/catalog.ts';
import { activeFilesBut } from '../repository/connectors.ts';
import type { Queryable } from '../repository/database.ts';
import { countLinks, countResources } from '../repository/stored.ts';
import type { CauseSubject } from '../repository/causes.ts';
import { isLimited, type DiffInput } from '../repository/diff-input.ts';
import type { DiffResult } from '../repository/diff.ts';
import type { Preparation } from '../repository/syncs.ts';

/** What is stored of each entity type of a connector and of its links; retired ones count where they are purged. */
export async function storedOf(tx: Queryable, connector: number, purge: boolean): Promise<ThresholdInput['stored']> {
  const links = (await linkPropertiesOf(tx, connector)).filter(({ retired }) => purge || !retired);
  const all = byName<{ resources: number; links: Record<string, number> }>();
  for (const type of await entityTypesOf(tx, connector)) {
    if (type.retired && !purge) continue;
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
      ...(found.withheld > 0 ? { withheld: found.withheld } : {}),
      links: byName(),
    };
  }
  for (const [id, found] of result.links) {
    const link = links.get(id);
    if (!link) continue;
    // links of types outside the sync are listed only if the sync deletes some of them
    if (!result.types.has(link.entityType) && found.deleted === 0) continue;
    const rows = preparation?.links[`${link.entityTypeName}.${link.name}`];
    const counter: LinkCounters = {
      stored: found.stored,
      inserted: found.inserted,
      updated: found.updated,
      deleted: found.deleted,
      rejected: found.rejected + (rows?.rejected ?? 0),
    };
    const type = (counters[link.entityTypeName] ??= untouched(storedElsewhere.get(link.entityTypeName) ?? 0));
    const same = type.links[link.name];
    type.links[link.name] = same ? sum(same, counter) : counter;
  }
  if (preparation?.skipped) leaveOut(counters, preparation.skipped);
  return counters;
}

/** Links that were not read do not count as unchanged. Links deleted with their target count, whatever their source is. */
function leaveOut(counters: Counters, skipped: NonNullable<Preparation['skipped']>): void {
  for (const [name, type] of Object.entries(counters)) {
    type.links = Object.fromEntries(
      Object.entries(type.links).filter(
        ([property, { inserted, updated, deleted }]) =>
          inserted + updated + deleted > 0 || !skipped.links.includes(`${name}.${property}`),
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

/** A property whose target changed has two rows in the catalog, one of them retired. */
const sum = (a: LinkCounters, b: LinkCounters): LinkCounters => ({
  stored: a.stored + b.stored,
  inserted: a.inserted + b.inserted,
  updated: a.updated + b.updated,
  deleted: a.deleted + b.deleted,
  rejected: a.rejected + b.rejected,
});

/** Scopes of which a complete read gave nothing although something is stored. */
export function zeroScopes(input: DiffInput, result: DiffResult, preparation: Preparation): string[] {
  if (input.mode !== 'complete') return [];
  const scopes: string[] = [];
  for (const type of input.types)
    if ((preparation.types[type.name]?.accepted ?? 0) === 0 && (result.types.get(type.id)?.stored ?? 0) > 0)
      scopes.push(type.name);
  for (const link of input.links) {
    const type = input.types.find((each) => each.id === link.entityType);
    const found = result.links.get(link.id);
    if (!type || !found || found.stored === 0) continue;
    const rows = preparation.links[`${type.name}.${link.name}`];
    // in a limited sync, only the rows of a link table show whether the source had any
    const none = isLimited(type) ? rows?.accepted === 0 : found.wanted === 0;
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
    if ((preparation.links[scope]?.unreadable ?? 0) > 0 && (result.links.get(link.id)?.deleted ?? 0) > 0)
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
    return [
      {
        id: type.id,
        name: type.name,
        stored: found.stored,
        inserted: found.inserted,
        updated: found.updated,
        deleted: found.deleted,
        whole: input.mode === 'complete' && !isLimited(type),
        read: preparation.types[type.name]?.read ?? 0,
        table: mapped.source.table,
        keyProperty: mapped.key.length === 1 ? (mapped.key[0] ?? null) : null,
        dateProperties: Object.entries(mapped.properties)
          .filter(([, property]) => property.type === 'date' || property.type === 'dateTime')
          .map(([name]) => name),
        links: input.links
          .filter((link) => link.entityType === type.id)
          .map((link) => ({
            id: link.id,
            name: link.name,
            stored: result.links.get(link.id)?.stored ?? 0,
            deleted: result.links.get(link.id)?.deleted ?? 0,
            wanted: result.links.get(link.id)?.wanted ?? 0,
            table: link.from === 'column' ? null : link.table,
            read: preparation.links[`${type.name}.${link.name}`]?.read ?? 0,
          })),
      },
    ];
  });
}
