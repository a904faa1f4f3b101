import { rows } from '../../database.ts';
import type { Search } from '../detector.ts';
import { proposed } from '../proposed.ts';
import { partSql, type Part } from '../parts.ts';
import { inSample } from '../sample.ts';
import type { CauseSubject } from '../subject.ts';
import { fewestOfValue, fewStay, mostOf, mostValues, type Branch } from './branch.ts';

const mostTried = 3;

/** A value of a property, a part of the key or a mail domain that nothing else has. */
export async function sharedParts(search: Search, type: CauseSubject): Promise<Branch | undefined> {
  const tried: { part: Part; texts: string[]; lines: number }[] = [];
  for (const part of await partsOf(search, type)) {
    const own = partSql(part, { attributes: 'd.before', key: 'd.key' });
    const theirs = partSql(part, { attributes: 's.attributes', key: 's.key' });
    const found = await rows<{ text: string; lines: number }>(
      search.tx,
      `with value as (
         select ${own.sql} as text, count(*)::int as lines from cause_sample d
         where d.entity_type = ? and d.operation = 'd' group by 1 having count(*) >= ${String(fewestOfValue)}
       )
       select text, lines from value where text is not null
         and text not in (select ${theirs.sql} from cause_stored s where s.entity_type = ? and ${theirs.sql} is not null)
       order by lines desc limit ${String(mostValues)}`,
      [...own.bindings, type.id, ...theirs.bindings, type.id, ...theirs.bindings],
    );
    const lines = found.reduce((sum, each) => sum + each.lines, 0);
    if (lines >= mostOf * inSample(type.deleted)) tried.push({ part, texts: found.map(({ text }) => text), lines });
  }
  tried.sort((a, b) => b.lines - a.lines || a.texts.length - b.texts.length);
  for (const { part, texts } of tried.slice(0, mostTried)) {
    const branch = await verified(search, type, part, texts);
    if (branch) return branch;
  }
  return undefined;
}

async function partsOf({ tx }: Search, { id, properties, key, deleted }: CauseSubject): Promise<Part[]> {
  const others = properties.filter(({ name, multiValued }) => !multiValued && !key.includes(name));
  const mails = await rows<{ property: string }>(
    tx,
    `select k as property from cause_sample d, jsonb_each_text(d.before) as each(k, v)
     where d.entity_type = ? and d.operation = 'd' and k <> all(?::text[]) and v like '%@%'
     group by 1 having count(*) >= ${String(mostOf)} * ?::numeric`,
    [id, key, inSample(deleted)],
  );
  return [
    ...others.map(({ name }): Part => ({ of: 'property', property: name })),
    { of: 'key-prefix' },
    { of: 'key-parent' },
    ...mails.map(({ property }): Part => ({ of: 'domain', property })),
  ];
}

/** Counts over all resources: a sample may miss those that stay. */
async function verified(
  { tx, sync }: Search,
  type: CauseSubject,
  part: Part,
  texts: string[],
): Promise<Branch | undefined> {
  const own = partSql(part, { attributes: 'd.before', key: 'd.key' });
  const theirs = partSql(part, { attributes: 'r.attributes', key: 'r.key' });
  const found = await rows<{ text: string; deleted: number; stored: number }>(
    tx,
    `select text, deleted, stored from (
       select ${own.sql} as text, count(*)::int as deleted from syncline.change d
       where ${proposed(sync, 'd')} and d.entity_type = ? and d.operation = 'd' and ${own.sql} = any(?::text[]) group by 1
     ) d join (
       select ${theirs.sql} as text, count(*)::int as stored from syncline.resource r
       where r.entity_type = ? and ${theirs.sql} = any(?::text[]) group by 1
     ) r using (text) where stored - deleted <= ${String(fewStay)} * stored`,
    [...own.bindings, type.id, ...own.bindings, texts, ...theirs.bindings, type.id, ...theirs.bindings, texts],
  );
  const lines = found.reduce((sum, { deleted }) => sum + deleted, 0);
  if (lines < mostOf * type.deleted) return undefined;
  return {
    shares: words(part, found.length),
    ...('property' in part ? { property: part.property } : {}),
    values: found.length,
    lines,
    explains: [
      {
        kind: 'resource',
        type: type.id,
        operation: 'd',
        where: { part, texts: found.map(({ text }) => text) },
      },
    ],
  };
}

function words(part: Part, values: number): string {
  const many = values === 1 ? 'one' : String(values);
  const s = values === 1 ? '' : 's';
  switch (part.of) {
    case 'property':
      return `${many} value${s} of ${part.property}`;
    case 'domain':
      return `${many} mail domain${s} of ${part.property}`;
    case 'key-prefix':
      return `${many} beginning${s} of the key`;
    case 'key':
    case 'key-parent':
    case 'bare-key':
    case 'rest':
      return `${many} parent${s} by the key`;
  }
}
