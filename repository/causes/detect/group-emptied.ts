import { amount, some } from '../../../domain/amount.ts';
import { rows } from '../../database.ts';
import { count, type Detector, type Finding, type Search } from '../detector.ts';
import { proposed } from '../proposed.ts';
import { isLinkLike, keysOfGone } from '../link-like.ts';
import { lostWhileEndsStay } from '../lost-links.ts';
import { inSample } from '../sample.ts';
import type { CauseLink, CauseSubject } from '../subject.ts';

const fewest = 5;
/** Of the ends that lose a link to the group, so many have a new link of the same kind: then they moved. */
const moved = 0.5;
/** Where more lose all their links, it is not about them: see links-lost. */
const mostGroups = 10;
/** Links of a group that are looked at before all are counted. */
const fewLinks = 8;

/** One resource loses all its links of a kind while it stays, and so do the other ends. */
export const groupEmptied: Detector = {
  code: 'group-emptied',
  async find(search) {
    const found: Finding[] = [];
    for (const type of search.subjects) {
      for (const link of type.links)
        if (
          link.multiValued &&
          link.deleted >= fewest &&
          endsStay(search, type, link) &&
          (await lostWhileEndsStay(search, type, link)).lost >= fewest
        )
          found.push(...(await emptied(search, type, link)));
      if (isLinkLike(type) && type.deleted >= fewest) found.push(...(await emptiedByKey(search, type)));
    }
    return found;
  },
};

/** Not all of either end go. */
const endsStay = ({ subjects }: Search, type: CauseSubject, { target }: CauseLink) =>
  subjects.every(({ id, stored, deleted }) => (id !== type.id && id !== target) || deleted < stored);

async function emptied({ tx, sync }: Search, type: CauseSubject, link: CauseLink): Promise<Finding[]> {
  const groups = await rows<{ source: number; lost: number }>(
    tx,
    `with touched as materialized (
       select e.resource, e.operation from syncline.change e where ${proposed(sync, 'e')} and e.operation in ('d', 'u')
     ), come as materialized (
       select l.source, l.target from syncline.link_change l
       where ${link.inserted > 0 ? `${proposed(sync, 'l')} and l.property = ${String(link.id)} and l.operation = 'i'` : 'false'}
     ), go as materialized (
       select l.source, l.target from syncline.link_change l
       where ${proposed(sync, 'l')} and l.property = ? and l.operation = 'd'
         and l.target not in (select resource from touched where operation = 'd')
     ), lost as (
       select source, count(*)::int as lost, count(*) filter (where target in (select target from come)) as moved
       from go group by source having count(*) >= ${String(fewest)}
     )
     select source, lost from lost
     where moved < ${String(moved)} * lost and source not in (select resource from touched)
       and source not in (select source from come)
       -- a group that keeps links shows one among its first ones, mostly: to count all of every group would cost more than all else
       and not exists (
         select from (
           select k.source, k.target from syncline.link k where k.property = ? and k.source = lost.source
           limit ${String(fewLinks)}) k
         where (k.source, k.target) not in (select source, target from go))
       and lost = (select count(*) from syncline.link k where k.property = ? and k.source = lost.source)
     order by lost desc limit ${String(mostGroups + 1)}`,
    [link.id, link.id, link.id],
  );
  if (groups.length === 0 || groups.length > mostGroups) return [];
  const lost = groups.reduce((sum, group) => sum + group.lost, 0);
  return [
    {
      entityType: type.name,
      property: link.name,
      message: `${amount(groups.length, 'resource')} of ${type.name} ${some(groups.length, 'loses', 'lose')} all links of ${link.name} (${count(lost)}) and ${some(groups.length, 'stays', 'stay')}.`,
      examples: [link.name],
      counts: { groups: groups.length, lost, deleted: link.deleted, stored: link.stored },
      explains: [
        { kind: 'link', property: link.id, operation: 'd', where: { sources: groups.map(({ source }) => source) } },
      ],
    },
  ];
}

/** Of resources that are links: one value of a part of the key goes, and the resource that it names stays. */
async function emptiedByKey(search: Search, type: CauseSubject): Promise<Finding[]> {
  if ((await keysOfGone(search, type)) >= 0.2) return [];
  const found = await rows<{ property: string; value: string; lines: number }>(
    search.tx,
    `select k as property, d.before ->> k as value, count(*)::int as lines
     from cause_sample d, unnest(?::text[]) k
     where d.entity_type = ? and d.operation = 'd'
       and not exists (select from cause_stored s where s.entity_type = ? and s.attributes ->> k = d.before ->> k)
     group by 1, 2 having count(*) >= ${String(fewest)} and count(*) >= 0.8 * ?::numeric order by 3 desc limit 1`,
    [type.key, type.id, type.id, inSample(type.deleted)],
  );
  return found.map(({ property, value, lines }) => ({
    entityType: type.name,
    property,
    message: `All resources of ${type.name} with one value of ${property} go (${count(Math.round((lines * type.deleted) / inSample(type.deleted)))}); what they connect stays.`,
    examples: [property],
    counts: { deleted: type.deleted, stored: type.stored },
    explains: [
      {
        kind: 'resource',
        type: type.id,
        operation: 'd',
        where: { part: { of: 'property', property }, texts: [value] },
      },
    ],
  }));
}
