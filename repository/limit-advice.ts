import type { LargestActual, LimitsByName } from '../domain/thresholds/advice.ts';
import { thresholdNames, type ThresholdName } from '../domain/thresholds/names.ts';
import { isPercentage } from '../domain/thresholds/share.ts';
import { row, rows, type Queryable } from './database.ts';

/** A sync that some limits would have held, by one of them. */
export interface HeldByLimit {
  syncId: string;
  at: string;
  name: ThresholdName;
  actual: number;
  limitLines: number;
  /** Who resumed it, where it was held. */
  approvedBy: string | null;
}

/**
 * Applied whole syncs of a connector in so many days, without reverts, purges, and first loads of the connector or of an
 * entity type. Bindings: connector, days.
 */
const considered = `considered as (
  select s.no, s.id, s.applied_at as at, s.thresholds, s.causes, s.decision, s.applied_counters as counters,
    s.reverted_by
  from syncline.sync s join syncline.connector c on c.id = s.connector
  where s.connector = ? and s.applied and s.applied_at > now() - make_interval(days => ?)
    and s.scope is null and 'synchronize' = any(s.tasks) and s.trigger not in ('purge', 'revert')
    and s.no is distinct from c.first_complete_sync
    and not s.thresholds @> '[{"scope": "connector", "name": "maximumInsertedLines", "stored": 0}]'
    and not s.causes @> '[{"code": "first-sync"}]'
)`;

/**
 * What a sync has applied of what a verdict counts: if it was applied in part, that stands in the counters of what was
 * applied, by the last word of the threshold's name.
 */
const applied = `case when s.counters is null then v.actual else (
  select coalesce(sum(case when v.name like '%Link%' then (
      select coalesce(sum((l.value ->> word)::numeric), 0) from jsonb_each(t.value -> 'links') l)
    else (t.value ->> word)::numeric end), 0)
  from jsonb_each(s.counters) t, lower(substring(v.name from '(Inserted|Updated|Deleted)')) word) end`;

/** How many syncs there are to learn from, and the largest actual of each limit over the usable ones. */
export async function largestActuals(
  db: Queryable,
  connector: number,
  days: number,
): Promise<{ syncs: number; usable: number; largest: Partial<Record<ThresholdName, LargestActual>> }> {
  const count = await row<{ syncs: number; usable: number }>(
    db,
    `with ${considered} select count(*)::int as syncs, count(*) filter (where ${usable})::int as usable from considered s`,
    [connector, days],
  );
  // the largest of an array is that with the largest first element; of equal ones the last sync
  const found = await rows<LargestActual & { name: ThresholdName }>(
    db,
    `with ${considered}, largest as (
       select v.name, max(array[case when v.name = any(?) then d.applied / nullif(v.stored, 0) else d.applied end,
         d.applied, v.stored, s.no]) as most
       from considered s cross join lateral ${verdicts}
         cross join lateral (select ${applied} as applied) d
       where v.scope = 'connector' and v."window" is null and ${usable} and v.name = any(?) and d.applied > 0
         and not (v.name = any(?) and v.stored = 0)
       group by v.name
     )
     select l.name, l.most[2]::float as actual, l.most[3]::float as stored, s.applied_at as at
     from largest l join syncline.sync s on s.no = l.most[4]`,
    [connector, days, percentages, [...thresholdNames], percentages],
  );
  return {
    syncs: count?.syncs ?? 0,
    usable: count?.usable ?? 0,
    largest: Object.fromEntries(found.map(({ name, ...most }) => [name, most])),
  };
}

/** A sync that was not undone and does not look like an accident. */
const usable = `s.reverted_by is null and not s.causes @> '[{"meant": "hardly-ever"}]'`;

/** The verdicts that a sync has kept. Those of windows and of entity types have the same names. */
const verdicts = `jsonb_to_recordset(s.thresholds) v (scope text, name text, "window" text, actual numeric, stored numeric)`;

const percentages = thresholdNames.filter(isPercentage);

/** So many are listed, the newest. */
const mostHeld = 1000;

/**
 * The syncs that limits would have held, newest first: one entry for each limit that a sync exceeds. A percentage stands for
 * as many lines as in `percentageLines`.
 */
export function heldByLimits(
  db: Queryable,
  connector: number,
  days: number,
  limits: LimitsByName,
): Promise<HeldByLimit[]> {
  return rows(
    db,
    `with ${considered}, limited as (
       select s.id, s.at, s.no, v.name, v.actual,
         case when v.name <> all(?) then l.value when v.stored = 0 or l.value = 0 then 0
           else greatest(1, floor(v.stored * l.value / 100)) end as lines,
         case when s.decision ->> 'action' = 'resume' then s.decision ->> 'by' end as approved
       from considered s
         cross join lateral ${verdicts}
         join unnest(?::text[], ?::numeric[]) l (name, value) on l.name = v.name
       where v.scope = 'connector' and v."window" is null
     )
     select id as "syncId", at, name, actual::float as actual, lines::float as "limitLines", approved as "approvedBy"
     from limited where actual > lines order by no desc, array_position(?::text[], name) limit ${String(mostHeld)}`,
    [
      connector,
      days,
      percentages,
      [...thresholdNames],
      thresholdNames.map((name) => limits[name]),
      [...thresholdNames],
    ],
  );
}
