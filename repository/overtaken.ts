import { ofSync } from './change-parts.ts';
import { row, rows, touched, type Queryable } from './database.ts';
import { linksOf } from './link-partition.ts';

/**
 * Marks the change rows whose `before` no longer holds, since other syncs have written after the diff. What was approved
 * is never stretched to fit the new state: such a row is listed as overtaken and not applied.
 * @returns how many of the sync's change rows are overtaken
 */
export async function markOvertaken(tx: Queryable, sync: number): Promise<number> {
  for (const { id } of await rows<{ id: number }>(
    tx,
    `select distinct entity_type as id from syncline.change where ${ofSync(sync)}`,
  ))
    await markResources(tx, sync, id);
  const properties = await rows<{ id: number; source: number; target: number; mono: boolean }>(
    tx,
    `select id, entity_type as source, target, not multi_valued as mono from syncline.link_property
     where id in (select property from syncline.link_change where ${ofSync(sync)})`,
  );
  // A resource that stays keeps its links, and a link that stays keeps both its ends: each may spare more of the other.
  do for (const property of properties) await markLinks(tx, sync, property);
  while ((await markDeletesWithLinksLeft(tx, sync)) > 0);
  const found = await row<{ n: number }>(
    tx,
    `select ((select count(*) from syncline.change where ${ofSync(sync)} and overtaken)
      + (select count(*) from syncline.link_change where ${ofSync(sync)} and overtaken))::int as n`,
  );
  return found?.n ?? 0;
}

async function markResources(tx: Queryable, sync: number, type: number): Promise<void> {
  const resource = `syncline.resource_${String(type)}`;
  await touched(
    tx,
    `update syncline.change c set overtaken = true
     where ${ofSync(sync, 'c')} and c.entity_type = ? and not c.overtaken and case c.operation
       when 'i' then exists (select from ${resource} r where r.key = c.key)
       else not exists (select from ${resource} r where r.id = c.resource and r.hash = c.before_hash) end`,
    [type],
  );
}

/**
 * A delete of a resource does not happen where a link would be left without it: one that came since, which nobody approved
 * the removal of, or one whose own removal or move is overtaken.
 */
async function markDeletesWithLinksLeft(tx: Queryable, sync: number): Promise<number> {
  const ends = await rows<{ id: number; type: number; side: 'source' | 'target' }>(
    tx,
    `select p.id, p.entity_type as type, 'source' as side from syncline.link_property p
     union all select p.id, p.target, 'target' from syncline.link_property p`,
  );
  const deleted = await rows<{ type: number }>(
    tx,
    `select distinct entity_type as type from syncline.change where ${ofSync(sync)} and operation = 'd' and not overtaken`,
  );
  let marked = 0;
  for (const { type } of deleted) {
    for (const end of ends.filter((each) => each.type === type)) {
      marked += await touched(
        tx,
        `update syncline.change c set overtaken = true
         where ${ofSync(sync, 'c')} and c.entity_type = ? and c.operation = 'd' and not c.overtaken and exists (
           select from ${linksOf(end.id)} l where l.${end.side} = c.resource and not exists (
             select from syncline.link_change g where ${ofSync(sync, 'g')} and g.property = l.property and g.source = l.source
               and not g.overtaken and ((g.operation = 'd' and g.target = l.target) or (g.operation = 'u' and g.before_target = l.target))))`,
        [type],
      );
    }
  }
  return marked;
}

async function markLinks(
  tx: Queryable,
  sync: number,
  property: { id: number; source: number; target: number; mono: boolean },
): Promise<void> {
  const link = linksOf(property.id);
  /** The end is there: stored, and not gone with this sync, or inserted by it. */
  const present = (type: number, column: string) => `(
    exists (select from syncline.resource_${String(type)} r where r.id = ${column})
      and not exists (select from syncline.change d where ${ofSync(sync, 'd')} and d.entity_type = ${String(type)}
        and d.operation = 'd' and d.resource = ${column} and not d.overtaken)
    or exists (select from syncline.change i where ${ofSync(sync, 'i')} and i.entity_type = ${String(type)}
      and i.operation = 'i' and i.resource = ${column} and not i.overtaken))`;
  /** The end stays although the change set has its delete: a link that only went along stays too. */
  const spared = (type: number, column: string) => `exists (
    select from syncline.change d where ${ofSync(sync, 'd')} and d.entity_type = ${String(type)} and d.operation = 'd'
      and d.resource = ${column} and d.overtaken)`;
  await touched(
    tx,
    `update syncline.link_change c set overtaken = true
     where ${ofSync(sync, 'c')} and c.property = ? and not c.overtaken and (
       (c.operation in ('i', 'u') and (
         not ${present(property.source, 'c.source')} or not ${present(property.target, 'c.target')}
         or exists (select from ${link} l where l.source = c.source and l.target = c.target)))
       or (c.operation = 'd' and (
         not exists (select from ${link} l where l.source = c.source and l.target = c.target)
         or ${spared(property.source, 'c.source')} or ${spared(property.target, 'c.target')}))
       or (c.operation = 'u' and not exists (
         select from ${link} l where l.source = c.source and l.target = c.before_target))
       ${property.mono ? `or (c.operation = 'i' and exists (select from ${link} l where l.source = c.source))` : ''})`,
    [property.id],
  );
}
