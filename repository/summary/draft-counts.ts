import type { DraftedGroup, SummaryGroup } from '../../domain/summary/body.ts';
import { operationLetters } from '../change-filter.ts';
import { ofSync } from '../change-parts.ts';
import { rows, withoutLoops, type Database, type Queryable } from '../database.ts';
import { leftOutRows } from '../drafts/rows.ts';

interface LeftOut {
  entityType: string;
  kind: 'resource' | 'link';
  operation: string;
  /** null: all rows of the type, kind and operation. */
  property: string | null;
  /** null: all rows of the property; else the values before and after. */
  pair: unknown;
  decision: 'r' | 'd';
  lines: number;
}

/** How many changes of each group a draft applies, refuses and defers. Only the rows that it does not apply are read. */
export async function draftGroups(
  db: Database,
  sync: number,
  draft: number,
  groups: readonly SummaryGroup[],
): Promise<DraftedGroup[]> {
  const withPairs = new Set(groups.flatMap(({ transition }) => (transition ? [transition.property] : [])));
  const carried = groups.filter(
    ({ kind, operation, property }) => kind === 'resource' && operation !== 'update' && property !== null,
  );
  const left = await db.transaction((tx) =>
    withoutLoops(tx, async () => [
      ...(await leftResources(tx, sync, draft, [...withPairs], carried)),
      ...(await leftLinks(tx, sync, draft, [...withPairs])),
    ]),
  );
  const counted = new Map<string, number>();
  for (const each of left) {
    const id = nameOf(each, each.pair, each.decision);
    counted.set(id, (counted.get(id) ?? 0) + each.lines);
  }
  return groups.map((group) => {
    const pair = group.transition ? [group.transition.from, group.transition.to] : null;
    const of = (decision: 'r' | 'd') =>
      counted.get(nameOf({ ...group, operation: operationLetters[group.operation] }, pair, decision)) ?? 0;
    const [refuse, defer] = [of('r'), of('d')];
    return { ...group, decision: { apply: group.lines - refuse - defer, refuse, defer } };
  });
}

const nameOf = (
  { entityType, kind, operation, property }: Pick<LeftOut, 'entityType' | 'kind' | 'property'> & { operation: string },
  pair: unknown,
  decision: string,
) => JSON.stringify([entityType, kind, operation, property, pair, decision]);

/**
 * Each row counts for its operation; an update also for each property, and for its values if the property has such groups.
 * An insert or delete counts for each property if there are such groups of its type.
 */
function leftResources(
  db: Queryable,
  sync: number,
  draft: number,
  withPairs: string[],
  carried: readonly Pick<SummaryGroup, 'entityType' | 'operation'>[],
): Promise<LeftOut[]> {
  const left = `${leftOutRows(draft, 'resource')} l join syncline.change c on c.seq = l.seq and ${ofSync(sync, 'c')}
    join syncline.entity_type t on t.id = c.entity_type`;
  return rows(
    db,
    `with property as (
       select t.name as type, c.operation, c.before, c.after, l.decision, jsonb_object_keys(coalesce(c.after, c.before)) as property
       from ${left}
       where c.operation = 'u' or (t.name, c.operation) in (select * from unnest(?::text[], ?::"char"[]))
     ), pair as (
       select type, operation, property, decision, case when operation = 'u' and property = any(?::text[])
           then jsonb_build_array(before -> property, after -> property) end as pair,
         count(*)::int as lines from property group by 1, 2, 3, 4, 5
     )
     select t.name as "entityType", 'resource' as kind, c.operation, null as property, null::jsonb as pair, l.decision, count(*)::int as lines
       from ${left} group by 1, 3, 6
     union all select type, 'resource', operation, property, null, decision, sum(lines)::int from pair group by 1, 3, 4, 6
     union all select type, 'resource', operation, property, pair, decision, lines from pair where pair is not null`,
    [
      carried.map(({ entityType }) => entityType),
      carried.map(({ operation }) => operationLetters[operation]),
      withPairs,
    ],
  );
}

/** Each row counts for its type, for its property, and if it is a move, for the two targets. */
function leftLinks(db: Queryable, sync: number, draft: number, withPairs: string[]): Promise<LeftOut[]> {
  return rows(
    db,
    `with each as (
       select t.name as type, p.name as property, c.operation, l.decision,
         case when c.operation = 'u' and p.name = any(?::text[]) then jsonb_build_array(c.before_target_key, c.target_key) end as pair,
         count(*)::int as lines
       from ${leftOutRows(draft, 'link')} l join syncline.link_change c on c.seq = l.seq and ${ofSync(sync, 'c')}
         join syncline.link_property p on p.id = c.property join syncline.entity_type t on t.id = p.entity_type
       group by 1, 2, 3, 4, 5
     )
     select type as "entityType", 'link' as kind, operation, null as property, null::jsonb as pair, decision, sum(lines)::int as lines
       from each group by 1, 3, 6
     union all select type, 'link', operation, property, null, decision, sum(lines)::int from each group by 1, 3, 4, 6
     union all select type, 'link', operation, property, pair, decision, lines from each where pair is not null`,
    [withPairs],
  );
}
