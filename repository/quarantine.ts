import { quarantine, type FailedRow, type Quarantine } from '../domain/quarantine.ts';
import { syncModes, type SyncMode } from '../domain/sync.ts';
import { row, type Queryable } from './database.ts';

/** The quarantines of a connector, by mode. */
export type Quarantines = Partial<Record<SyncMode, Quarantine>>;

/**
 * In which jobs a connector is left out for now, because its scheduled syncs keep failing.
 * @param connector id
 * @param now milliseconds since 1970
 */
export async function quarantinesOf(db: Queryable, connector: number, now: number = Date.now()): Promise<Quarantines> {
  const found: Quarantines = {};
  for (const mode of syncModes) {
    const one = quarantine((await failedInARow(db, connector, mode)) ?? null, mode, now);
    if (one) found[mode] = one;
  }
  return found;
}

/** The quarantine to show if there is room for only one: the one of complete syncs, since they read more. */
export const firstQuarantine = ({ complete, incremental }: Quarantines): Quarantine | null =>
  complete ?? incremental ?? null;

/**
 * The scheduled syncs of a mode that failed after the last success: of any sync over the source that could apply changes and
 * was not limited to keys, no matter who asked for it. A complete sync includes the work of an incremental one, not the
 * other way round. Skipped, held, cancelled and rejected syncs do not count.
 */
function failedInARow(db: Queryable, connector: number, mode: SyncMode): Promise<FailedRow | undefined> {
  return row(
    db,
    `with whole as not materialized (
       select no, id, status, trigger, mode, requested_mode, created_at, ended_at, error from syncline.sync
       where connector = ? and ended_at is not null and not dry_run and cardinality(tasks) = 4
         and not coalesce(scope \\? 'keys', false)
     ), success as (
       select ended_at as at from whole where status in ('completed', 'completed-with-errors') and mode = any(?)
       order by ended_at desc limit 1
     ), failed as (
       select * from whole where status = 'failed' and trigger = 'scheduled' and requested_mode = ?
         and ended_at > coalesce((select at from success), '-infinity')
     ), last as (
       select * from failed order by no desc limit 1
     )
     select (select count(*)::int from failed) as failures, (select min(created_at) from failed) as since,
       last.created_at as last,
       jsonb_build_object('syncId', last.id, 'code', coalesce(last.error ->> 'code', 'internal'),
         'message', coalesce(last.error ->> 'message', 'The sync failed.')) as error
     from last`,
    [connector, mode === 'complete' ? ['complete'] : [...syncModes], mode],
  );
}
