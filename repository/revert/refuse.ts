import { amount } from '../../domain/amount.ts';
import { mostRefusals } from '../../domain/draft.ts';
import { SyncError } from '../../domain/errors.ts';
import { ofSync } from '../change-parts.ts';
import { row, type Queryable } from '../database.ts';
import { outcomeOf, outcomeOfMove } from '../refusals/active.ts';
import { rememberRefusing, type Refuser } from '../refusals/remember.ts';
import { wasDone } from './input.ts';

/** How long what a revert undid is refused: 30 days. */
const seconds = 30 * 86_400;

const resources = (sync: number) => `syncline.change c where ${ofSync(sync, 'c')} and ${wasDone('c')}`;

/** A resource that is refused takes its links along: they need no refusal of their own. */
const links = (sync: number) => `syncline.link_change c where ${ofSync(sync, 'c')} and ${wasDone('c')}
  and c.source not in (${comingAndGoing(sync)}) and c.target not in (${comingAndGoing(sync)})`;

const comingAndGoing = (sync: number) => `select e.resource from syncline.change e
  where ${ofSync(sync, 'e')} and ${wasDone('e')} and e.operation in ('i', 'd')`;

const opposite = `case c.operation when 'd' then 'i' when 'i' then 'd' else 'u' end::"char"`;

/**
 * Refuses with memory what a revert has undone, so that later syncs leave it out. In the transaction that applies the revert,
 * after its changes: each of them is refused in the opposite direction.
 */
export async function refuseUndone(
  tx: Queryable,
  sync: { no: number; connector: number },
  refuser: Refuser,
): Promise<void> {
  const common = `gen_random_uuid() as id, c.seq, ${String(seconds)} as remember, null::text as because_kind,
    null::bigint as because_seq`;
  await tx.raw(
    `create temp table refusing on commit drop as
     select ${common}, 'r' as kind, c.entity_type, null::int as property, ${opposite} as operation, c.key,
       null::text collate "C" as target_key,
       case c.operation when 'd' then ${outcomeOf('c.before')} when 'u' then ${outcomeOf('r.attributes || c.before')} end as outcome,
       coalesce(r.attributes, c.before) ->> t.label_property as label,
       c.resource, null::bigint as source, null::bigint as target
     from (select * from ${resources(sync.no)}) c join syncline.entity_type t on t.id = c.entity_type
       left join syncline.resource r on r.entity_type = c.entity_type and r.id = c.resource
     union all
     select ${common}, 'l', p.entity_type, coalesce(c.before_property, c.property), ${opposite}, c.source_key, coalesce(c.before_target_key, c.target_key),
       case c.operation when 'u' then ${outcomeOfMove('c.before_target_key')} end, r.attributes ->> t.label_property,
       null, c.source, c.target
     from (select * from ${links(sync.no)}) c join syncline.link_property p on p.id = c.property
       join syncline.entity_type t on t.id = p.entity_type
       left join syncline.resource r on r.entity_type = p.entity_type and r.id = c.source`,
  );
  await rememberRefusing(tx, sync, refuser, { fromNow: true });
}

/** @throws SyncError `too-many-refusals` if the revert would have to remember more than one decision may */
export async function requireFewRefusals(tx: Queryable, sync: number): Promise<void> {
  const found = await row<{ n: number }>(
    tx,
    `select ((select count(*) from ${resources(sync)}) + (select count(*) from ${links(sync)}))::int as n`,
  );
  if (found && found.n > mostRefusals)
    throw new SyncError(
      'too-many-refusals',
      `The revert would refuse ${amount(found.n, 'change')}. At most ${mostRefusals.toLocaleString('en-US')} are remembered. Revert with "then": "hold".`,
    );
}
