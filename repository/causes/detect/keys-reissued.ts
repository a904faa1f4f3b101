import { amount, some } from '../../../domain/amount.ts';
import { rows, row } from '../../database.ts';
import type { Detector, Finding, Search } from '../detector.ts';
import type { Explained } from '../explained.ts';
import { proposed } from '../proposed.ts';
import { fewestOf } from '../fewest.ts';
import { keyPattern } from '../key-pattern.ts';
import { partSql, type Part } from '../parts.ts';
import { inSample } from '../sample.ts';
import type { CauseSubject } from '../subject.ts';
import { wholeType } from '../whole-type.ts';

/** Of the deleted or of the inserted resources, whichever are fewer. */
const mostOf = 0.5;
/** A property pairs resources only if its values tell them apart. */
const distinct = 0.8;
const mostTried = 4;
/** If so many pair off, all are explained. */
const nearlyAll = 0.95;

/** Deleted and inserted resources are the same ones under other keys. */
export const keysReissued: Detector = {
  code: 'keys-reissued',
  async find(search) {
    const found: Finding[] = [];
    for (const type of search.subjects) {
      const fewer = Math.min(type.deleted, type.inserted);
      if (fewer < fewestOf(type.stored)) continue;
      const best = await bestPairing(search, type);
      if (!best || best.pairs < mostOf * fewer || best.pairs < fewestOf(type.stored)) continue;
      const { part, pairs } = best;
      found.push({
        entityType: type.name,
        ...(type.key.length === 1 && type.key[0] !== undefined ? { property: type.key[0] } : {}),
        message: `${amount(pairs, 'resource')} ${some(pairs, 'comes', 'come')} back under another key. ${paired(part)}${await keyPattern(search, type, part)}`,
        examples: [...type.key, ...('property' in part ? [part.property] : [])],
        counts: { pairs, deleted: type.deleted, inserted: type.inserted },
        explains: (['d', 'i'] as const).flatMap((operation): Explained[] =>
          pairs >= nearlyAll * (operation === 'd' ? type.deleted : type.inserted)
            ? wholeType(search.subjects, type, operation)
            : [{ kind: 'resource', type: type.id, operation, where: { pairedBy: [part] } }],
        ),
      });
    }
    return found;
  },
};

const paired = (part: Part): string =>
  part.of === 'rest'
    ? 'Their other properties are the same.'
    : part.of === 'property'
      ? `Their ${part.property} is the same.`
      : 'The keys differ only in form.';

async function bestPairing(search: Search, type: CauseSubject): Promise<{ part: Part; pairs: number } | undefined> {
  let best: { part: Part; pairs: number } | undefined;
  for (const part of await candidates(search, type)) {
    const pairs = await countPairs(search, type, part);
    if (!best || pairs > best.pairs) best = { part, pairs };
    if (pairs >= nearlyAll * Math.min(type.deleted, type.inserted)) break;
  }
  return best;
}

/** What the resources may be recognised by, the likeliest first. */
async function candidates({ tx }: Search, type: CauseSubject): Promise<Part[]> {
  const found = await rows<{ property: string }>(
    tx,
    `select k as property from cause_sample d, jsonb_each_text(d.before) as each(k, v)
     where d.entity_type = ? and d.operation = 'd' and k <> all(?::text[]) and v <> ''
     group by k having count(distinct v) >= ${String(distinct)} * count(*) and count(*) >= 0.5 * ?::numeric
     order by k is not distinct from ? desc, count(distinct v) desc, k limit ${String(mostTried - 1)}`,
    [type.id, type.key, inSample(type.deleted), type.label],
  );
  const rest: Part = { of: 'rest', but: type.key };
  const all = await row<{ n: number; values: number }>(
    tx,
    `select count(*)::int as n, count(distinct before - ?::text[])::int as values from cause_sample
     where entity_type = ? and operation = 'd' and before - ?::text[] <> '{}'`,
    [type.key, type.id, type.key],
  );
  const tellsApart = all !== undefined && all.n > 0 && all.values >= distinct * all.n;
  return [
    ...found.map(({ property }): Part => ({ of: 'property', property })),
    ...(tellsApart ? [rest] : []),
    { of: 'bare-key' },
  ];
}

/** How many deleted resources have a counterpart among the inserted ones. */
async function countPairs({ tx, sync }: Search, type: CauseSubject, part: Part): Promise<number> {
  const own = partSql(part, { attributes: 'd.before', key: 'd.key' });
  const theirs = partSql(part, { attributes: 'i.after', key: 'i.key' });
  const found = await row<{ n: number }>(
    tx,
    `select count(distinct v)::int as n from (
       select ${own.sql} as v from cause_sample d where d.entity_type = ? and d.operation = 'd'
     ) d where (v in (select ${theirs.sql} from syncline.change i
       where ${proposed(sync, 'i')} and i.entity_type = ? and i.operation = 'i')) is true`,
    [...own.bindings, type.id, ...theirs.bindings, type.id],
  );
  return Math.round(((found?.n ?? 0) * type.deleted) / inSample(type.deleted));
}
