import type { KeepRule } from '../domain/retention.ts';
import { removeSharedChanges } from './change-parts.ts';
import { rows, touched, type Queryable } from './database.ts';
import { comparedWhole } from './last-export.ts';

export interface RemovableSync {
  no: number;
  id: string;
  connector: string;
}

// counts only syncs of the connector that still have it, so that many syncs without it do not displace those with it
const beyond = (column: 'changes_removed_at' | 'export_removed_at') => `
  select s.no, s.id, c.name as connector from (
    select no, id, connector, ended_at, row_number() over (partition by connector order by no desc) as place
    from syncline.sync where ended_at is not null and ${column} is null
  ) s join syncline.connector c on c.id = s.connector
  where s.place > ? and s.ended_at < now() - make_interval(days => ?)`;

/**
 * Ended syncs whose changes, errors and events are no longer to be kept. A revert that is open needs those of the syncs that
 * it undoes, and its own are needed as long as syncs that would make them again are held. The errors and warnings of the last applied complete sync name
 * the lines that the next one takes again, and what it repeats.
 */
export function removableChanges(db: Queryable, { syncs, days }: KeepRule, limit: number): Promise<RemovableSync[]> {
  return rows(
    db,
    `${beyond('changes_removed_at')}
       and not exists (select from syncline.sync v where v.ended_at is null and s.id = any(v.reverts))
       and not exists (select from syncline.sync v where v.no = s.no and v.undone_watch = 'open')
       and not exists (
         select from syncline.connector b
         where (b.unchanged_base ->> 'sync')::bigint = s.no and exists (select from syncline.sync_error e where e.sync = s.no))
     order by s.no limit ?`,
    [syncs, days, limit],
  );
}

/**
 * Ended syncs whose exported files are no longer to be kept, and that nothing needs: an open sync, the next comparison, or
 * the tasks that take the last export, the last applied one, or the last that was compared as a whole.
 */
export function removableExports(db: Queryable, { syncs, days }: KeepRule, limit: number): Promise<RemovableSync[]> {
  return rows(
    db,
    `${beyond('export_removed_at')}
       and s.id::text not in (
         select preparation -> 'exportRef' ->> 'syncId' from syncline.sync
         where preparation is not null and (ended_at is null or not (preparation ->> 'consumed')::boolean))
       and not exists (select from syncline.connector b where (b.unchanged_base ->> 'sync')::bigint = s.no)
       and s.no not in (
         select max(no) from syncline.sync where export_ref is not null group by connector
         union all select e.no from (
           (select distinct on (connector) preparation -> 'exportRef' ->> 'syncId' as id from syncline.sync
            where applied and preparation is not null order by connector, applied_at desc)
           union
           (select distinct on (connector) preparation -> 'exportRef' ->> 'syncId' from syncline.sync
            where ${comparedWhole} order by connector, applied_at desc)
         ) last join syncline.sync e on e.id::text = last.id)
     order by s.no limit ?`,
    [syncs, days, limit],
  );
}

/**
 * Removes the changes, their summary, errors and events of one sync, in one transaction; changes in partitions of their own are dropped
 * by `dropParts`, once this says that they are not kept. A repeat finds nothing.
 */
export async function removeChanges(tx: Queryable, no: number): Promise<number> {
  let removed = await removeSharedChanges(tx, [no]);
  for (const table of ['managed_change', 'sync_error', 'sync_event', 'summary', 'change_spans'])
    removed += await touched(tx, `delete from syncline.${table} where sync = ?`, [no]);
  await tx.raw('update syncline.sync set changes_removed_at = now(), cause_rows = null where no = ?', [no]);
  return removed;
}

export async function markExportRemoved(db: Queryable, no: number): Promise<void> {
  await db.raw('update syncline.sync set export_removed_at = now() where no = ?', [no]);
}

/** Drops staging tables of syncs that have ended and whose staging no later task takes, or that are gone. */
export async function dropLeftovers(db: Queryable): Promise<number> {
  const tables = await rows<{ name: string }>(
    db,
    `select format('%I.%I', schemaname, tablename) as name
     from pg_tables t left join syncline.sync s on s.no = substring(t.tablename from '^s([0-9]+)_')::bigint
     where schemaname = 'syncline_staging' and tablename ~ '^s[0-9]+_'
       and (s.no is null or (s.ended_at < now() - interval '1 hour'
         and (s.preparation is null or (s.preparation ->> 'consumed')::boolean)))`,
  );
  for (const { name } of tables) await db.raw(`drop table if exists ${name}`);
  await db.raw(
    'delete from syncline_staging.marker m where not exists (select from syncline.sync s where s.no = m.sync)',
  );
  return tables.length;
}

/**
 * Removes ended executions with their results. The newest `syncs` of each job and the executions of the last `days`
 * days stay. A repeat finds nothing.
 */
export async function removeExecutions(db: Queryable, { syncs, days }: KeepRule): Promise<number> {
  return touched(
    db,
    `delete from syncline.execution e using (
       select no, row_number() over (partition by job order by no desc) as place
       from syncline.execution where ended_at is not null
     ) ended
     where ended.no = e.no and ended.place > ? and e.ended_at < now() - make_interval(days => ?)`,
    [syncs, days],
  );
}
