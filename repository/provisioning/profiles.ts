import { rows, row, type Queryable } from '../database.ts';

/** App profiles with what their accounts are known to have. */

export const profileStates = ['succeeded', 'unsynced', 'partial', 'failed'] as const;
export type ProfileState = (typeof profileStates)[number];

export interface ProfileView {
  profile: string;
  key: string;
  label: string | null;
  state: ProfileState;
  assigned: boolean;
  desired: Record<string, unknown> | null;
  pushed: Record<string, unknown> | null;
  enabled: boolean | null;
  targetId: string | null;
  pushedAt: string | null;
}

/**
 * Assigned profiles, and those that are not and still have an enabled account. Each is in the first state that fits: its last order
 * failed or has an unknown outcome; no account is known; the account or a membership differs from what is desired; all is pushed.
 */
const profiles = `(
  select t.name as profile, t.id as type, x.key,
    coalesce(r.attributes, a.pushed) ->> t.label_property as label, r.id is not null as assigned, r.attributes as desired,
    a.pushed, a.enabled, a.target_id, a.pushed_at,
    case
      when exists (select from syncline.provisioning_order f where f.profile_type = t.id and f.key = x.key
        and f.status in ('failed', 'unknown') and not exists (
          select from syncline.provisioning_order n where n.profile_type = f.profile_type and n.key = f.key and n.part = f.part
            and n.no > f.no)) then 'failed'
      when a.key is null then 'unsynced'
      when r.id is null or not a.enabled or r.attributes - 'id' <> a.pushed
        or exists (select from syncline.link_property p join syncline.link l on l.property = p.id and l.source = r.id
          join syncline.resource m on m.entity_type = p.target and m.id = l.target
          where p.entity_type = t.id and not p.retired and not exists (
            select from syncline.pushed_member k where k.profile_type = t.id and k.key = x.key and k.member_type = p.target and k.member = m.key))
        or exists (select from syncline.pushed_member k where k.profile_type = t.id and k.key = x.key and not exists (
          select from syncline.link_property p join syncline.link l on l.property = p.id and l.source = r.id
            join syncline.resource m on m.entity_type = p.target and m.id = l.target
          where p.entity_type = t.id and p.target = k.member_type and m.key = k.member)) then 'partial'
      else 'succeeded' end as state
  from syncline.entity_type t
    join lateral (
      select key from syncline.resource where entity_type = t.id
      union select key from syncline.account where profile_type = t.id and enabled) x on true
    left join syncline.resource r on r.entity_type = t.id and r.key = x.key
    left join syncline.account a on a.profile_type = t.id and a.key = x.key
  where t.connector = ? and not t.retired and t.profiles_of is not null)`;

const columns = `profile, key, label, state, assigned, desired, pushed, enabled, target_id as "targetId", pushed_at as "pushedAt"`;

export interface ProfileFilter {
  /** Of these profile types. */
  profiles: readonly string[];
  state?: ProfileState | undefined;
  /** Part of the label. */
  q?: string | undefined;
}

/** By profile type and key. */
export function listProfiles(
  db: Queryable,
  connector: number,
  { profiles: names, state, q }: ProfileFilter,
  after: { profile: string; key: string } | undefined,
  limit: number,
): Promise<ProfileView[]> {
  const conditions = ['profile = any(?)'];
  const values: unknown[] = [[...names]];
  if (state !== undefined) {
    conditions.push('state = ?');
    values.push(state);
  }
  if (q !== undefined) {
    conditions.push('position(lower(?) in lower(label)) > 0');
    values.push(q);
  }
  if (after) {
    conditions.push('(profile, key) > (?, ?)');
    values.push(after.profile, after.key);
  }
  return rows(
    db,
    `select ${columns} from ${profiles} p where ${conditions.join(' and ')} order by profile, key limit ?`,
    [connector, ...values, limit] as (string | number)[],
  );
}

export const findProfile = (
  db: Queryable,
  connector: number,
  profile: string,
  key: string,
): Promise<ProfileView | undefined> =>
  row(db, `select ${columns} from ${profiles} p where profile = ? and key = ?`, [connector, profile, key]);

/** How many profiles of each type are in each state. */
export const countProfiles = (
  db: Queryable,
  connector: number,
): Promise<{ profile: string; state: ProfileState; n: number }[]> =>
  rows(db, `select profile, state, count(*)::int as n from ${profiles} p group by 1, 2`, [connector]);
