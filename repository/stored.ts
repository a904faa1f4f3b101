import { row, type Queryable } from './database.ts';

/** How many resources of a type are stored; apply keeps the figure. */
export async function countResources(db: Queryable, entityType: number): Promise<number> {
  const found = await row<{ stored: number }>(db, 'select stored from syncline.entity_type where id = ?', [entityType]);
  return found?.stored ?? 0;
}

export async function countLinks(db: Queryable, property: number): Promise<number> {
  const found = await row<{ stored: number }>(db, 'select stored from syncline.link_property where id = ?', [property]);
  return found?.stored ?? 0;
}
