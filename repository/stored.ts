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

/** How many resources and links of a connector are stored; what is retired does not count. */
export async function countStored(db: Queryable, connector: number): Promise<{ resources: number; links: number }> {
  const found = await row<{ resources: number; links: number }>(
    db,
    `select coalesce(sum(t.stored), 0)::float as resources, coalesce(sum(l.stored), 0)::float as links
     from syncline.entity_type t cross join lateral (
       select sum(stored) as stored from syncline.link_property where entity_type = t.id and not retired) l
     where t.connector = ? and not t.retired`,
    [connector],
  );
  return found ?? { resources: 0, links: 0 };
}
