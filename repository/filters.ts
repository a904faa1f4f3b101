import type { ConnectorFile } from '../domain/connector-file.ts';
import {
  changedParts,
  linkFilter,
  typeFilter,
  type ChangedFilter,
  type Filter,
  type ScopeOf,
} from '../domain/filters.ts';
import { ofSync } from './change-parts.ts';
import { findRevision } from './connectors.ts';
import { rows, type Queryable } from './database.ts';

/** Of which entity types and link properties a sync has compared everything. */
export interface FiltersCompared {
  types: number[];
  links: number[];
}

/** The revisions whose filters are accepted, of entity types and link properties that have one. */
async function acceptedFilters(
  db: Queryable,
  connector: number,
): Promise<{ types: Map<number, number>; links: Map<number, number> }> {
  const found = await rows<{ kind: 'type' | 'link'; id: number; revision: number }>(
    db,
    `select 'type' as kind, t.id, t.filter_revision as revision from syncline.entity_type t
     where t.connector = ? and t.filter_revision is not null
     union all
     select 'link', p.id, p.filter_revision from syncline.link_property p join syncline.entity_type t on t.id = p.entity_type
     where t.connector = ? and p.filter_revision is not null`,
    [connector, connector],
  );
  const of = (wanted: 'type' | 'link') =>
    new Map(found.filter(({ kind }) => kind === wanted).map(({ id, revision }) => [id, revision]));
  return { types: of('type'), links: of('link') };
}

/** An entity type, or a link property of it, by the id of either. */
export interface Filtered {
  id: number;
  entityType: string;
  property?: string;
}

/**
 * The filters of a file that are not the accepted ones. What has never been compared whole is new, and has none to be
 * compared with.
 */
export async function changedFilters(
  db: Queryable,
  connector: number,
  file: ConnectorFile,
  filtered: readonly Filtered[],
  scopeOf: ScopeOf,
): Promise<ChangedFilter[]> {
  if (filtered.length === 0) return [];
  const accepted = await acceptedFilters(db, connector);
  const filterIn = (of: ConnectorFile, { entityType, property }: Filtered): Filter | undefined =>
    property === undefined
      ? typeFilter(of, entityType, scopeOf)
      : linkFilter(of, { entityType, name: property }, scopeOf);
  const files = new Map<number, ConnectorFile | undefined>();
  const changed: ChangedFilter[] = [];
  for (const each of filtered) {
    const { id, entityType, property } = each;
    const since = (property === undefined ? accepted.types : accepted.links).get(id);
    if (since === undefined) continue;
    if (!files.has(since)) files.set(since, (await findRevision(db, connector, since))?.file);
    const earlier = files.get(since);
    const before = earlier && filterIn(earlier, each);
    const now = filterIn(file, each);
    if (!before || !now) continue;
    const parts = changedParts(before, now);
    const of = property === undefined ? { scope: entityType } : { scope: `${entityType}.${property}`, property };
    // a property that leads to several entity types has one filter
    if (parts.length > 0 && !changed.some(({ scope }) => scope === of.scope))
      changed.push({ ...of, entityType, parts, since });
  }
  return changed;
}

/** Stores which entity types and links a sync has compared as a whole, in the transaction that compares. */
export async function noteCompared(tx: Queryable, sync: number, compared: FiltersCompared): Promise<void> {
  await tx.raw('update syncline.sync set filters_compared = ?::jsonb where no = ?', [JSON.stringify(compared), sync]);
}

/**
 * Accepts the filters of the sync's revision for what it has compared whole, in the transaction that applies it. Not where a
 * person has kept a delete out: if it comes again, the filter is told again.
 */
export async function acceptFilters(tx: Queryable, sync: number, leftOut: boolean): Promise<void> {
  for (const [table, part, changes, of] of [
    ['entity_type', 'types', 'change', 'entity_type'],
    ['link_property', 'links', 'link_change', 'property'],
  ] as const)
    await tx.raw(
      `update syncline.${table} t set filter_revision = s.config_revision
       from syncline.sync s cross join lateral jsonb_array_elements(s.filters_compared -> '${part}') c
       where s.no = ? and t.id = c.value::integer and not (${String(leftOut)} and exists (
         select from syncline.${changes} x
         where ${ofSync(sync, 'x')} and x.${of} = t.id and x.operation = 'd' and x.fate in ('r', 'd')))`,
      [sync],
    );
}
