import { rows, type Queryable } from '../database.ts';
import { formNames, formSql, type FormName } from './forms.ts';
import type { CauseSubject } from './subject.ts';

/** What the sampled updates of a type do to one property. */
export interface PropertyChange {
  property: string;
  /** Updates that change it, and all updates, in the sample. */
  lines: number;
  of: number;
  becameNull: number;
  wasNull: number;
  /** Different values after, the most frequent one and how often it comes. */
  valuesAfter: number;
  commonest: unknown;
  commonestLines: number;
  valuesBefore: number;
  /** Of how many pairs of texts it was tried which form they differ in, and how many differ in each. */
  tried: number;
  forms: Partial<Record<FormName, number>>;
  /** Of those that are cut: the greatest length after, and how many have it. */
  cutLength: number;
  cutLines: number;
}

/** Forms are tried on so many updates. */
const triedForms = 200;

export async function propertyChanges(tx: Queryable, { id, updated }: CauseSubject): Promise<PropertyChange[]> {
  if (updated === 0) return [];
  const changed = await rows<Omit<PropertyChange, 'tried' | 'forms' | 'cutLength' | 'cutLines'>>(
    tx,
    `with sample as materialized (
       select before, after from cause_sample where entity_type = ? and operation = 'u'
     ), value as (
       select a.k as property, s.before -> a.k as before, a.v as after from sample s, jsonb_each(s.after) as a(k, v)
     )
     select property, count(*)::int as lines, (select count(*)::int from sample) as of,
       count(*) filter (where after = 'null')::int as "becameNull",
       count(*) filter (where before = 'null')::int as "wasNull",
       count(distinct after)::int as "valuesAfter", count(distinct before)::int as "valuesBefore",
       mode() within group (order by after) as commonest,
       (count(*) - count(*) filter (where after <> m.commonest))::int as "commonestLines"
     from value join (select property, mode() within group (order by after) as commonest from value group by 1) m using (property)
     group by property order by count(*) desc, property`,
    [id],
  );
  const forms = await formsOf(tx, id);
  return changed.map((each) => ({
    tried: 0,
    forms: {},
    cutLength: 0,
    cutLines: 0,
    ...each,
    ...forms.get(each.property),
  }));
}

type Forms = Pick<PropertyChange, 'tried' | 'forms' | 'cutLength' | 'cutLines'>;

async function formsOf(tx: Queryable, type: number): Promise<Map<string, Forms>> {
  const found = await rows<Record<string, number> & { property: string }>(
    tx,
    `with sample as (
       select before, after, place, count(*) over () as n from cause_sample where entity_type = ? and operation = 'u'
     ), value as materialized (
       select a.k as property, s.before ->> a.k as b, a.v as a from sample s, jsonb_each_text(s.after) as a(k, v)
       where s.place % ceil(s.n / ${String(triedForms)}.0)::int = 0
     )
     select property, count(*)::int as tried, ${formNames
       .map((form) => `count(*) filter (where ${formSql(form, 'b', 'a')})::int as "${form}"`)
       .join(', ')},
       coalesce(max(length(a)) filter (where ${formSql('cut', 'b', 'a')}), 0) as "cutLength",
       count(*) filter (where ${formSql('cut', 'b', 'a')} and length(a) = longest)::int as "cutLines"
     from (select *, max(length(a)) filter (where ${formSql('cut', 'b', 'a')}) over (partition by property) as longest from value) v
     group by property`,
    [type],
  );
  return new Map(
    found.map(({ property, tried = 0, cutLength = 0, cutLines = 0, ...forms }) => [
      property,
      { tried, cutLength, cutLines, forms },
    ]),
  );
}
