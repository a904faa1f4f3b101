import { shownName } from './connectors.ts';
import { holdStages } from '../domain/sync.ts';
import { rows, type Queryable } from './database.ts';

/** Figures for monitoring: cheap at any size. */

export function syncsByStatus(db: Queryable): Promise<{ status: string; count: number }[]> {
  return rows(db, 'select status, count(*)::int as count from syncline.sync group by status');
}

export function heldSyncs(db: Queryable): Promise<{ connector: string; seconds: number }[]> {
  return rows(
    db,
    `select ${shownName} as connector,
       max(extract(epoch from now() - (s.waiting_for ->> 'since')::timestamptz))::float as seconds
     from syncline.sync s join syncline.connector c on c.id = s.connector where s.status = 'held' group by 1`,
  );
}

/** Held syncs by how far their wait has come; every stage is named. */
export function heldStages(db: Queryable): Promise<{ stage: string; count: number }[]> {
  return rows(
    db,
    `select stage, count(s.no)::int as count from unnest(?::text[]) stage
     left join syncline.sync s on s.status = 'held' and coalesce(s.waiting_for ->> 'stage', 'waiting') = stage
     group by stage`,
    [[...holdStages]],
  );
}

export function entityTypeSizes(db: Queryable): Promise<{ name: string; count: number }[]> {
  return rows(
    db,
    `select t.name, greatest(c.reltuples, 0)::bigint as count
     from syncline.entity_type t join pg_class c on c.oid = ('syncline.resource_' || t.id)::regclass`,
  );
}

/** Errors that are open now, by connector; connectors without one are named too. */
export function openErrorsByConnector(db: Queryable): Promise<{ connector: string; count: number }[]> {
  return rows(
    db,
    `select ${shownName} as connector, sum((select count(*) from syncline.open_error e where e.connector = c.id)
       + (select coalesce(sum(u.rejected_rows + u.rejected_links), 0)::bigint
          from syncline.open_error_surplus u where u.connector = c.id))::bigint as count
     from syncline.connector c group by 1`,
  );
}

/** Seconds since the last applied sync of each connector that has one. */
export function secondsSinceSuccess(db: Queryable): Promise<{ connector: string; seconds: number }[]> {
  return rows(
    db,
    `select c.name as connector, extract(epoch from now() - s.at)::float as seconds
     from syncline.connector c cross join lateral (
       select coalesce(applied_at, ended_at, created_at) as at from syncline.sync
       where connector = c.id and applied order by no desc limit 1) s
     where c.provisions is null`,
  );
}
