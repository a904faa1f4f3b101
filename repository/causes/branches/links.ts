import { rows } from '../../database.ts';
import type { Search } from '../detector.ts';
import { proposed } from '../proposed.ts';
import { inSample } from '../sample.ts';
import type { CauseSubject } from '../subject.ts';
import { fewestOfValue, fewStay, mostOf, mostValues, type Branch } from './branch.ts';

/** A sample can miss some of them. */
const inSampleToo = 0.9;

/** A resource to which, or from which, all deleted ones had a link, and no other has. */
export async function sharedLinks(search: Search, type: CauseSubject): Promise<Branch | undefined> {
  let best: Branch | undefined;
  const promising = await promisingEnds(search, type);
  for (const owner of search.subjects)
    for (const link of owner.links) {
      if (link.deleted < fewestOfValue) continue;
      for (const [side, of] of [
        ['source', owner.id],
        ['target', link.target],
      ] as const) {
        if (of !== type.id || !promising.has(`${String(link.id)} ${side}`)) continue;
        const found = await shared(search, type, link.id, side);
        if (found && found.lines > (best?.lines ?? 0))
          best = { ...found, shares: `${found.shares} of ${link.name}`, property: link.name };
      }
    }
  return best && best.lines >= mostOf * type.deleted ? best : undefined;
}

/**
 * Properties and sides by which most of the sampled resources are linked to few others. Where links go because anybody left,
 * they led to and from many: then nothing is looked at more closely.
 */
async function promisingEnds({ tx, lostLinks }: Search, type: CauseSubject): Promise<Set<string>> {
  const found = await rows<{ name: string }>(
    tx,
    `with shared as (
       select property, side, other, count(*) as lines from ${(await lostLinks()).atSampled(type.id)} each group by 1, 2, 3
     ), placed as (
       select *, row_number() over (partition by property, side order by lines desc) as place from shared
     )
     select property || ' ' || side as name from placed where place <= ${String(mostValues)}
     group by property, side having sum(lines) >= ${String(mostOf * inSampleToo)} * ?::numeric`,
    [inSample(type.deleted)],
  );
  return new Set(found.map(({ name }) => name));
}

/** @param side on which the deleted resources are */
async function shared(
  { tx, sync, gone }: Search,
  type: CauseSubject,
  property: number,
  side: 'source' | 'target',
): Promise<Branch | undefined> {
  const other = side === 'source' ? 'target' : 'source';
  const found = await rows<{ id: number; lines: number }>(
    tx,
    `with lost as (
       select l.${other} as id, count(*)::int as lines from syncline.link_change l
       where ${proposed(sync, 'l')} and l.property = ? and l.operation = 'd' and (l.${side} in (${(await gone()).ids(type.id)})) is true
       group by 1 having count(*) >= ${String(fewestOfValue)} order by 2 desc limit 200
     ), stored as (
       select k.${other} as id, count(*) as stored from syncline.link k
       where k.property = ? and k.${other} = any(array(select id from lost)) group by 1
     )
     select id, lines from lost join stored using (id) where stored - lines <= ${String(fewStay)} * stored
     order by lines desc limit ${String(mostValues)}`,
    [property, property],
  );
  if (found.length === 0) return undefined;
  const ids = found.map(({ id }) => id);
  const covered = await rows<{ n: number }>(
    tx,
    `select count(distinct l.${side})::int as n from syncline.link_change l
     where ${proposed(sync, 'l')} and l.property = ? and l.operation = 'd' and l.${other} = any(?::bigint[])`,
    [property, ids],
  );
  return {
    shares: found.length === 1 ? 'one link' : `links to ${String(found.length)} resources`,
    values: found.length,
    lines: covered[0]?.n ?? 0,
    explains: [
      {
        kind: 'resource',
        type: type.id,
        operation: 'd',
        where: { linked: { property, from: side }, to: ids },
      },
    ],
  };
}
