import type { WindowPeriod } from '../domain/sync.ts';
import { nothingDeleted, type DeletedByPeriod, type DeletedInPeriod } from '../domain/thresholds/windows.ts';
import { rows, type Queryable } from './database.ts';

/**
 * What applied syncs of a connector have deleted in each period, of every kind. What a revert brought back is not in it. What
 * a person approved by resuming a held sync, and all that was applied before the last approval of an exceeded window, is
 * stored no more but does not count.
 *
 * Reads one index entry for each sync with deletes in seven days: the apply of a sync keeps its figures in its row.
 */
export async function deletedInWindows(db: Queryable, connector: number): Promise<DeletedByPeriod> {
  const found = await rows<DeletedInPeriod & { period: WindowPeriod }>(
    db,
    `with approved as (
       select max((decision ->> 'at')::timestamptz) as at from syncline.sync
       where connector = ? and holds @> '[{"code": "window-exceeded"}]' and decision ->> 'action' = 'resume' and applied
     ), deleting as (
       select s.applied_at, s.applied_deletes - s.undone_deletes as lines, s.applied_link_deletes - s.undone_link_deletes as links,
         coalesce(s.decision ->> 'action' <> 'resume', true) and coalesce(s.applied_at > a.at, true) as counted
       from syncline.sync s cross join approved a
       where s.connector = ? and s.applied_at > now() - interval '7 days'
         and s.applied_deletes + s.applied_link_deletes > 0
     )
     select period, sum(lines)::float as lines, sum(links)::float as links,
       coalesce(sum(lines) filter (where counted), 0)::float as "countedLines",
       coalesce(sum(links) filter (where counted), 0)::float as "countedLinks"
     from deleting join (values ('24h', interval '24 hours'), ('7d', interval '7 days')) w (period, length)
       on applied_at > now() - length
     group by period`,
    [connector, connector],
  );
  return { ...nothingDeleted, ...Object.fromEntries(found.map(({ period, ...deleted }) => [period, deleted])) };
}

/** Keeps how much a sync has deleted, in the transaction that applies it. */
export async function noteDeletes(
  tx: Queryable,
  sync: number,
  { resources, links }: { resources: { deleted: number }; links: { deleted: number } },
): Promise<void> {
  await tx.raw('update syncline.sync set applied_deletes = ?, applied_link_deletes = ? where no = ?', [
    resources.deleted,
    links.deleted,
    sync,
  ]);
}
