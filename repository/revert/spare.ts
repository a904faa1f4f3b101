import { touched, type Queryable } from '../database.ts';
import { linksOf } from '../link-partition.ts';
import type { RevertInput, RevertLink } from './input.ts';

/**
 * Finds what cannot be undone because of something else that is not, until nothing more is found. A resource stays if a link
 * stays at it, and then so do its other links. A key that stays is not free, a link needs both its ends, and a move that
 * cannot go back leaves the link where it is.
 */
export async function spareNeighbours(tx: Queryable, input: RevertInput): Promise<void> {
  let spared: number;
  do {
    spared = 0;
    for (const link of input.links)
      for (const side of ['target', 'source'] as const) spared += await spareLinked(tx, link, side);
    for (const { id } of input.types) spared += await refuseTakenKeys(tx, id);
    for (const link of input.links) spared += await refuseMissingEnds(tx, link);
    for (const link of input.links) spared += await spareLinks(tx, link);
  } while (spared > 0);
}

/** A resource that the syncs inserted stays if a link leads to it, or from it, that does not go. */
function spareLinked(tx: Queryable, link: RevertLink, side: 'source' | 'target'): Promise<number> {
  const type = String(side === 'source' ? link.entityType : link.target);
  return touched(
    tx,
    `update going g set kept = '${side === 'source' ? 'touched' : 'linked'}'
     from (
       select distinct o.resource from going o join ${linksOf(link.id)} l on l.${side} = o.resource
       where o.entity_type = ${type} and o.kept is null and not exists (
         select from going_link x where x.property = ? and x.source = l.source and x.target = l.target and x.kept is null)
     ) held where g.entity_type = ${type} and g.resource = held.resource`,
    [link.id],
  );
}

function refuseTakenKeys(tx: Queryable, type: number): Promise<number> {
  return touched(
    tx,
    `update coming c set kept = 'key-taken' from syncline.resource r
     where c.entity_type = ${String(type)} and c.kept is null and r.entity_type = ${String(type)} and r.key = c.key
       and not exists (select from going g where g.entity_type = c.entity_type and g.resource = r.id and g.kept is null)`,
  );
}

function refuseMissingEnds(tx: Queryable, link: RevertLink): Promise<number> {
  const present = (type: number, column: string) => `(
    exists (select from syncline.resource r where r.entity_type = ${String(type)} and r.id = ${column})
      and not exists (select from going g where g.entity_type = ${String(type)} and g.resource = ${column} and g.kept is null)
    or exists (select from coming b where b.entity_type = ${String(type)} and b.resource = ${column} and b.kept is null))`;
  return touched(
    tx,
    `update coming_link c set kept = 'end-missing' where c.property = ? and c.kept is null
       and not (${present(link.entityType, 'c.source')} and ${present(link.target, 'c.target')})`,
    [link.id],
  );
}

function spareLinks(tx: Queryable, link: RevertLink): Promise<number> {
  const stays = (type: number, column: string) =>
    `exists (select from going g where g.entity_type = ${String(type)} and g.resource = ${column} and g.kept is not null)`;
  return touched(
    tx,
    `update going_link x set kept = case when x.paired then 'with-other' else 'linked' end
     where x.property = ? and x.kept is null and case when x.paired
       then exists (select from coming_link c where c.family = x.family and c.source = x.source and c.kept is not null)
       else ${stays(link.entityType, 'x.source')} or ${stays(link.target, 'x.target')} end`,
    [link.id],
  );
}
