import { rows, type Queryable } from '../database.ts';
import { fewestOf } from './fewest.ts';
import { inSample } from './sample.ts';
import type { CauseSubject } from './subject.ts';

/** A property that gets the stored values of another one. */
export interface Copy {
  to: string;
  from: string;
  /** In so many resources. */
  lines: number;
  /** The other property changes too. */
  changed: boolean;
}

/** Of the updates that change a property. */
const mostOf = 0.8;
/** Few different values are equal by chance. */
const fewestValues = 3;

/** The best source of each property that nearly always gets the value of another. */
export async function copies(tx: Queryable, type: CauseSubject): Promise<Copy[]> {
  const sample = inSample(type.updated);
  if (type.updated < fewestOf(type.stored)) return [];
  const found = await rows<Copy>(
    tx,
    `with sample as materialized (
       select u.after, r.attributes from cause_sample u join syncline.resource r on r.entity_type = ? and r.id = u.resource
       where u.entity_type = ? and u.operation = 'u'
     ), changed as (
       select a.k, count(*) as n from sample, jsonb_object_keys(after) a(k) group by 1
     )
     select distinct on (a.k) a.k as "to", q.k as "from", count(*)::int as lines,
       (q.k in (select k from changed where n >= 0.5 * (select count(*) from sample))) as changed
     from sample s, jsonb_each_text(s.after) as a(k, v), jsonb_each_text(s.attributes) as q(k, v)
     where a.k <> q.k and a.v = q.v
     group by a.k, q.k
     having count(*) >= ${String(mostOf)} * (select n from changed c where c.k = a.k) and count(distinct a.v) >= ${String(fewestValues)}
     order by a.k, count(*) desc, q.k`,
    [type.id, type.id],
  );
  return found
    .map((each) => ({ ...each, lines: Math.round((each.lines * type.updated) / sample) }))
    .filter(({ lines }) => lines >= fewestOf(type.stored));
}
