import { amount, some } from '../../../domain/amount.ts';
import { row, rows } from '../../database.ts';
import type { Detector, Finding, Search } from '../detector.ts';
import { proposed } from '../proposed.ts';
import type { CauseSubject } from '../subject.ts';

const mostKeys = 1000;
/** Among more inserted keys, strange ones that are not in the sample explain nothing. */
const mostRead = 10_000;
/** Totals, notes and empty values that a report has, but a directory has not. */
const totals = String.raw`^\s*(grand |sub)?-?(totals?|sum|summe|gesamt|total count|count|average)\y.{0,20}$|^\s*(#ref!|#n/?a|#name\?|#value!|n/?a|null|none|nan|undefined|unknown|eof|end of (file|report|list)|rows?:?\s*\d*|\d+ rows?.*|\(\d+ rows?\)|[-=_*#. ]{2,}|page \d+.*|generated (on|by|at)\y.*|report\y.*)$`;
const testData = String.raw`^\s*(test|tests|testing|tester|dummy|example|sample|foo|bar|baz|asdf|qwerty|xxx+|lorem|demo|temp|tmp|delete ?me|do ?not ?use)([-_. ]?(user|group|account|person|data|entry|record|team)s?)?[-_. ]?\d*\s*$`;
const fewestTests = 3;
const fewestEqual = 10;

/** Inserted keys look like names of columns, labels, totals or test data; or many resources are equal but for the key. */
export const unusualInserts: Detector = {
  code: 'unusual-inserts',
  async find(search) {
    const found: Finding[] = [];
    for (const type of search.subjects) {
      if (type.inserted === 0 || type.stored === 0) continue;
      found.push(...(await strangeKeys(search, type)));
      if (type.inserted >= fewestEqual) found.push(...(await equalInserts(search, type)));
    }
    return found;
  },
};

async function strangeKeys({ tx, sync }: Search, type: CauseSubject): Promise<Finding[]> {
  const columns = type.properties
    .flatMap(({ name, column }) => [name, column ?? name])
    .map((name) => name.toLowerCase());
  const [first = ''] = type.key;
  const found = await rows<{ key: string; sort: 'header' | 'total' | 'test' }>(
    tx,
    `select key, sort from (
       select i.key, case
         when lower(i.after ->> ?) = any(?::text[]) and (select count(*) from jsonb_each_text(i.after) v where lower(v.value) = any(?::text[])) >= least(2, ?::int) then 'header'
         when i.after ->> ? ~* ? then 'total'
         when i.after ->> ? ~* ? then 'test' end as sort
       from ${type.inserted > mostRead ? 'cause_sample i where' : `syncline.change i where ${proposed(sync, 'i')} and`}
         i.entity_type = ? and i.operation = 'i'
     ) each where sort is not null limit ${String(mostKeys)}`,
    [first, columns, columns, type.properties.length, first, totals, first, testData, type.id],
  );
  const known = found.length > 0 ? await strangeStored(tx, type, first) : 0;
  const tests = found.filter(({ sort }) => sort === 'test').length;
  const strange = found.filter(({ sort }) => sort !== 'test' || tests >= fewestTests);
  if (strange.length === 0 || strange.length <= known) return [];
  const of = (sort: string) => strange.filter((each) => each.sort === sort).length;
  return [
    {
      entityType: type.name,
      message: `${amount(strange.length, 'inserted key')} of ${type.name} ${some(strange.length, 'looks', 'look')} like names of columns, totals or test data.`,
      examples: [...type.key],
      counts: { likeColumns: of('header'), likeTotals: of('total'), likeTests: of('test'), inserted: type.inserted },
      explains: [{ kind: 'resource', type: type.id, operation: 'i', where: { keys: strange.map(({ key }) => key) } }],
    },
  ];
}

/** How many stored keys look strange too: then they are usual here. */
async function strangeStored(tx: Search['tx'], type: CauseSubject, key: string): Promise<number> {
  const found = await row<{ n: number }>(
    tx,
    `select count(*)::int as n from syncline.resource where entity_type = ? and (attributes ->> ? ~* ? or attributes ->> ? ~* ?)`,
    [type.id, key, totals, key, testData],
  );
  return found?.n ?? 0;
}

async function equalInserts({ tx }: Search, type: CauseSubject): Promise<Finding[]> {
  const found = await row<{ attributes: unknown; lines: number; sampled: number }>(
    tx,
    `select after - ?::text[] as attributes, count(*)::int as lines,
       (select count(*)::int from cause_sample where entity_type = ? and operation = 'i') as sampled
     from cause_sample where entity_type = ? and operation = 'i' and after - ?::text[] <> '{}'
     group by 1 having count(*) >= ${String(fewestEqual)} order by 2 desc limit 1`,
    [type.key, type.id, type.id, type.key],
  );
  if (!found || found.lines < 0.5 * found.sampled) return [];
  const usual = await row<{ n: number; values: number }>(
    tx,
    `select count(*)::int as n, count(distinct attributes - ?::text[])::int as values
     from (select attributes from syncline.resource where entity_type = ? and id % ? = 0 limit 2000) r`,
    [type.key, type.id, Math.ceil(type.stored / 2000)],
  );
  if (!usual || usual.values < 0.8 * usual.n) return [];
  const lines = Math.round((found.lines * type.inserted) / found.sampled);
  return [
    {
      entityType: type.name,
      message: `${amount(lines, 'inserted resource')} of ${type.name} are equal but for their keys.`,
      examples: [...type.key],
      counts: { equal: lines, inserted: type.inserted },
      explains: [
        { kind: 'resource', type: type.id, operation: 'i', where: { equals: found.attributes, but: type.key } },
      ],
    },
  ];
}
