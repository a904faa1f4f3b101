import { ofSync, ofSyncByKey } from '../change-parts.ts';
import { row, type Queryable } from '../database.ts';
import { outcomeOf, outcomeOfMove } from './active.ts';

/** Who refused, and why. */
export interface Refuser {
  by: string;
  byName: string | null;
  reason: string | null;
}

/**
 * Remembers refused changes of a sync, so that later syncs suppress equal ones; inside the transaction that decides, which holds
 * the lock of the connector. A refusal of the same change that counts already is renewed if it ends in the same, else it ends.
 * A change of a resource that has gone meanwhile is not remembered: it cannot come again.
 * @param rows SQL that gives (kind, seq, remember, because_kind, because_seq): `kind` is `r` for a row of syncline.change and `l`
 * for one of syncline.link_change, `remember` is in seconds, and the last two name the refused row that this one followed, or
 * are null
 * @returns how many changes are remembered
 */
export async function refuseChanges(
  tx: Queryable,
  sync: { no: number; connector: number },
  rows: string,
  refuser: Refuser,
  bindings: readonly (string | number | number[])[] = [],
): Promise<number> {
  await tx.raw(
    `create temp table chosen on commit drop as
     select kind, seq, remember, because_kind, because_seq from (${rows}) each`,
    [...bindings],
  );
  await tx.raw('create index on chosen (kind, seq); analyze chosen');
  await tx.raw(
    `create temp table refusing on commit drop as
     select gen_random_uuid() as id, x.*, c.entity_type, null::int as property, c.operation, c.key, null::text collate "C" as target_key,
       case c.operation when 'i' then ${outcomeOf('c.after')} when 'u' then ${outcomeOf('r.attributes || c.after')} end as outcome,
       coalesce(r.attributes, c.after) ->> t.label_property as label,
       c.resource, null::bigint as source, null::bigint as target
     from chosen x join syncline.change c on ${ofSync(sync.no, 'c')} and c.seq = x.seq
       join syncline.entity_type t on t.id = c.entity_type
       left join syncline.resource r on r.entity_type = c.entity_type and r.key = c.key
     where x.kind = 'r' and (c.operation = 'i' or r.id is not null)
     union all
     select gen_random_uuid(), x.*, p.entity_type, c.property, c.operation, c.source_key, c.target_key,
       case c.operation when 'u' then ${outcomeOfMove('c.target_key')} end,
       case when r.id is not null then r.attributes ->> t.label_property else (
         select i.after ->> t.label_property from syncline.change i
         where ${ofSyncByKey(sync.no, 'i')} and i.entity_type = p.entity_type and i.key = c.source_key and i.operation = 'i'
       ) end, null, c.source, c.target
     from chosen x join syncline.link_change c on ${ofSync(sync.no, 'c')} and c.seq = x.seq
       join syncline.link_property p on p.id = c.property join syncline.entity_type t on t.id = p.entity_type
       left join syncline.resource r on r.entity_type = p.entity_type and r.key = c.source_key
     where x.kind = 'l'`,
  );
  await tx.raw('drop table chosen');
  return rememberRefusing(tx, sync, refuser);
}

/**
 * Remembers the changes of the temporary table refusing, and drops it.
 * @param fromNow only a sync that begins to read from now on may end the refusals
 */
export async function rememberRefusing(
  tx: Queryable,
  sync: { no: number; connector: number },
  { by, byName, reason }: Refuser,
  { fromNow = false } = {},
): Promise<number> {
  await tx.raw('create index on refusing (kind, seq); analyze refusing');
  for (const end of ['source', 'target'] as const) await followEnd(tx, end);
  await replaceOlder(tx, sync.connector);
  await tx.raw(
    `insert into syncline.refusal (id, connector, entity_type, property, operation, key, target_key, outcome, label, sync, refused_by,
       refused_by_name, reason, read_at, expires_at)
     select n.id, s.connector, n.entity_type, n.property, n.operation, n.key, n.target_key, n.outcome, n.label, s.no, ?, ?, ?,
       ${fromNow ? 'clock_timestamp()' : 'coalesce(s.export_started_at, s.created_at)'}, clock_timestamp() + make_interval(secs => n.remember)
     from refusing n cross join syncline.sync s where s.no = ?
     on conflict (id) do update set sync = excluded.sync, refused_by = excluded.refused_by,
       refused_by_name = excluded.refused_by_name, reason = excluded.reason, refused_at = clock_timestamp(),
       read_at = excluded.read_at, expires_at = excluded.expires_at`,
    [by, byName, reason, sync.no],
  );
  await tx.raw(
    `update syncline.refusal f set because = b.id from refusing n
       left join refusing b on b.kind = n.because_kind and b.seq = n.because_seq
     where f.id = n.id and f.because is distinct from b.id`,
  );
  const found = await row<{ n: number }>(tx, 'select count(*)::int as n from refusing');
  await tx.raw('drop table refusing');
  // the files of an earlier sync no longer say what would be stored
  if (found && found.n > 0)
    await tx.raw('update syncline.connector set unchanged_base = null where id = ?', [sync.connector]);
  return found?.n ?? 0;
}

/**
 * A link follows the resource with which it would come or go, also if it was chosen by itself: without that resource its change
 * is none, and with it the link is decided anew.
 */
async function followEnd(tx: Queryable, end: 'source' | 'target'): Promise<void> {
  await tx.raw(
    `update refusing l set because_kind = 'r', because_seq = r.seq from refusing r
     where l.kind = 'l' and l.because_seq is null and r.kind = 'r' and r.because_seq is null and r.resource = l.${end}
       and r.operation = case l.operation when 'd' then 'd'::"char" else 'i' end`,
  );
}

/** Ends the refusals of the same changes that end in something else, and finds the ids of those that are renewed. */
async function replaceOlder(tx: Queryable, connector: number): Promise<void> {
  const same = `f.connector = ? and f.ended_at is null and f.entity_type = n.entity_type and f.key = n.key
    and f.operation = n.operation and f.property is not distinct from n.property
    and (f.operation = 'u' or f.target_key is not distinct from n.target_key)`;
  await tx.raw(
    `update syncline.refusal f set ended_at = clock_timestamp(),
       ended_by = case when f.expires_at <= clock_timestamp() then 'expired' else 'changed' end
     from refusing n where ${same} and (f.outcome is distinct from n.outcome or f.expires_at <= clock_timestamp())`,
    [connector],
  );
  await tx.raw(`update refusing n set id = f.id from syncline.refusal f where ${same}`, [connector]);
}
