import type { RefusalEnding } from '../../domain/refusals.ts';
import { lockConnectorRow } from '../connectors.ts';
import { row, rows, type Queryable, type Transaction } from '../database.ts';
import { needComplete } from '../needs-complete.ts';

/**
 * Ends refusals, and with each those that followed it. The caller holds the lock of the connector.
 * @param which condition for `f`
 * @param sync whose change set ended them
 * @returns the newest of the syncs in which they were refused, and whether any ended only with another
 */
async function endRefusals(
  tx: Queryable,
  which: string,
  bindings: readonly (string | number)[],
  endedBy: RefusalEnding,
  sync: number | null = null,
): Promise<{ newest: string | undefined; followers: boolean }> {
  const ended = await rows<{ syncId: string; follower: boolean }>(
    tx,
    `with recursive ending(no, id, follower) as (
       select f.no, f.id, false from syncline.refusal f where f.ended_at is null and ${which}
       union
       select f.no, f.id, true from syncline.refusal f join ending e on f.because = e.id where f.ended_at is null
     ), ended as (
       update syncline.refusal f set ended_at = clock_timestamp(), ended_by = ?, ended_sync = ?
       from (select no, bool_and(follower) as follower from ending group by no) e where f.no = e.no returning f.sync, e.follower
     )
     select s.id as "syncId", e.follower from (select sync, bool_or(follower) as follower from ended group by sync) e
       join syncline.sync s on s.no = e.sync order by s.no desc`,
    [...bindings, endedBy, sync],
  );
  return { newest: ended[0]?.syncId, followers: ended.some(({ follower }) => follower) };
}

/**
 * Lifts a refusal: its change comes again with the next whole sync. A repeat changes nothing.
 * @returns false if there is no such refusal
 */
export async function liftRefusal(tx: Transaction, id: string): Promise<boolean> {
  const found = await row<{ connector: number }>(tx, 'select connector from syncline.refusal where id::text = ?', [id]);
  if (!found) return false;
  await lockConnectorRow(tx, found.connector);
  const { newest } = await endRefusals(tx, 'f.id::text = ?', [id], 'lifted');
  if (newest !== undefined) await needComplete(tx, found.connector, 'refusal-ended', newest);
  return true;
}

/** Connectors with a refusal whose time is over. */
export async function connectorsWithExpired(db: Queryable): Promise<number[]> {
  const found = await rows<{ connector: number }>(
    db,
    `select distinct connector from syncline.refusal where ended_at is null and expires_at <= clock_timestamp()`,
  );
  return found.map(({ connector }) => connector);
}

/** Ends the refusals of a connector whose time is over: their changes come again with the next whole sync. */
export async function expireRefusals(tx: Transaction, connector: number): Promise<void> {
  const over = 'f.connector = ? and f.expires_at <= clock_timestamp()';
  const due = await row(tx, `select 1 from syncline.refusal f where f.ended_at is null and ${over} limit 1`, [
    connector,
  ]);
  if (!due) return;
  await lockConnectorRow(tx, connector);
  const { newest } = await endRefusals(tx, over, [connector], 'expired');
  if (newest !== undefined) await needComplete(tx, connector, 'refusal-ended', newest);
}

/**
 * Settles the refusals by the change set of a sync. A refusal whose change was suppressed was seen. A refusal whose
 * change is proposed in another form ends as `changed`. A repeat changes nothing. Delta files do not repeat other
 * refused changes of such a resource, and changes that only followed may have been suppressed once more: a complete
 * sync finds both.
 */
export async function settleMatches(
  tx: Transaction,
  sync: { no: number; id: string; connector: number; mode: string },
): Promise<void> {
  await lockConnectorRow(tx, sync.connector);
  await tx.raw(
    `update syncline.refusal f set last_seen_at = clock_timestamp() from syncline.refusal_finding x
     where x.sync = ? and x.finding = 'seen' and f.no = x.refusal and f.ended_at is null`,
    [sync.no],
  );
  const { newest, followers } = await endRefusals(tx, found('changed'), [sync.no], 'changed', sync.no);
  if (newest !== undefined && (followers || sync.mode === 'incremental'))
    await needComplete(tx, sync.connector, 'refusal-ended', sync.id);
  await tx.raw(`delete from syncline.refusal_finding where sync = ? and finding <> 'gone'`, [sync.no]);
}

/**
 * The sync was applied: refused changes that it did not find any more are gone. The caller holds the lock of the
 * connector.
 */
export async function settleGone(tx: Queryable, sync: { no: number; id: string; connector: number }): Promise<void> {
  const { followers } = await endRefusals(tx, found('gone'), [sync.no], 'gone', sync.no);
  if (followers) await needComplete(tx, sync.connector, 'refusal-ended', sync.id);
}

const found = (finding: 'changed' | 'gone') =>
  `f.no in (select refusal from syncline.refusal_finding where sync = ? and finding = '${finding}')`;

/** Whether the comparison of a sync says anything of refusals that is not settled. */
export async function hasFindings(db: Queryable, sync: number): Promise<boolean> {
  return (await row(db, 'select 1 from syncline.refusal_finding where sync = ? limit 1', [sync])) !== undefined;
}

/**
 * The sync has ended. If it was not applied (rejected, superseded, cancelled or failed), refusals that its change set
 * ended count again, unless they have expired or the same change was refused anew. So a bad file in between does not
 * bring back changes that were refused before.
 */
export async function endFindings(
  tx: Queryable,
  sync: { no: number; connector: number; applied: boolean },
): Promise<void> {
  await tx.raw('delete from syncline.refusal_finding where sync = ?', [sync.no]);
  const ended = `f.ended_sync = ? and f.ended_by = 'changed' and f.expires_at > clock_timestamp()`;
  if (sync.applied || !(await row(tx, `select 1 from syncline.refusal f where ${ended} limit 1`, [sync.no]))) return;
  await lockConnectorRow(tx, sync.connector);
  await tx.raw(
    `update syncline.refusal f set ended_at = null, ended_by = null, ended_sync = null
     where ${ended} and not exists (
       select from syncline.refusal o where o.connector = f.connector and o.ended_at is null
         and o.entity_type = f.entity_type and o.key = f.key and o.operation = f.operation
         and o.property is not distinct from f.property
         and (o.operation = 'u' or o.target_key is not distinct from f.target_key))`,
    [sync.no],
  );
}
