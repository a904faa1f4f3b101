import { rows, type Queryable } from './database.ts';
import { findEntityType, type EntityTypeRow } from './catalog.ts';

/** Search over all entity types: 0.1 seconds of 200,000 resources with 25 values each (docs/decisions/0023-search.md). */

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
  const places = await rows<Place>(
    db,
    `select t.name as type, x.key from syncline.resource_text x join syncline.entity_type t on t.id = x.entity_type
     where x.${hasText} ${after ? 'and (t.name, x.key) > (?, ?)' : ''} order by t.name, x.key limit ?`,
    [patternOf(q), ...(after ? [after.type, after.key] : []), limit],
  );
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
