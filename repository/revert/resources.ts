import type { Queryable } from '../database.ts';
import { valueOf, type RevertInput, type RevertType } from './input.ts';

/**
 * Why something is not undone; null: it is undone.
 * `with-other`: the rest of a move, which the other half tells.
 */
export type Kept = 'touched' | 'linked' | 'key-taken' | 'end-missing' | 'retired' | 'erased' | 'with-other';

/**
 * going: resources that the syncs inserted and that are still stored. coming: those that they deleted. restored: those
 * that they updated, with the values that go back, and the names of properties that do not.
 */
export async function createResources(tx: Queryable, input: RevertInput): Promise<void> {
  await tx.raw(`
    create temp table going (entity_type int, resource bigint, key text collate "C", kept text) on commit drop;
    create temp table coming (entity_type int, resource bigint, key text collate "C", attributes jsonb, managed boolean,
      lost text[], kept text) on commit drop;
    create temp table restored (entity_type int, resource bigint, key text collate "C", hash bigint, before jsonb, after jsonb,
      touched text[], lost text[], kept text) on commit drop`);
  for (const type of input.types) {
    await addGoing(tx, type);
    await addComing(tx, type);
    await addRestored(tx, type);
  }
  await tx.raw(`
    create index on going (entity_type, resource);
    create index on coming (entity_type, resource);
    analyze going; analyze coming (entity_type, resource, key, kept); analyze restored (entity_type, resource, key)`);
}

/** One that is not stored any more is as it was before. It is touched if its key has come again. */
async function addGoing(tx: Queryable, { id, retired }: RevertType): Promise<void> {
  const type = String(id);
  await tx.raw(
    `insert into going
     select u.entity_type, u.resource, u.key,
       case when ${String(retired)} then 'retired' when r.id <> u.resource or r.attributes <> jsonb_strip_nulls(u.became) then 'touched' end
     from undone u join syncline.resource r on r.entity_type = ${type} and r.key = u.key
     where u.entity_type = ${type} and not u.existed and u.stays
       and not exists (select from undone o where o.entity_type = ${type} and o.resource = r.id and o.resource <> u.resource)`,
  );
}

/** A resource comes back without the properties that are retired since. */
async function addComing(tx: Queryable, { id, retired, lost }: RevertType): Promise<void> {
  const type = String(id);
  await tx.raw(
    `insert into coming
     select u.entity_type, u.resource, u.key, a.attributes - ?::text[], u.managed,
       (select array_agg(k order by k) from unnest(?::text[]) k where a.attributes \\? k),
       case when u.erased then 'erased' when ${String(retired)} then 'retired' when r.id is not null then 'touched' end
     from undone u cross join lateral (select jsonb_strip_nulls(coalesce(u.was, '{}')) as attributes) a
       left join syncline.resource r on r.entity_type = ${type} and r.id = u.resource
     where u.entity_type = ${type} and u.existed and not u.stays
       and r.attributes is distinct from a.attributes`,
    [lost, lost],
  );
}

/** By property: a value goes back if it still is what the syncs made it. One that is back already is left alone. */
async function addRestored(tx: Queryable, { id, retired, lost }: RevertType): Promise<void> {
  const type = String(id);
  await tx.raw(
    `insert into restored
     select u.entity_type, u.resource, u.key, r.hash, p.before, p.after, p.touched, p.lost,
       case when u.erased then 'erased' when r.id is null then 'touched' when ${String(retired)} then 'retired' end
     from undone u left join syncline.resource r on r.entity_type = ${type} and r.id = u.resource
     cross join lateral (
       select jsonb_object_agg(k, now) filter (where fate = 'back') as before,
         jsonb_object_agg(k, was) filter (where fate = 'back') as after,
         array_agg(k order by k) filter (where fate = 'touched') as touched,
         array_agg(k order by k) filter (where fate = 'lost') as lost
       from (
         select k, now, was, case when now = was then 'as it was' when k = any(?::text[]) then 'lost'
           when now = became then 'back' else 'touched' end as fate
         from jsonb_object_keys(coalesce(u.was, '{}') || coalesce(u.became, '{}')) k cross join lateral (
           select ${valueOf('r.attributes', 'k')} as now, ${valueOf('u.was', 'k')} as was, ${valueOf('u.became', 'k')} as became
         ) v where was <> became
       ) property
     ) p
     where u.entity_type = ${type} and u.existed and u.stays
       and (u.erased or r.id is null or p.before is not null or p.touched is not null or p.lost is not null)`,
    [lost],
  );
}
