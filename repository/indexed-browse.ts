import type { ResourceSource } from './as-of.ts';
import type { BrowseQuery, Sql } from './browse-query.ts';
import type { CatalogProperty, EntityTypeRow } from './catalog.ts';
import { rows, type Queryable } from './database.ts';
import { matchTable } from './match-table.ts';

/** Pages of resources by the table `match` of indexed properties: see docs/decisions/0069-indexed-properties.md. */

/** What is walked in its order: all values of a property, or the resources with one value of it, by key. */
export type WalkedBy = { property: CatalogProperty; descending: boolean } | { property: CatalogProperty; form: string };

export type IndexWay =
  | { kind: 'few'; source: ResourceSource }
  /** `frequent`: properties of filters that many resources fulfil. */
  | { kind: 'walk'; by: WalkedBy; frequent: string[] };

/**
 * So many resources are looked up one by one, in 20 ms. More of them are quicker walked through in the order of the answer: the page
 * is full soon.
 */
export const few = 4_000;

/** How an index helps with a page; undefined if none does. */
export async function findIndexWay(
  db: Queryable,
  type: EntityTypeRow,
  query: BrowseQuery,
): Promise<IndexWay | undefined> {
  const filters = await indexedFilters(db, query);
  for (const { property, forms } of filters) {
    const has = forms === null ? 'm.value is null' : 'm.value = any(?::text[])';
    const from = `${matchTable(type.id)} m`;
    const bindings = [property.name, ...(forms === null ? [] : [forms])];
    const [found] = await rows<{ n: number }>(
      db,
      `select count(*)::int as n from (select from ${from} where m.property = ? and ${has} limit ${String(few + 1)}) f`,
      bindings,
    );
    if (found && found.n <= few)
      return {
        kind: 'few',
        source: {
          sql: `(select r.id, r.key, r.attributes, r.managed from ${from}
            join syncline.resource_${String(type.id)} r on r.id = m.resource where m.property = ? and ${has})`,
          bindings,
        },
      };
  }
  const frequent = filters.map(({ property }) => property.name);
  if (query.sort) return isIndexed(query.sort.property) ? { kind: 'walk', by: query.sort, frequent } : undefined;
  for (const { property, forms } of filters) {
    const [form, ...others] = forms ?? [];
    if (form !== undefined && others.length === 0) return { kind: 'walk', by: { property, form }, frequent };
  }
  return undefined;
}

const isIndexed = ({ indexed, retired }: CatalogProperty) => indexed === true && !retired;

/** The filters by indexed properties, with the forms that their values have in `match`: null for no value. */
async function indexedFilters(
  db: Queryable,
  { filters, absent }: BrowseQuery,
): Promise<{ property: CatalogProperty; forms: string[] | null }[]> {
  const found: { property: CatalogProperty; forms: string[] | null }[] = [];
  for (const { property, values } of filters) {
    if (!isIndexed(property)) continue;
    const forms = await rows<{ form: string | null }>(
      db,
      'select distinct syncline.match_form(?, v) as form from unnest(?::text[]) v',
      [property.type, values],
    );
    // a value that does not have the type may be stored from before the property had it: the index does not know it
    const known = forms.flatMap(({ form }) => form ?? []);
    if (known.length === forms.length) found.push({ property, forms: known });
  }
  for (const { property, absent: none } of absent)
    if (none && isIndexed(property)) found.push({ property, forms: null });
  return found;
}

/**
 * A page in the order of an index. What comes after a cursor are up to three stretches of it: the rest of the same value, the
 * further values, and the resources without a value.
 */
export function walkStatement(
  type: EntityTypeRow,
  { after }: BrowseQuery,
  by: WalkedBy,
  where: Sql,
  sortValue: Sql,
  limit: number,
): { sql: string; bindings: (string | string[] | number)[] } {
  const direction = 'descending' in by && by.descending ? 'desc' : 'asc';
  const order = `m.value ${direction} nulls last, m.place, r.key`;
  const bindings: (string | string[] | number)[] = [];
  const parts = stretches(by, after).map((stretch) => {
    bindings.push(...sortValue.bindings, by.property.name, ...stretch.bindings, ...where.bindings, limit);
    return `(select r.id, r.key, r.attributes, r.managed, (${sortValue.sql})::text as "sortValue", m.value as form
      from ${matchTable(type.id)} m join syncline.resource_${String(type.id)} r on r.id = m.resource
      where m.property = ? and ${stretch.sql} and ${where.sql} order by ${order} limit ?)`;
  });
  return {
    sql: `select id, key, attributes, managed, "sortValue" from (${parts.join(' union all ')}) r
      order by form ${direction} nulls last, key limit ?`,
    bindings: [...bindings, limit],
  };
}

function stretches(by: WalkedBy, after: BrowseQuery['after']): Sql[] {
  const further = after && {
    sql: 'm.place >= left(?, 100) and r.key > ?',
    bindings: [after.key, after.key],
  };
  if ('form' in by)
    return [
      { sql: `m.value = ?${further ? ` and ${further.sql}` : ''}`, bindings: [by.form, ...(further?.bindings ?? [])] },
    ];
  if (!further) return [{ sql: 'true', bindings: [] }];
  const value = after.value ?? null;
  if (value === null) return [{ sql: `m.value is null and ${further.sql}`, bindings: further.bindings }];
  const form = 'syncline.match_form(?, ?)';
  const formBindings = [by.property.type, cursorText(by.property, value)];
  return [
    { sql: `m.value = ${form} and ${further.sql}`, bindings: [...formBindings, ...further.bindings] },
    { sql: `m.value ${by.descending ? '<' : '>'} ${form}`, bindings: formBindings },
    { sql: 'm.value is null', bindings: [] },
  ];
}

/** A cursor has the value as it is put in order: of a time, without the Z at its end. */
const cursorText = ({ type }: CatalogProperty, value: string) => (type === 'dateTime' ? `${value}Z` : value);
