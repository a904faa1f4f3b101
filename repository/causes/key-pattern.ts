import { row } from '../database.ts';
import type { Search } from './detector.ts';
import { proposed } from './proposed.ts';
import { bareKey, partSql, type Part } from './parts.ts';
import type { CauseSubject } from './subject.ts';

const pairsTried = 200;
const mostOf = 0.8;

const patterns: Record<string, { holds: string; says: string }> = {
  case: { holds: 'lower(old) = lower(new)', says: 'The new keys differ only in letter case.' },
  bare: {
    holds: `${bareKey('old')} = ${bareKey('new')}`,
    says: 'The new keys differ only in zeros, white space or separators.',
  },
  prefixed: {
    holds: 'length(new) > length(old) and right(new, length(old)) = old',
    says: 'A text was put before each key.',
  },
  suffixed: { holds: 'starts_with(new, old)', says: 'A text was put behind each key.' },
  shortened: { holds: 'starts_with(old, new) or right(old, length(new)) = new', says: 'A part of each key is gone.' },
};

/** How the new keys are made of the old ones, in a sentence with a space before it; empty if no pattern shows. */
export async function keyPattern({ tx, sync }: Search, type: CauseSubject, part: Part): Promise<string> {
  const own = partSql(part, { attributes: 'd.before', key: 'd.key' });
  const theirs = partSql(part, { attributes: 'i.after', key: 'i.key' });
  const names = Object.keys(patterns);
  const found = await row<Record<string, number>>(
    tx,
    `select count(*)::int as pairs, ${names.map((name) => `count(*) filter (where ${patterns[name]?.holds ?? 'false'})::int as "${name}"`).join(', ')}
     from (
       with old as materialized (
         select d.key, ${own.sql} as v from cause_sample d
         where d.entity_type = ? and d.operation = 'd' and d.place <= ${String(pairsTried)}
       ), new as materialized (
         select i.key, i.v from (
           select i.key, ${theirs.sql} as v from syncline.change i
           where ${proposed(sync, 'i')} and i.entity_type = ? and i.operation = 'i' offset 0
         ) i where (i.v in (select v from old)) is true
       )
       select old.key as old, new.key as new from old join new using (v)
     ) pair`,
    [...own.bindings, type.id, ...theirs.bindings, type.id],
  );
  const pairs = found?.['pairs'] ?? 0;
  const name = names.find((each) => pairs > 0 && (found?.[each] ?? 0) >= mostOf * pairs);
  return name === undefined ? '' : ` ${patterns[name]?.says ?? ''}`;
}
