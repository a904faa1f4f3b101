import { rows } from '../../database.ts';
import type { Detector, Finding, Search } from '../detector.ts';
import { proposed } from '../proposed.ts';
import { inSample } from '../sample.ts';
import type { CauseSubject } from '../subject.ts';

const fewest = 2;
const most = 0.5;
/** So many deleted resources are looked at: even if the planner takes the inserted ones for a single row, few are compared. */
const keysTried = 200;

/** The values of properties were exchanged, or those of the key with those of a property. */
export const swappedHeaders: Detector = {
  code: 'swapped-headers',
  async find(search) {
    const found: Finding[] = [];
    for (const type of search.subjects) {
      if (type.updated >= fewest) {
        const swapped = await swappedProperties(search, type);
        found.push(...(swapped.length > 0 ? swapped : await rotated(search, type)));
      }
      if (type.deleted >= fewest && type.inserted >= fewest) found.push(...(await swappedKey(search, type)));
    }
    return found;
  },
};

async function swappedProperties({ tx }: Search, type: CauseSubject): Promise<Finding[]> {
  const swapped = await rows<{ p: string; q: string; lines: number }>(
    tx,
    `select p.k as p, q.k as q, count(*)::int as lines
     from cause_sample u, jsonb_each(u.before) as p(k, v), jsonb_each(u.before) as q(k, v)
     where u.entity_type = ? and u.operation = 'u' and p.k < q.k and p.v <> q.v and u.after -> p.k = q.v and u.after -> q.k = p.v
     group by 1, 2 having count(*) >= greatest(${String(fewest)}, ${String(most)} * ?::numeric) order by 3 desc limit 5`,
    [type.id, inSample(type.updated)],
  );
  return swapped.map(({ p, q, lines }) => ({
    entityType: type.name,
    property: p,
    message: `The values of ${p} and ${q} are swapped. The headers of their columns may be swapped.`,
    examples: [p, q],
    counts: { swapped: Math.round((lines * type.updated) / inSample(type.updated)), updated: type.updated },
    explains: [{ kind: 'resource', type: type.id, operation: 'u', where: { changes: [p, q] } }],
  }));
}

/** Several properties got the values of one another, round or in a row: a header was moved, or a column fell out. */
async function rotated(search: Search, type: CauseSubject): Promise<Finding[]> {
  const moved = (await search.copiesOf(type)).filter(({ changed }) => changed);
  if (moved.length < 2) return [];
  const names = moved.map(({ to }) => to);
  const lines = Math.max(...moved.map((each) => each.lines));
  return [
    {
      entityType: type.name,
      ...(names[0] === undefined ? {} : { property: names[0] }),
      message: `${String(names.length)} properties have the values of one another. The headers of their columns may be moved.`,
      examples: names,
      counts: { moved: lines, updated: type.updated },
      explains: [{ kind: 'resource', type: type.id, operation: 'u', where: { changes: names } }],
    },
  ];
}

/**
 * If the header of the key was swapped, the new keys are values that the deleted resources had in another property, and that
 * property has the old keys now. Without the second, another column became the key: see keys-reissued.
 */
async function swappedKey({ tx, sync }: Search, type: CauseSubject): Promise<Finding[]> {
  const [key] = type.key;
  if (type.key.length !== 1 || key === undefined) return [];
  const step = Math.ceil(inSample(type.deleted) / keysTried);
  const tried = inSample(type.deleted) / step;
  const found = await rows<{ property: string; lines: number }>(
    tx,
    `with value as materialized (
       select each.k, each.v, d.key from cause_sample d, jsonb_each_text(d.before) as each(k, v)
       where d.entity_type = ? and d.operation = 'd' and d.place % ? = 0 and each.k <> ?
     ), new as materialized (
       select i.key, i.after from (
         select i.key, i.after from syncline.change i
         where ${proposed(sync, 'i')} and i.entity_type = ? and i.operation = 'i' offset 0
       ) i where (i.key in (select v from value)) is true
     )
     select value.k as property, count(*)::int as lines from value join new on new.key = value.v and new.after ->> value.k = value.key
     group by 1 having count(*) >= greatest(${String(fewest)}, ${String(most)} * ?::numeric) order by 2 desc limit 1`,
    [type.id, step, key, type.id, tried],
  );
  return found.map(({ property, lines }) => ({
    entityType: type.name,
    property: key,
    message: `The new keys are the stored values of ${property}. The headers of ${key} and ${property} may be swapped.`,
    examples: [key, property],
    counts: { swapped: Math.round((lines * type.deleted) / tried), deleted: type.deleted },
    explains: [
      { kind: 'resource', type: type.id, operation: 'd' },
      { kind: 'resource', type: type.id, operation: 'i' },
    ],
  }));
}
