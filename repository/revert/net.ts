import { ofSyncs } from '../change-parts.ts';
import type { Queryable } from '../database.ts';
import { isErased, wasDone, type RevertInput } from './input.ts';

/**
 * undone: the net of what the syncs did to each resource: whether it was there before the first and after the last of them,
 * and the attributes that it had. Of a resource that was there throughout, only the properties that they changed.
 */
export async function createUndone(tx: Queryable, input: RevertInput): Promise<void> {
  const types = input.types.map(({ id }) => id).join(', ') || 'null';
  await tx.raw(
    `create temp table undone on commit drop as ${input.reverts.length === 1 ? ofOne(input) : ofSeveral(input)}`,
    input.reverts.length === 1 ? [] : [[...input.reverts]],
  );
  // the row of a deleted resource says how it was when it went
  if (input.reverts.length > 1)
    await tx.raw(
      `update undone u set managed = not f.managed from (${firstFlags}) f
       where f.entity_type = u.entity_type and f.resource = u.resource and f.nth < u.gone_at`,
      [[...input.reverts]],
    );
  await tx.raw(`
    delete from undone where not (existed or stays) or entity_type not in (${types});
    create index on undone (entity_type, resource);
    analyze undone (entity_type, resource, key, existed, stays)`);
}

const ofOne = ({ reverts }: RevertInput) => `
  select entity_type, resource, key, operation <> 'i' as existed, operation <> 'd' as stays, before as was, after as became,
    managed, ${isErased('key')} as erased, null::bigint as gone_at
  from syncline.change c where ${ofSyncs(reverts, 'c')} and ${wasDone('c')}`;

/** A row of a deleted resource has all attributes, so what came before it counts no more; so has one of an inserted one. */
const ofSeveral = ({ reverts }: RevertInput) => `
  select entity_type, resource, min(key) as key, (array_agg(operation order by nth))[1] <> 'i' as existed,
    (array_agg(operation order by nth desc))[1] <> 'd' as stays,
    syncline.jsonb_merge(before order by nth desc) filter (where gone_at is null or nth <= gone_at) as was,
    syncline.jsonb_merge(after order by nth) filter (where came_at is null or nth >= came_at) as became,
    (array_agg(managed order by nth) filter (where operation = 'd'))[1] as managed,
    bool_or(${isErased('key')}) as erased, min(gone_at) as gone_at
  from (
    select c.*, n.nth, min(n.nth) filter (where operation = 'd') over each as gone_at,
      max(n.nth) filter (where operation = 'i') over each as came_at
    from syncline.change c join unnest(?::bigint[]) with ordinality n(sync, nth) on n.sync = c.sync
    where ${ofSyncs(reverts, 'c')} and ${wasDone('c')}
    window each as (partition by c.entity_type, c.resource)
  ) step group by entity_type, resource`;

/** The first flag that a rule gave to each resource. */
const firstFlags = `
  select distinct on (m.entity_type, m.resource) m.entity_type, m.resource, m.managed, n.nth
  from syncline.managed_change m join unnest(?::bigint[]) with ordinality n(sync, nth) on n.sync = m.sync
  order by m.entity_type, m.resource, n.nth`;

/**
 * going_link, coming_link: links that these syncs brought and that are still not there without them, and links that they
 * took. A link that moved is one of each.
 */
export async function createUndoneLinks(tx: Queryable, input: RevertInput): Promise<void> {
  const properties = input.links.map(({ id }) => id).join(', ') || 'null';
  await tx.raw(
    `create temp table undone_link on commit drop as
     select property, source, target, min(source_key) as source_key, min(target_key) as target_key,
       (array_agg(came order by nth))[1] as came
     from (
       select c.property, c.source, c.target, c.source_key, c.target_key, c.operation <> 'd' as came, n.nth
       from ${steps(input)}
       union all
       select coalesce(c.before_property, c.property), c.source, c.before_target, c.source_key, c.before_target_key, false, n.nth
       from ${steps(input)} and c.operation = 'u'
     ) step where property in (${properties})
     group by property, source, target having (array_agg(came order by nth))[1] = (array_agg(came order by nth desc))[1]`,
    [[...input.reverts], [...input.reverts]],
  );
  // each navigation property by one of its rows in the catalog
  const family = `case property when 0 then 0 ${input.links.map((link) => `when ${String(link.id)} then ${String(link.family)}`).join(' ')} end`;
  await tx.raw(`
    create temp table going_link on commit drop as
    select property, ${family} as family, source, target, source_key, target_key, null::text as kept, false as paired
    from undone_link where came;
    create temp table coming_link on commit drop as
    select property, ${family} as family, source, target, source_key, target_key, null::text as kept, false as paired,
      ${isErased('source_key')} or ${isErased('target_key')} as erased
    from undone_link where not came;
    drop table undone_link;
    create index on going_link (family, source, target);
    create index on coming_link (family, source, target);
    create index on going_link (property, source, target);
    create index on coming_link (property, source, target);
    analyze going_link; analyze coming_link`);
}

const steps = ({ reverts }: RevertInput) => `syncline.link_change c
  join unnest(?::bigint[]) with ordinality n(sync, nth) on n.sync = c.sync where ${ofSyncs(reverts, 'c')} and ${wasDone('c')}`;
