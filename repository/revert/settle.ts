import { revertedBy, type AppliedRevert } from '../../domain/reverted.ts';
import { row, rows, withoutLoops, type Queryable } from '../database.ts';
import { updateSync, type SyncRow } from '../syncs.ts';
import { ofSync, ofSyncs } from '../change-parts.ts';
import { wasDone } from './input.ts';
import { refuseUndone } from './refuse.ts';
import { undoneSyncs } from './undone.ts';

/** What an applied sync means for the watches of reverts, in the transaction that applied it. */

/** Proposed rows of a sync that were not done. The counts stay when the changes are removed. */
const leftOut = `coalesce((fates ->> 'overtaken')::bigint, 0) + coalesce((fates ->> 'refused')::bigint, 0)
  + coalesce((fates ->> 'deferred')::bigint, 0)`;

/** A revert was applied: which syncs are undone now, and whether those that would make it again are held. */
export async function settleRevert(tx: Queryable, sync: SyncRow): Promise<void> {
  if (sync.revertThen === 'hold' && (await hasDone(tx, sync.no)))
    await updateSync(tx, sync.no, { undoneWatch: 'open' });
  if (sync.revertThen === 'refuse')
    await refuseUndone(tx, sync, { by: sync.syncedBy, byName: null, reason: sync.revertReason });
  // who undoes a revert wants what it undid
  await tx.raw(
    `update syncline.sync set undone_watch = 'reverted' where id = any(?::uuid[]) and undone_watch = 'open'`,
    [sync.reverts],
  );
  const undone = await undoneSyncs(tx, sync.reverts);
  await withoutLoops(tx, () =>
    noteBroughtBack(
      tx,
      sync.no,
      undone.map(({ no }) => no),
    ),
  );
  const applied = await rows<AppliedRevert>(
    tx,
    `select id, reverts::text[], change_count > ${leftOut} as changed from syncline.sync
     where connector = ? and revert_then is not null and applied order by applied_at, no`,
    [sync.connector],
  );
  const by = revertedBy(applied);
  await tx.raw(
    `update syncline.sync s set reverted_by = now.by
     from (
       select o.no, v.by from syncline.sync o
         left join unnest(?::uuid[], ?::uuid[]) v(id, by) on v.id = o.id
       where o.connector = ? and o.reverted_by is distinct from v.by
     ) now where now.no = s.no`,
    [[...by.keys()], [...by.values()], sync.connector],
  );
}

/** What came back counts no more as deleted by the sync that deleted it last. */
async function noteBroughtBack(tx: Queryable, sync: number, reverts: number[]): Promise<void> {
  for (const [column, table, same] of [
    ['undone_deletes', 'change', ['entity_type', 'resource']],
    ['undone_link_deletes', 'link_change', ['property', 'source', 'target']],
  ] as const)
    await tx.raw(
      `update syncline.sync s set ${column} = s.${column} + back.n
       from (
         select sync, count(*)::int as n from (
           select distinct on (${same.map((name) => `v.${name}`).join(', ')}) d.sync
           from syncline.${table} v
             join syncline.${table} d on ${same.map((name) => `d.${name} = v.${name}`).join(' and ')}
             join unnest(?::bigint[]) with ordinality n(sync, nth) on n.sync = d.sync
           where ${ofSync(sync, 'v')} and v.operation = 'i' and ${wasDone('v')}
             and ${ofSyncs(reverts, 'd')} and d.operation = 'd' and ${wasDone('d')}
           order by ${same.map((name) => `v.${name}`).join(', ')}, n.nth desc
         ) last group by sync
       ) back where back.sync = s.no`,
      [reverts],
    );
}

async function hasDone(tx: Queryable, sync: number): Promise<boolean> {
  const found = await row(
    tx,
    `select 1 from syncline.change c where ${ofSync(sync, 'c')} and ${wasDone('c')}
     union all select 1 from syncline.link_change c where ${ofSync(sync, 'c')} and ${wasDone('c')} limit 1`,
  );
  return found !== undefined;
}

/**
 * Another sync was applied. A watch ends where the sync would make again what was undone: a person has resumed the sync. It
 * ends as well where a sync has compared everything that it undid, and found that the source no longer says so.
 * @param comparedAll whether the sync read the whole source to its end, and left out nothing that it found
 */
export async function settleWatches(tx: Queryable, sync: SyncRow, comparedAll: boolean): Promise<void> {
  const found = sync.undoneAgain ?? [];
  const end = async (watch: 'resumed' | 'gone', reverts: number[]) => {
    if (reverts.length > 0)
      await tx.raw(`update syncline.sync set undone_watch = ? where no = any(?) and undone_watch = 'open'`, [
        watch,
        reverts,
      ]);
  };
  await end(
    'resumed',
    found.filter(({ changes }) => changes > 0).map(({ revert }) => revert),
  );
  if (!comparedAll) return;
  await end(
    'gone',
    found.filter(({ changes, unread }) => changes === 0 && !unread).map(({ revert }) => revert),
  );
}
