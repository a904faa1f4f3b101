import { ofSync } from '../change-parts.ts';
import type { SyncStatus } from '../../domain/sync.ts';
import { row, touched, type Queryable } from '../database.ts';

/** Work that the directory has to do: source resources that mappings have to look at again. */

/** The entity types that hold the joins of mappings in use. */
const joining = `syncline.entity_type where joins_from is not null and not retired`;
/** SQL for the entity types that mappings in use map. */
const mapped = `(select joins_from from ${joining})`;

/**
 * Notes what an applied sync has changed, in the transaction that changes it: the resources, and both ends of links. A resource
 * that was due is due anew.
 */
export async function noteDue(tx: Queryable, sync: number): Promise<void> {
  await noteDueProfiles(tx, sync);
  if (!(await row(tx, `select 1 from ${mapped} m limit 1`))) return;
  const links = `syncline.link_change l join syncline.link_property p on p.id = l.property
    where ${ofSync(sync, 'l')} and l.fate is null`;
  await tx.raw(
    `insert into syncline.due (consumer, entity_type, key)
     select d.id, x.entity_type, x.key from (
       select entity_type, key from syncline.change where ${ofSync(sync)} and fate is null and entity_type in ${mapped}
       union select p.entity_type, l.source_key from ${links} and p.entity_type in ${mapped}
       union select p.target, l.target_key from ${links} and p.target in ${mapped}
       union select p.target, l.before_target_key from syncline.link_change l
           join syncline.link_property p on p.id = coalesce(l.before_property, l.property)
         where ${ofSync(sync, 'l')} and l.fate is null and p.target in ${mapped} and l.before_target_key is not null
     ) x cross join (select distinct connector as id from ${joining}) d
     order by 2, 3
     on conflict (consumer, entity_type, key) do update set version = nextval('syncline.due_version')`,
  );
}

/** The same for targets: resources of the directory that profiles come from, and the sources of its links. */
async function noteDueProfiles(tx: Queryable, sync: number): Promise<void> {
  const profiles = 'syncline.entity_type p where p.profiles_of is not null and not p.retired';
  if (!(await row(tx, `select 1 from ${profiles} limit 1`))) return;
  await tx.raw(
    `insert into syncline.due (consumer, entity_type, key)
     select distinct d.connector, x.entity_type, x.key from (
       select entity_type, key from syncline.change where ${ofSync(sync)} and fate is null
       union select p.entity_type, l.source_key from syncline.link_change l join syncline.link_property p on p.id = l.property
         where ${ofSync(sync, 'l')} and l.fate is null
     ) x join (select connector, profiles_of from ${profiles}) d on d.profiles_of = x.entity_type
     order by 1, 2, 3
     on conflict (consumer, entity_type, key) do update set version = nextval('syncline.due_version')`,
  );
}

/** Removes what a run has looked at and nobody has changed since, and remembers it until the run ends. */
export async function takeDue(tx: Queryable, sync: number, consumer: number, seen: string): Promise<void> {
  await tx.raw(
    `with taken as (
       delete from syncline.due d using ${seen} s
       where d.consumer = ? and d.entity_type = s.entity_type and d.key = s.key and d.version = s.version
       returning d.entity_type, d.key)
     insert into syncline.due_taken (sync, entity_type, key) select ?, entity_type, key from taken
     on conflict do nothing`,
    [consumer, sync],
  );
}

/** What a run has taken is due again, since the run ended without a decision on it. */
export async function giveBackDue(tx: Queryable, sync: number): Promise<void> {
  await tx.raw(
    `insert into syncline.due (consumer, entity_type, key)
     select s.connector, t.entity_type, t.key from syncline.due_taken t join syncline.sync s on s.no = t.sync where t.sync = ?
     on conflict (consumer, entity_type, key) do nothing`,
    [sync],
  );
  await forgetTaken(tx, sync);
}

export const forgetTaken = (tx: Queryable, sync: number): Promise<number> =>
  touched(tx, 'delete from syncline.due_taken where sync = ?', [sync]);

export async function hasDue(db: Queryable, consumer: number): Promise<boolean> {
  return (await row(db, 'select 1 from syncline.due where consumer = ? limit 1', [consumer])) !== undefined;
}

/** How much is due, and since when. */
export async function dueOf(db: Queryable, consumer: number): Promise<{ count: number; oldestSince: string | null }> {
  const found = await row<{ count: number; oldestSince: string | null }>(
    db,
    'select count(*)::int as count, min(since) as "oldestSince" from syncline.due where consumer = ?',
    [consumer],
  );
  return found ?? { count: 0, oldestSince: null };
}

