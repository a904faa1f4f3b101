import { rows } from '../../database.ts';
import type { Search } from '../detector.ts';
import { proposed } from '../proposed.ts';
import { partSql, type Part } from '../parts.ts';
import { inSample, sureInSample } from '../sample.ts';
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

/** Counts over all resources, where a sample may miss those that stay. No text is one of the sample of those. */
async function verified(search: Search, type: CauseSubject, part: Part, texts: string[]): Promise<Branch | undefined> {
  const gone = await countGone(search, type, part, texts);
  // so many may stay, of one text
  const mayStay = ({ deleted }: { deleted: number }) => (fewStay / (1 - fewStay)) * deleted;
  const unsure = gone.filter((each) => mayStay(each) < sureInSample(type.stored)).map(({ text }) => text);
  const stored = unsure.length === 0 ? [] : await countStored(search, type, part, unsure);
  const found = gone.filter((each) => {
    const { text, deleted } = each;
    if (!unsure.includes(text)) return true;
    return (stored.find((of) => of.text === text)?.stored ?? 0) - deleted <= mayStay(each);
  });
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
        // all that go are found without looking at each of them
        ...(lines === type.deleted ? {} : { where: { part, texts: found.map(({ text }) => text) } }),
      },
    ],
  };
}

const countGone = ({ tx, sync }: Search, type: CauseSubject, part: Part, texts: string[]) => {
  const own = partSql(part, { attributes: 'd.before', key: 'd.key' });
  // offset 0: the text of a row is made once
  return rows<{ text: string; deleted: number }>(
    tx,
    `select text, count(*)::int as deleted from (
       select ${own.sql} as text from syncline.change d
       where ${proposed(sync, 'd')} and d.entity_type = ? and d.operation = 'd' offset 0) each
     where text = any(?::text[]) group by 1`,
    [...own.bindings, type.id, texts],
  );
};

const countStored = ({ tx }: Search, type: CauseSubject, part: Part, texts: string[]) => {
  const theirs = partSql(part, { attributes: 'r.attributes', key: 'r.key' });
  return rows<{ text: string; stored: number }>(
    tx,
    `select text, count(*)::int as stored from (
       select ${theirs.sql} as text from syncline.resource r where r.entity_type = ? offset 0) each
     where text = any(?::text[]) group by 1`,
    [...theirs.bindings, type.id, texts],
  );
};

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
