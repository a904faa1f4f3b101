import { rows, type Queryable } from './database.ts';

/** Figures for monitoring: cheap at any size. */

export function syncsByStatus(db: Queryable): Promise<{ status: string; count: number }[]> {
  return rows(db, 'select status, count(*)::int as count from syncline.sync group by status');
}

export function heldSyncs(db: Queryable): Promise<{ connector: string; seconds: number }[]> {
  return rows(
    db,
    `select c.name as connector,
       max(extract(epoch from now() - (s.waiting_for ->> 'since')::timestamptz))::float as seconds
     from syncline.sync s join syncline.connector c on c.id = s.connector where s.status = 'held' group by c.name`,
  );
}

export function entityTypeSizes(db: Queryable): Promise<{ name: string; count: number }[]> {
  return rows(
    db,
    `select t.name, greatest(c.reltuples, 0)::bigint as count
     from syncline.entity_type t join pg_class c on c.oid = ('syncline.resource_' || t.id)::regclass`,
  );
}
