import { deprovisionOf } from '../../domain/provisioning/profile-schema.ts';
import { ofSync } from '../change-parts.ts';
import { entityTypesOf } from '../catalog.ts';
import { touched, type Queryable } from '../database.ts';
import type { SyncRow } from '../syncs.ts';
import { findTarget } from './targets.ts';

/** What one order at a time works on: the account, or the members that a group gains or loses. */
export const partOf = (operation: string): string =>
  `case ${operation} when 'add-members' then 'add' when 'remove-members' then 'remove' else 'account' end`;

/**
 * Makes the orders of an applied run of provisioning, in the transaction that applies it. An order that nobody has begun to send is
 * superseded. One that is being sent stays, and the new one waits for its end.
 * @returns how many orders are made
 */
export async function makeOrders(tx: Queryable, { no, connector }: Pick<SyncRow, 'no' | 'connector'>): Promise<number> {
  const target = await findTarget(tx, connector);
  const ids = new Map((await entityTypesOf(tx, connector)).map(({ name, id }) => [name, id]));
  const profiles = target?.file.provisioning?.profiles ?? [];
  if (profiles.length === 0) return 0;
  await tx.raw(
    `create temp table wanted_order on commit drop as
     with profile as (select * from unnest(?::int[], ?::text[], ?::jsonb[]) as p (id, deprovision, allowed))
     select w.profile_type, w.key, w.operation, w.operation is not null and (
         w.operation not in ('create', 'update', 'enable', 'disable', 'delete', 'members')
         or (p.allowed ->> w.operation)::boolean) as allowed, ${partOf('w.operation')} as part
     from (
       select c.entity_type as profile_type, c.key,
         case when c.operation <> 'd' then case when a.key is null then 'create' when a.enabled then 'update' else 'enable' end
           -- the account may come of an order that is being sent
           when p.deprovision <> 'none' and (a.enabled or p.deprovision = 'delete' and a.key is not null or s.no is not null)
             then p.deprovision end as operation
       from syncline.change c join profile p on p.id = c.entity_type
         left join syncline.account a on a.profile_type = c.entity_type and a.key = c.key
         left join syncline.provisioning_order s on s.profile_type = c.entity_type and s.key = c.key and s.part = 'account'
           and s.status in ('running', 'unknown')
       where ${ofSync(no, 'c')} and c.fate is null
       union all
       select distinct l2.entity_type, l.source_key, case l.operation when 'd' then 'remove-members' else 'add-members' end
       from syncline.link_change l join syncline.link_property l2 on l2.id = l.property
         join profile p on p.id = l2.entity_type and (p.allowed ->> 'members')::boolean
       where ${ofSync(no, 'l')} and l.fate is null
         and not exists (select from syncline.change c where ${ofSync(no, 'c')} and c.fate is null and c.operation = 'd'
           and c.entity_type = l2.entity_type and c.key = l.source_key)
     ) w join profile p on p.id = w.profile_type`,
    [
      profiles.map(({ name }) => ids.get(name) ?? 0),
      profiles.map((profile) => deprovisionOf(profile)),
      profiles.map(({ actions }) => JSON.stringify(actions)),
    ],
  );
  await tx.raw(`
    update syncline.provisioning_order o set status = 'superseded', ended_at = clock_timestamp() from wanted_order w
    where o.profile_type = w.profile_type and o.key = w.key and o.part = w.part and o.status = 'pending'`);
  const made = await touched(
    tx,
    `insert into syncline.provisioning_order (connector, profile_type, key, operation, sync)
     select ?, profile_type, key, operation, ? from wanted_order where allowed order by profile_type, key`,
    [connector, no],
  );
  await tx.raw('drop table wanted_order');
  return made;
}