/** Whether something is due for so many seconds. */
export async function isDueSince(db: Queryable, consumer: number, seconds: number): Promise<boolean> {
  const found = await row(
    db,
    `select 1 from syncline.due where consumer = ? and since < clock_timestamp() - make_interval(secs => ?) limit 1`,
    [consumer, seconds],
  );
  return found !== undefined;
}

/** The last run that has ended, and the rules that it computed by. */
export function lastRun(
  db: Queryable,
  directory: number,
): Promise<{ status: SyncStatus; rules: string | null; ageSeconds: number } | undefined> {
  return row(
    db,
    `select status, preparation ->> 'rules' as rules, extract(epoch from clock_timestamp() - ended_at)::float as "ageSeconds"
     from syncline.sync where connector = ? and ended_at is not null and not dry_run and status <> 'skipped'
     order by no desc limit 1`,
    [directory],
  );
}

/**
 * Marks the change rows of a run whose sources have changed since it looked at them: their joins, the resources of the directory
 * that these join, and all that links to those. What is marked is due, so the next run computes it again.
 * @returns how many rows it has marked
 */
export async function markStale(tx: Queryable, sync: number): Promise<number> {
  const joins = `(
    select j.entity_type, j.key, j.attributes ->> 'directory' as directory from syncline.resource j
      where j.entity_type in (select id from syncline.entity_type where joins_from is not null)
    union select c.entity_type, c.key, d from syncline.change c
      cross join lateral (values (c.before ->> 'directory'), (c.after ->> 'directory')) v(d)
      where ${ofSync(sync, 'c')} and d is not null and c.entity_type in (select id from syncline.entity_type where joins_from is not null))`;
  await tx.raw(`
    create temp table stale_join on commit drop as
    select j.id as entity_type, d.key from syncline.due d
      join syncline.entity_type j on j.joins_from = d.entity_type and not j.retired
    where d.consumer = (select connector from syncline.sync where no = ${String(sync)});
    create temp table stale_resource (key text collate "C" primary key) on commit drop`);
  // keys of the directory are unique over its entity types
  for (let more = 1; more > 0;) {
    await tx.raw('analyze stale_join; analyze stale_resource');
    more = await touched(
      tx,
      `insert into stale_resource select distinct j.directory from stale_join s join ${joins} j using (entity_type, key)
       where j.directory is not null on conflict do nothing`,
    );
    more += await touched(
      tx,
      `insert into stale_resource select distinct l.source_key from syncline.link_change l
         join stale_resource r on r.key in (l.target_key, l.before_target_key)
       where ${ofSync(sync, 'l')} and l.fate is null on conflict do nothing`,
    );
    if (more > 0)
      await tx.raw(
        `insert into stale_join select j.entity_type, j.key from ${joins} j join stale_resource r on r.key = j.directory
         except select entity_type, key from stale_join`,
      );
  }
  const marked = await touched(
    tx,
    `update syncline.change c set fate = 'o' where ${ofSync(sync, 'c')} and c.fate is null and (
       exists (select from stale_join s where s.entity_type = c.entity_type and s.key = c.key)
       or c.key in (select key from stale_resource) and c.entity_type in (select joins_to from syncline.entity_type where joins_to is not null))`,
  );
  const links = await touched(
    tx,
    `update syncline.link_change l set fate = 'o'
     where ${ofSync(sync, 'l')} and l.fate is null and l.source_key in (select key from stale_resource)`,
  );
  if (marked + links > 0)
    await tx.raw(
      `insert into syncline.due (consumer, entity_type, key)
       select t.connector, t.joins_from, s.key from stale_join s join syncline.entity_type t on t.id = s.entity_type
       order by 2, 3 on conflict do nothing`,
    );
  await tx.raw('drop table stale_join, stale_resource');
  return marked + links;
}

/**
 * Marks the change rows of a run of provisioning whose resource of the directory has changed since the run looked at it. That is due, so
 * the next run computes it again. @returns how many rows it has marked
 */
export async function markStaleProfiles(tx: Queryable, sync: number): Promise<number> {
  // a profile has the key of its resource, and keys of the directory are unique over its entity types
  const due = `(select d.key from syncline.due d where d.consumer = (select connector from syncline.sync where no = ${String(sync)}))`;
  const resources = await touched(
    tx,
    `update syncline.change c set fate = 'o' where ${ofSync(sync, 'c')} and c.fate is null and c.key in ${due}`,
  );
  const links = await touched(
    tx,
    `update syncline.link_change l set fate = 'o' where ${ofSync(sync, 'l')} and l.fate is null
       and (l.source_key in ${due} or l.target_key in ${due})`,
  );
  return resources + links;
}
