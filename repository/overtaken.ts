import { ofSync } from './change-parts.ts';
import { row, rows, touched, withoutLoops, type Queryable } from './database.ts';
import { isProposed } from './fate.ts';
import { linksOf } from './link-partition.ts';

/**
 * Marks the change rows whose `before` no longer holds, since other syncs have written after the diff. An approved change is
 * never adapted to the new state: such a row is listed as overtaken and not applied. Rows that have a fate already are not
 * applied either, and spare their neighbours in the same way. Works on copies with statistics: the planner has no statistics
 * of a new sync, and assumes one row.
 * @returns how many of the sync's change rows are overtaken
 */
export async function markOvertaken(tx: Queryable, sync: number): Promise<number> {
  for (const { id } of await rows<{ id: number }>(
    tx,
    `select distinct entity_type as id from syncline.change where ${ofSync(sync)} and ${isProposed()}`,
  ))
    await markResources(tx, sync, id);
  await tx.raw(`
    create temp table coming_and_going on commit drop as
    select seq, entity_type, operation, resource, key, fate is not null as left_out from syncline.change
    where ${ofSync(sync)} and ${isProposed()} and operation in ('i', 'd');
    create temp table relinked on commit drop as
    select seq, property, operation, source, target, before_target, coalesce(before_property, property) as before_property,
      fate is not null as left_out from syncline.link_change
    where ${ofSync(sync)} and ${isProposed()};
    analyze coming_and_going; analyze relinked`);
  const properties = await rows<LinkProperty>(
    tx,
    `select id, entity_type as source, target, not multi_valued as mono, array(
       select o.id from syncline.link_property o where o.entity_type = p.entity_type and o.name = p.name and o.id <> p.id and not o.retired
     ) as others
     from syncline.link_property p
     where id in (select property from relinked union select before_property from relinked)
       or exists (select from coming_and_going d where d.operation = 'd' and d.entity_type in (p.entity_type, p.target))`,
  );
  // A resource that stays keeps its links and its key, and a link that stays keeps both its ends: each may spare more of the
  // others.
  let spared: number;
  do {
    spared = await keepOut(tx);
    for (const property of properties) await markLinks(tx, property);
    for (const property of properties)
      for (const side of ['source', 'target'] as const) spared += await spareEnds(tx, property, side);
  } while (spared > 0);
  for (const [changes, copy] of [
    ['change', 'coming_and_going'],
    ['link_change', 'relinked'],
  ] as const)
    await withoutLoops(tx, () =>
      touched(
        tx,
        `update syncline.${changes} c set fate = 'o' from ${copy} m
         where ${ofSync(sync, 'c')} and c.seq = m.seq and m.left_out and c.fate is null`,
      ),
    );
  await tx.raw('drop table coming_and_going, relinked');
  const found = await row<{ n: number }>(
    tx,
    `select ((select count(*) from syncline.change where ${ofSync(sync)} and fate = 'o')
      + (select count(*) from syncline.link_change where ${ofSync(sync)} and fate = 'o'))::int as n`,
  );
  return found?.n ?? 0;
}

interface LinkProperty {
  id: number;
  /** Entity types. */
  source: number;
  target: number;
  mono: boolean;
  /** Rows of the same navigation property for other entity types. */
  others: number[];
}

async function markResources(tx: Queryable, sync: number, type: number): Promise<void> {
  const resource = `syncline.resource_${String(type)}`;
  await touched(
    tx,
    `update syncline.change c set fate = 'o'
     where ${ofSync(sync, 'c')} and c.entity_type = ? and c.fate is null and case c.operation
       when 'i' then exists (select from ${resource} r where r.key = c.key and not exists (
         select from syncline.change d where ${ofSync(sync, 'd')} and ${isProposed('d')} and d.entity_type = c.entity_type and d.operation = 'd'
           and d.key = c.key and d.resource = r.id))
       else not exists (select from ${resource} r where r.id = c.resource and r.hash = c.before_hash) end`,
    [type],
  );
}

/** A resource whose key another one was to give up does not come where that one stays. */
function keepOut(tx: Queryable): Promise<number> {
  return touched(
    tx,
    `update coming_and_going i set left_out = true from coming_and_going d
     where i.operation = 'i' and not i.left_out and d.operation = 'd' and d.left_out
       and d.entity_type = i.entity_type and d.key = i.key`,
  );
}

/**
 * A delete of a resource does not happen where a link would be left without it: one that came since, which nobody approved
 * the removal of, or one whose own removal or move is overtaken.
 */
function spareEnds(tx: Queryable, property: LinkProperty, side: 'source' | 'target'): Promise<number> {
  return touched(
    tx,
    `update coming_and_going c set left_out = true
     from (
       select distinct l.${side} as resource
       from coming_and_going d join ${linksOf(property.id)} l on l.${side} = d.resource
       where d.entity_type = ? and d.operation = 'd' and not d.left_out and not exists (
         select from relinked g where g.before_property = ? and not g.left_out and g.source = l.source
           and case g.operation when 'd' then g.target when 'u' then g.before_target end = l.target)
     ) held where c.entity_type = ? and c.operation = 'd' and c.resource = held.resource`,
    [property[side], property.id, property[side]],
  );
}

async function markLinks(tx: Queryable, property: LinkProperty): Promise<void> {
  const link = linksOf(property.id);
  const goes = (type: number, column: string, leftOut: boolean) => `exists (
    select from coming_and_going d where d.entity_type = ${String(type)} and d.operation = 'd' and d.resource = ${column}
      and ${leftOut ? 'd.left_out' : 'not d.left_out'})`;
  /** The end is there: stored, and not gone with this sync, or inserted by it. */
  const present = (type: number, column: string) => `(
    exists (select from syncline.resource_${String(type)} r where r.id = ${column}) and not ${goes(type, column, false)}
    or exists (select from coming_and_going i where i.entity_type = ${String(type)} and i.operation = 'i'
      and i.resource = ${column} and not i.left_out))`;
  /** The end stays although the change set has its delete. So a link that would be deleted only with this end stays too. */
  const spared = (type: number, column: string) => goes(type, column, true);
  await touched(
    tx,
    `update relinked c set left_out = true
     where c.property = ? and not c.left_out and (
       (c.operation in ('i', 'u') and (
         not ${present(property.source, 'c.source')} or not ${present(property.target, 'c.target')}
         or exists (select from ${link} l where l.source = c.source and l.target = c.target)))
       or (c.operation = 'd' and (
         not exists (select from ${link} l where l.source = c.source and l.target = c.target)
         or ${spared(property.source, 'c.source')} or ${spared(property.target, 'c.target')}))
       or (c.operation = 'u' and c.before_property = c.property and not exists (
         select from ${link} l where l.source = c.source and l.target = c.before_target))
       or (c.operation = 'u' and c.before_property <> c.property and not exists (
         select from syncline.link l where l.property = c.before_property and l.source = c.source and l.target = c.before_target))
       ${property.mono ? [property.id, ...property.others].map((id) => `or (c.operation = 'i' and exists (select from ${linksOf(id)} l where l.source = c.source))`).join(' ') : ''})`,
    [property.id],
  );
}
