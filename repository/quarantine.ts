import { quarantine, type FailedRow, type Quarantine } from '../domain/quarantine.ts';
import { syncModes, type SyncMode } from '../domain/sync.ts';
import { rows, type Queryable } from './database.ts';

/** The quarantines of a connector, by mode. */
export type Quarantines = Partial<Record<SyncMode, Quarantine>>;

/**
 * In which jobs a connector is left out for now, because its scheduled syncs keep failing.
 * @param connector id
 * @param now milliseconds since 1970
 */
export async function quarantinesOf(db: Queryable, connector: number, now: number = Date.now()): Promise<Quarantines> {
  return (await quarantinesOfAll(db, [connector], now)).get(connector) ?? {};
}

/** The same of several connectors, by id; one statement for all of them. Connectors without a quarantine are left out. */
export async function quarantinesOfAll(
  db: Queryable,
  connectors: readonly number[],
  now: number = Date.now(),
): Promise<Map<number, Quarantines>> {
  const found = new Map<number, Quarantines>();
  for (const { connector, mode, ...failed } of await failedInARow(db, connectors)) {
    const one = quarantine(failed, mode, now);
    if (one) found.set(connector, { ...found.get(connector), [mode]: one });
  }
  return found;
}

/** The quarantine to show if there is room for only one: the one of complete syncs, since they read more. */
export const firstQuarantine = ({ complete, incremental }: Quarantines): Quarantine | null =>
  complete ?? incremental ?? null;

/**
 * By connector and mode, the scheduled syncs that failed after the last success: of any sync over the source that could apply
 * changes and was not limited to keys, no matter who asked for it. A complete sync includes the work of an incremental one,
 * not the other way round. Skipped, held, cancelled and rejected syncs do not count. For each connector and mode, Postgres
 * goes back through the newest syncs as far as the last success.
 */
function failedInARow(
  db: Queryable,
  connectors: readonly number[],
): Promise<(FailedRow & { connector: number; mode: SyncMode })[]> {
  return rows(
    db,
    `select c.id as connector, m.mode, f.failures, f.since, f.last, f.error
     from unnest(?::int[]) c(id) cross join unnest(?::text[]) m(mode) cross join lateral (
       with whole as not materialized (
         select no, id, status, trigger, mode, requested_mode, created_at, ended_at, error from syncline.sync
         where connector = c.id and ended_at is not null and not dry_run and cardinality(tasks) = 4
           and not coalesce(scope \\? 'keys', false)
       ), success as (
         select w.ended_at as at from whole w where w.status in ('completed', 'completed-with-errors')
           and (m.mode <> 'complete' or w.mode = 'complete')
         order by w.ended_at desc limit 1
       ), failed as (
         select * from whole w where w.status = 'failed' and w.trigger = 'scheduled' and w.requested_mode = m.mode
           and w.ended_at > coalesce((select at from success), '-infinity')
       ), last as (
         select * from failed order by no desc limit 1
       )
       select (select count(*)::int from failed) as failures, (select min(created_at) from failed) as since,
         last.created_at as last,
         jsonb_build_object('syncId', last.id, 'code', coalesce(last.error ->> 'code', 'internal'),
           'message', coalesce(last.error ->> 'message', 'The sync failed.')) as error
       from last
     ) f`,
    [[...connectors], [...syncModes]],
  );
}
