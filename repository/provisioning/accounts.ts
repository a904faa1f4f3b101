import type { Values } from '../../domain/provisioning/order.ts';
import { ofSync } from '../change-parts.ts';
import { rows, touched, type Queryable } from '../database.ts';

/** What targets have acknowledged. */

interface OfProfile {
  profileType: number;
  key: string;
}

export async function storeAccount(
  tx: Queryable,
  { profileType, key }: OfProfile,
  { targetId, enabled, pushed }: { targetId: string; enabled: boolean; pushed: Values },
): Promise<void> {
  await tx.raw(
    `insert into syncline.account (profile_type, key, target_id, enabled, pushed) values (?, ?, ?, ?, ?::jsonb)
     on conflict (profile_type, key) do update
       set target_id = excluded.target_id, enabled = excluded.enabled, pushed = excluded.pushed, pushed_at = clock_timestamp()`,
    [profileType, key, targetId, enabled, JSON.stringify(pushed)],
  );
}

export async function storeEnabled(tx: Queryable, { profileType, key }: OfProfile, enabled: boolean): Promise<void> {
  await tx.raw(
    `update syncline.account set enabled = ?, pushed_at = clock_timestamp() where profile_type = ? and key = ?`,
    [enabled, profileType, key],
  );
}

export async function forgetAccount(tx: Queryable, { profileType, key }: OfProfile): Promise<void> {
  await tx.raw('delete from syncline.account where profile_type = ? and key = ?', [profileType, key]);
}

/** The profile that has an account of the target already, in whose name nobody else writes it. */
export async function holderOf(
  db: Queryable,
  profileType: number,
  targetId: string,
): Promise<{ key: string } | undefined> {
  const [found] = await rows<{ key: string }>(
    db,
    'select key from syncline.account where profile_type = ? and target_id = ?',
    [profileType, targetId],
  );
  return found;
}

/** A member that a group has to gain or lose; `targetId` null: its account is gone. */
export interface DueMember {
  memberType: number;
  member: string;
  targetId: string | null;
}

const members = `select p.target as member_type, t.key as member from syncline.resource g
  join syncline.link_property p on p.entity_type = g.entity_type and not p.retired
  join syncline.link l on l.property = p.id and l.source = g.id
  join syncline.resource t on t.entity_type = p.target and t.id = l.target
  where g.entity_type = ? and g.key = ?`;

/** Members that have an account and that the target was not told of, some of them. */
export const membersToAdd = (db: Queryable, { profileType, key }: OfProfile, most: number): Promise<DueMember[]> =>
  rows(
    db,
    `select m.member_type as "memberType", m.member, a.target_id as "targetId" from (${members}) m
       join syncline.account a on a.profile_type = m.member_type and a.key = m.member
     where not exists (select from syncline.pushed_member k where k.profile_type = ? and k.key = ?
       and k.member_type = m.member_type and k.member = m.member)
     order by 1, 2 limit ?`,
    [profileType, key, profileType, key, most],
  );

/** Members that the target was told of and that are members no longer, some of them. */
export const membersToRemove = (db: Queryable, { profileType, key }: OfProfile, most: number): Promise<DueMember[]> =>
  rows(
    db,
    `select k.member_type as "memberType", k.member, a.target_id as "targetId" from syncline.pushed_member k
       left join syncline.account a on a.profile_type = k.member_type and a.key = k.member
     where k.profile_type = ? and k.key = ?
       and not exists (select from (${members}) m where m.member_type = k.member_type and m.member = k.member)
     order by 1, 2 limit ?`,
    [profileType, key, profileType, key, most],
  );

export async function storeMembers(
  tx: Queryable,
  { profileType, key }: OfProfile,
  changed: readonly DueMember[],
  are: boolean,
): Promise<void> {
  const given = [changed.map(({ memberType }) => memberType), changed.map(({ member }) => member)];
  if (are)
    await tx.raw(
      `insert into syncline.pushed_member (profile_type, key, member_type, member)
       select ?, ?, m.* from unnest(?::int[], ?::text[]) m on conflict do nothing`,
      [profileType, key, ...given],
    );
  else
    await tx.raw(
      `delete from syncline.pushed_member k using unnest(?::int[], ?::text[]) as m (member_type, member)
       where k.profile_type = ? and k.key = ? and k.member_type = m.member_type and k.member = m.member`,
      [...given, profileType, key],
    );
}

/** Groups whose member got an account that they could not be told of before have an order that tells them. */
export const orderMemberships = (tx: Queryable, connector: number, { profileType, key }: OfProfile): Promise<number> =>
  touched(
    tx,
    `insert into syncline.provisioning_order (connector, profile_type, key, operation)
     select distinct ?::int, g.entity_type, g.key, 'add-members' from syncline.resource t
       join syncline.link_property p on p.target = t.entity_type and not p.retired
       join syncline.link l on l.property = p.id and l.target = t.id
       join syncline.resource g on g.entity_type = p.entity_type and g.id = l.source
       join syncline.entity_type e on e.id = g.entity_type and e.connector = ?
     where t.entity_type = ? and t.key = ?
       and not exists (select from syncline.pushed_member k where k.profile_type = g.entity_type and k.key = g.key
         and k.member_type = t.entity_type and k.member = t.key)
     on conflict (profile_type, key, part) where status = 'pending' do nothing`,
    [connector, connector, profileType, key],
  );

/** Groups of ten members or more of which a run would take more than half, by profile type. */
export const emptiedGroups = (tx: Queryable, sync: number): Promise<{ profile: string; groups: number }[]> =>
  rows(
    tx,
    `select t.name as profile, count(*)::int as groups from (
       select p.entity_type, l.source_key, count(*) as lost from syncline.link_change l
         join syncline.link_property p on p.id = l.property
       where ${ofSync(sync, 'l')} and l.fate is null and l.operation = 'd' group by 1, 2
     ) g join syncline.entity_type t on t.id = g.entity_type
       cross join lateral (
         select count(*) as had from syncline.pushed_member k where k.profile_type = g.entity_type and k.key = g.source_key) k
     where k.had >= 10 and 2 * g.lost > k.had group by t.name order by t.name`,
  );
