import { ofSyncByKey } from '../change-parts.ts';
import type { Queryable } from '../database.ts';
import {
  isLimited,
  leftOut,
  operationsOf,
  scoped,
  type DiffInput,
  type DiffLink,
  type LinkTarget,
  type DiffType,
} from '../diff-input.ts';
import { leadsTo } from '../link-targets.ts';
import { keyArraySql } from '../resolve-rows.ts';
import { frozenKeys, frozenLinks } from '../staging.ts';

const into = 'insert into syncline.refusal_finding (sync, refusal, finding)';

/** SQL for the change rows of the sync that are about the same change as `refused f`, with any result. */
const sameResource = (
  sync: number,
) => `syncline.change c where ${ofSyncByKey(sync, 'c')} and c.entity_type = f.entity_type
  and f.property is null and c.key = f.key and c.operation = f.operation`;
/** A link that is not removed is still to be removed where its move is suppressed: the new target is missing, since it was refused. */
const sameLink = (sync: number) => `syncline.link_change c where ${ofSyncByKey(sync, 'c')}
  and c.source_key = f.key and (
    f.operation <> 'u' and c.property = f.property and c.operation = f.operation and c.target_key = f.target_key
    or f.operation = 'u' and c.operation = 'u' and c.property in (
      select o.id from syncline.link_property p join syncline.link_property o on o.entity_type = p.entity_type and o.name = p.name
      where p.id = f.property)
    or f.operation = 'd' and c.operation = 'u' and c.fate = 's' and coalesce(c.before_property, c.property) = f.property
      and c.before_target_key = f.target_key)`;

/**
 * Stores the findings of the change set about the refusals. `seen`: the change of the refusal was suppressed.
 * `changed`: the change is proposed, because it has another result now. The statements only insert, because many syncs
 * write refusals and this transaction must not wait for another one. A repeat starts over.
 */
export async function judgeMatches(
  tx: Queryable,
  sync: number,
  findings: readonly ('seen' | 'changed')[] = ['seen', 'changed'],
): Promise<void> {
  for (const same of [sameResource(sync), sameLink(sync)])
    await tx.raw(
      `${into} select * from (
         select ?::bigint, f.no, case when c.fate = 's' then 'seen' when c.fate is null and f.fresh then 'changed' end as finding
         from refused f cross join lateral (select c.fate from ${same} order by c.fate nulls first limit 1) c
       ) each where finding = any(?) on conflict do nothing`,
      [sync, [...findings]],
    );
}

/**
 * Stores the finding `gone` if a certified complete sync has read the key and finds no such change any more: after the
 * sync is applied, the same change is a new one. There is no finding from a rejected row, from a link that could not be
 * resolved, and from a link to a resource that is left out.
 */
export async function judgeGone(tx: Queryable, input: DiffInput): Promise<void> {
  if (input.mode !== 'complete' || input.narrowed || input.laterSyncs.length > 0) return;
  const byId = new Map(input.types.map((type) => [type.id, type]));
  for (const type of input.types) if (type.certified) await resourcesGone(tx, input, type);
  for (const link of input.links) {
    const type = byId.get(link.entityType);
    if (type && link.certified) await linksGone(tx, input, link, type);
  }
}

const letters = { insert: 'i', update: 'u', delete: 'd' } as const;

async function resourcesGone(tx: Queryable, input: DiffInput, type: DiffType): Promise<void> {
  await tx.raw(
    `${into} select ?, f.no, 'gone' from refused f
     where f.fresh and f.entity_type = ? and f.property is null and f.operation = any(?::"char"[])
       and ${wasRead(input, type)} and (exists (select from ${sameResource(input.sync)})) is false
     on conflict do nothing`,
    [input.sync, type.id, operationsOf(input, type).map((operation) => letters[operation])],
  );
}

async function linksGone(tx: Queryable, input: DiffInput, link: DiffLink, type: DiffType): Promise<void> {
  for (const each of leadsTo(link)) await linksGoneTo(tx, input, link, each, type);
}

async function linksGoneTo(
  tx: Queryable,
  input: DiffInput,
  link: DiffLink,
  led: LinkTarget,
  type: DiffType,
): Promise<void> {
  const target = input.types.find(({ id }) => id === led.target);
  const frozenTarget = target
    ? `and not exists (select from ${frozenKeys(input.staging, target.id)} z where z.key = f.target_key)
       and not exists (select from ${leftOut(target.id)} z where z.key = f.target_key)`
    : '';
  const frozenRow =
    link.from === 'table'
      ? `and not exists (select from ${frozenLinks(input.staging, link.id)} z where z.source = f.key)`
      : '';
  await tx.raw(
    `${into} select ?, f.no, 'gone' from refused f
     where f.fresh and f.property = ? and f.operation = any(?::"char"[])
       and ${wasRead(input, type)} ${frozenTarget} ${frozenRow}
       and not exists (select from syncline.sync_error e where e.sync = ? and e.entity_type = ? and e.property = ?
         and e.effect = 'link-rejected' and e.key = ${keyArraySql('f.key', type.keyCount)})
       and (exists (select from ${sameLink(input.sync)})) is false
     on conflict do nothing`,
    [input.sync, led.id, input.operations.map((operation) => letters[operation]), input.sync, type.name, link.name],
  );
}

/** Whether the sync has read the key of `f`: it is within the scope, and its row was not rejected. */
const wasRead = (input: DiffInput, type: DiffType) =>
  `not exists (select from ${frozenKeys(input.staging, type.id)} z where z.key = f.key)
   ${isLimited(type) ? `and f.key in (select key from ${scoped(type.id)})` : ''}`;
