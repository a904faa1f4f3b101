import { row, rows, type Queryable } from './database.ts';
import { findEntityType, type EntityTypeRow } from './catalog.ts';

/**
 * Search over all entity types: 0.1 seconds of 200,000 resources with 25 values each if few have the text, less if many have it
 * (docs/decisions/0023-search.md).
 */

/** Conditions over `syncline.resource_text`, lower-case on both sides: the pattern stands for the text itself. */
export const hasText = `text like lower(? collate "default") collate "C"`;

export const patternOf = (q: string) => `%${q.replace(/[\\%_]/g, '\\$&')}%`;

export interface FoundResource {
  type: EntityTypeRow;
  key: string;
  attributes: Record<string, unknown>;
}

interface Place {
  type: string;
  key: string;
}

/** Resources with the text in their key or a value, by entity type and key. */
export async function searchResources(
  db: Queryable,
  q: string,
  after: Place | undefined,
  limit: number,
): Promise<FoundResource[]> {
  const places = (await firstPlaces(db, q, after, limit)) ?? (await allPlaces(db, q, after, limit));
  const found: FoundResource[] = [];
  for (const name of new Set(places.map(({ type }) => type))) {
    const type = await findEntityType(db, name);
    if (!type) continue;
    const keys = places.filter((place) => place.type === name).map(({ key }) => key);
    const resources = await rows<{ key: string; attributes: Record<string, unknown> }>(
      db,
      `select key, attributes from syncline.resource_${String(type.id)} where key = any(?::text[]) order by key`,
      [keys],
    );
    found.push(...resources.map((resource) => ({ type, ...resource })));
  }
  return found;
}

/** So many texts are read in order before all are read in any order: that takes a tenth of the time of 200,000. */
const readInOrder = 5_000;

/**
 * A text that many resources have fills a page from the next few thousand of them, in the order of the answer. Then the others need
 * not be read and sorted.
 * @returns undefined if they do not fill the page
 */
async function firstPlaces(
  db: Queryable,
  q: string,
  after: Place | undefined,
  limit: number,
): Promise<Place[] | undefined> {
  const first = await row<{ id: number; type: string }>(
    db,
    `select t.id, t.name as type from syncline.entity_type t
     where t.joins_from is null and t.name >= ? and exists (
       select from syncline.resource_text x where x.entity_type = t.id and (t.name > ? or x.key > ?))
     order by t.name limit 1`,
    [after?.type ?? '', after?.type ?? '', after?.key ?? ''],
  );
  if (!first) return [];
  const within = first.type === after?.type ? after : undefined;
  const places = await rows<Place>(
    db,
    `select ?::text as type, key from (
       select key, text from syncline.resource_text
       where entity_type = ? ${within ? 'and key > ?' : ''} order by key limit ?
     ) x where x.${hasText} order by key limit ?`,
    [first.type, first.id, ...(within ? [within.key] : []), readInOrder, patternOf(q), limit],
  );
  return places.length < limit ? undefined : places;
}

/** Entity types come without an order, else the planner goes through all texts again for each of them. */
const allPlaces = (db: Queryable, q: string, after: Place | undefined, limit: number): Promise<Place[]> =>
  rows(
    db,
    `select t.name as type, x.key from syncline.resource_text x
       join (select id, name from syncline.entity_type where joins_from is null offset 0) t on t.id = x.entity_type
     where x.${hasText} ${after ? 'and (t.name, x.key) > (?, ?)' : ''} order by t.name, x.key limit ?`,
    [patternOf(q), ...(after ? [after.type, after.key] : []), limit],
  );
