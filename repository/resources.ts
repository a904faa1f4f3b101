import type { ListPart, ResourceSource } from './as-of.ts';
import type { CatalogProperty, EntityTypeRow, LinkPropertyRow } from './catalog.ts';
import type { BrowseQuery, Sql } from './browse-query.ts';
import { row, rows, type Queryable } from './database.ts';
import { findIndexWay, walkStatement } from './indexed-browse.ts';
import { hasText, patternOf } from './search.ts';
import { linksOf } from './link-partition.ts';

/** Current resources and links, for browsing. Each statement names the partition it reads. */

export interface ResourceRow {
  id: number;
  /** As text, see domain/key.ts. */
  key: string;
  attributes: Record<string, unknown>;
  /** null if resources are those of an earlier time: flags are kept as they are now only. */
  managed: boolean | null;
}

const table = (entityType: number) => `syncline.resource_${String(entityType)}`;

export function findResource(db: Queryable, entityType: number, key: string): Promise<ResourceRow | undefined> {
  return row(db, `select id, key, attributes, managed from ${table(entityType)} where key = ?`, [key]);
}

export type BrowsedResource = ResourceRow & { sortValue: string | null };

/**
 * Matching resources of an entity type, in order. The key decides between equal values, absent values come last.
 * @param source instead of today's resources: all of them, or the part that is asked for
 */
export async function browseResources(
  db: Queryable,
  type: EntityTypeRow,
  query: BrowseQuery,
  limit: number,
  source?: (part?: ListPart) => ResourceSource,
): Promise<BrowsedResource[]> {
  const way = source === undefined ? await findIndexWay(db, type, query) : undefined;
  const { sql, bindings } =
    way?.kind === 'walk'
      ? walkStatement(
          type,
          query,
          way.by,
          conditionsOf(type, query, { frequent: way.frequent }),
          sortExpression(query),
          limit,
        )
      : browseStatement(type, query, limit, source, everything, way?.source);
  return rows(db, sql, bindings);
}

/** The attributes alone of all matching resources, in the same order, as one statement: a download needs no more. */
export const attributesStatement = (
  type: EntityTypeRow,
  query: BrowseQuery,
  source?: (part?: ListPart) => ResourceSource,
) => browseStatement(type, query, undefined, source, 'attributes');

const everything = 'id, key, attributes, managed, sort_value::text as "sortValue"';

/**
 * @param limit undefined for all of them
 * @param few instead of all resources: a part that has all which the query wants
 */
function browseStatement(
  type: EntityTypeRow,
  query: BrowseQuery,
  limit: number | undefined,
  source?: (part?: ListPart) => ResourceSource,
  columns = everything,
  few?: ResourceSource,
): { sql: string; bindings: (string | string[] | number)[] } {
  const plain = !query.q && !query.sort && query.filters.length + query.absent.length === 0;
  const from = source?.(plain && limit !== undefined ? { after: query.after?.key, limit } : undefined) ??
    few ?? { sql: table(type.id), bindings: [] };
  const where = conditionsOf(type, query, { earlier: source !== undefined });
  const flag = source === undefined ? 'managed' : 'null::boolean as managed';
  const value = sortExpression(query);
  const [after, afterBindings] = afterCondition(query);
  const direction = query.sort?.descending ? 'desc' : 'asc';
  return {
    sql: `select ${columns} from (
       select id, key, attributes, ${flag}, ${value.sql} as sort_value from ${from.sql} r where ${where.sql}
     ) r where ${after}
     order by ${query.sort ? `sort_value ${direction} nulls last, ` : ''}key${limit === undefined ? '' : ' limit ?'}`,
    bindings: [
      ...value.bindings,
      ...from.bindings,
      ...where.bindings,
      ...afterBindings,
      ...(limit === undefined ? [] : [limit]),
    ],
  };
}

/**
 * What resources `r` have to fulfil.
 * @param of `earlier`: they are those of an earlier time, which no table of texts has. `frequent`: properties of filters that many
 * resources fulfil, which the planner would take for rare
 */
function conditionsOf(
  type: EntityTypeRow,
  query: BrowseQuery,
  { earlier = false, frequent = [] }: { earlier?: boolean; frequent?: readonly string[] },
): Sql {
  const where: string[] = ['true'];
  const bindings: (string | string[])[] = [];
  if (query.q !== undefined && !earlier) {
    where.push(
      `exists (select from syncline.resource_text x where x.entity_type = ${String(type.id)} and x.key = r.key and x.${hasText})`,
    );
    bindings.push(patternOf(query.q));
  } else if (query.q !== undefined) {
    const pattern = patternOf(query.q);
    where.push('(key ilike ? or exists (select from jsonb_each_text(attributes) a where a.value ilike ?))');
    bindings.push(pattern, pattern);
  }
  for (const { property, values } of query.filters) {
    const [condition, wanted] = hasOneOf(property, values);
    where.push(frequent.includes(property.name) ? `coalesce(${condition}, false)` : condition);
    bindings.push(property.name, wanted);
  }
  for (const { property, absent } of query.absent) {
    where.push(`${absent ? 'not ' : ''}coalesce(attributes \\? ?, false)`);
    bindings.push(property.name);
  }
  if (query.managed !== undefined) where.push(query.managed ? 'managed' : 'not managed');
  return { sql: where.join(' and '), bindings };
}

/** What resources are sorted by, null without a sort. */
function sortExpression({ sort }: BrowseQuery): Sql {
  if (!sort) return { sql: 'null::text', bindings: [] };
  const sql = sortValue(sort.property);
  return { sql, bindings: (sql.match(/\?/g) ?? []).map(() => sort.property.name) };
}

/** Whether it is put in order as a number. */
export const isNumber = (property: CatalogProperty) =>
  (property.type === 'integer' || property.type === 'decimal') && !property.multiValued;

/** Texts are ordered by their first characters, which fit into a cursor. The key decides between equal beginnings. */
const sortedLength = 500;

/** Whether a property has one of the values, as a condition over its name and the values. */
function hasOneOf({ type, multiValued }: CatalogProperty, values: string[]): [string, string[]] {
  if (!multiValued) return ['attributes ->> ? = any(?::text[])', values];
  // lists hold booleans as such
  if (type === 'boolean')
    return ['attributes -> ? @> any(?::jsonb[])', values.filter((value) => value === 'true' || value === 'false')];
  return ['attributes -> ? \\?| ?::text[]', values];
}

/**
 * The SQL by which a property is sorted, over its name, which may occur more than once. A value that was stored under
 * another type of the property counts as absent.
 */
function sortValue({ type, multiValued }: CatalogProperty): string {
  const text = 'attributes ->> ?';
  const beginning = `left(${text}, ${String(sortedLength)}) collate "C"`;
  if (multiValued) return beginning;
  switch (type) {
    case 'integer':
    case 'decimal':
      return `syncline.numeric_or_null(${text})`;
    case 'boolean':
      return `syncline.boolean_or_null(${text})::text collate "C"`;
    case 'date':
      return `(case when syncline.date_or_null(${text}) is not null then ${text} end) collate "C"`;
    case 'dateTime':
      // without the Z, whole seconds come before their fractions
      return `(case when syncline.time_or_null(${text}) is not null then rtrim(${text}, 'Z') end) collate "C"`;
    case 'string':
    case 'binary':
      return beginning;
  }
}

function afterCondition({ sort, after }: BrowseQuery): [string, string[]] {
  if (!after) return ['true', []];
  if (!sort) return ['key > ?', [after.key]];
  if (after.value === null || after.value === undefined) return ['(sort_value is null and key > ?)', [after.key]];
  const given = isNumber(sort.property) ? 'syncline.numeric_or_null(?)' : '?';
  const further = sort.descending ? '<' : '>';
  return [
    `(sort_value is null or sort_value ${further} ${given} or (sort_value = ${given} and key > ?))`,
    [after.value, after.value, after.key],
  ];
}

export interface LinkedRow {
  key: string;
  /** Which of the rows of the property it is a link of. */
  nth: number;
  attributes: Record<string, unknown>;
}

/**
 * The other ends of a resource's links of one property, by key.
 * @param links the rows of the property in the catalog, one for each entity type at the other end
 * @param after a place in the list: a key, and which of the entity types has it
 */
export async function linkedResources(
  db: Queryable,
  links: readonly LinkPropertyRow[],
  resource: number,
  direction: 'out' | 'in',
  after: { key: string; nth: number },
  limit: number,
): Promise<LinkedRow[]> {
  if (links.length === 0) return [];
  const [own, other] = direction === 'out' ? ['source', 'target'] : ['target', 'source'];
  const ends = links.map((link, nth) => {
    const type = direction === 'out' ? link.target : link.entityType;
    // an equal key of a later entity type comes behind it
    const behind = nth > after.nth ? '>=' : '>';
    return `(select r.key, r.attributes, ${String(nth)} as nth from ${linksOf(link.id)} l join ${table(type)} r on r.id = l.${other}
     where l.${own} = ? and r.key ${after.key === '' ? '>' : behind} ? order by r.key limit ?)`;
  });
  const [only] = ends;
  return rows(
    db,
    ends.length === 1 && only ? only : `select * from (${ends.join(' union all ')}) each order by key, nth limit ?`,
    [...links.flatMap(() => [resource, after.key, limit]), ...(ends.length === 1 ? [] : [limit])],
  );
}

export async function countLinked(
  db: Queryable,
  link: LinkPropertyRow,
  resource: number,
  direction: 'out' | 'in',
): Promise<number> {
  const own = direction === 'out' ? 'source' : 'target';
  const found = await row<{ n: number }>(db, `select count(*) as n from ${linksOf(link.id)} l where l.${own} = ?`, [
    resource,
  ]);
  return found?.n ?? 0;
}

export interface LastSync {
  syncId: string;
  at: string;
  trigger: string;
  job: string | null;
  syncedBy: string;
}

/**
 * The newest applied sync that read the resource: one over its whole type or over its key, or one that changed it. A
 * sync that rejected its row did not read it. A sync over managed resources did not read a resource that is unmanaged.
 */
export function lastSyncOf(
  db: Queryable,
  type: EntityTypeRow,
  key: string,
  parts: string[],
  managed = true,
): Promise<LastSync | undefined> {
  return row(
    db,
    `select s.id as "syncId", coalesce(s.applied_at, s.ended_at) as at, s.trigger, s.job, s.synced_by as "syncedBy"
     from syncline.sync s
     where s.connector = ? and s.applied and (
         (s.mode = 'complete' and s.trigger not in ('purge', 'revert') and case
            when s.scope -> 'keys' is not null then s.scope -> 'keys' -> ? @> ?::jsonb
            else s.scope -> 'entityTypes' is null or s.scope -> 'entityTypes' \\? ? end
            and (s.scope -> 'managedOnly' is null or ?))
         or exists (select from syncline.change c
           where c.sync = s.no and c.entity_type = ? and c.key = ? and c.fate is null))
       and not exists (select from syncline.sync_error e
         where e.sync = s.no and e.entity_type = ? and e.key = ?::text[] and e.effect = 'row-rejected')
     order by s.no desc limit 1`,
    [type.connector, type.name, JSON.stringify([parts]), type.name, managed, type.id, key, type.name, parts],
  );
}
