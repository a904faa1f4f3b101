import { transitionsAtMost } from '../../domain/summary/groups.ts';
import type { ChangeKind } from '../change-kind.ts';
import { ofSync } from '../change-parts.ts';
import { cutOf, spanOf, storedSpans, type Cut, type StoredSpans } from '../changes/spans.ts';
import { rows, type Transaction } from '../database.ts';
import { isProposed } from '../fate.ts';

/** Proposed updates that change one property. */
export interface PropertyCount {
  kind: ChangeKind;
  /** Entity type, or link property. */
  scope: number;
  /** Of links, the navigation property is the scope. */
  property: string | null;
  lines: number;
  becameNull: number;
  spans: StoredSpans;
  transitions: { from: unknown; to: unknown; lines: number; spans: StoredSpans }[];
}

/** A property with more different pairs of values has no transitions. */
const pairsAtMost = 50;
const longestValue = 200;
/** Of each span, so many rows are looked at to tell which properties have few pairs; the exact number is counted. */
const sampledRows = 20;

/**
 * Counts the updates of a change set by property, and by values before and after where a property has few. One pass over the
 * rows. Only properties that have few pairs in a sample are counted by
 * pair, so memory stays bounded.
 */
export async function countProperties(tx: Transaction, sync: number): Promise<PropertyCount[]> {
  const counted: PropertyCount[] = [];
  for (const source of [resources, moves]) {
    const cut = await cutOf(tx, sync, source.kind);
    if (!cut) continue;
    await spread(tx, sync, source, cut);
    counted.push(...(await collect(tx, source.kind)));
    await tx.raw('drop table summary_spread');
  }
  return counted;
}

interface Source {
  kind: ChangeKind;
  table: 'change' | 'link_change';
  /**
   * SQL of (scope, property, before, after, seq) of the proposed updates among rows `c`: of resources with all that changes, of
   * links the keys.
   */
  columns: string;
}

const resources: Source = {
  kind: 'resource',
  table: 'change',
  // a set in the list of columns costs half of what it costs in `from`
  columns: 'c.entity_type as scope, c.seq, c.before, c.after, jsonb_object_keys(c.after) as property',
};

const moves: Source = {
  kind: 'link',
  table: 'link_change',
  columns: `c.property as scope, c.seq, c.before_target_key as before, c.target_key as after, '' as property`,
};

const updates = ({ columns }: Source, from: string) =>
  `select ${columns} from ${from} where c.operation = 'u' and ${isProposed('c')}`;

/**
 * summary_spread (scope, property, before, after, span, lo, hi, lines): for each span its rows by property. `before` and
 * `after` are null where a property has too many pairs, but `after` is a JSON null if the property has no value any more.
 */
async function spread(tx: Transaction, sync: number, source: Source, cut: Cut): Promise<void> {
  const { condition, bindings } = isOneOf(await propertiesWithFewPairs(tx, sync, source, cut));
  const gone = source.kind === 'resource' ? `when (u.after ->> u.property) is null then 'null'::jsonb` : '';
  const value = (of: 'before' | 'after') => (source.kind === 'resource' ? `u.${of} -> u.property` : `u.${of}`);
  await tx.raw(
    `create temp table summary_spread on commit drop as
     select scope, property, before, after, span, min(seq) as lo, max(seq) as hi, count(*)::int as lines
     from (
       select u.scope, u.property, case when ${condition} then ${value('before')} end as before,
         case when ${condition} then ${value('after')} ${gone} end as after, u.seq, ${spanOf(cut, 'u')} as span
       from (${updates(source, `syncline.${source.table} c`)} and ${ofSync(sync, 'c')}) u
     ) v
     group by scope, property, before, after, span`,
    [...bindings, ...bindings],
  );
}

interface Few {
  scope: number;
  properties: string[];
}

function isOneOf(few: readonly Few[]): { condition: string; bindings: string[][] } {
  return {
    condition:
      few.map(({ scope }) => `u.scope = ${String(scope)} and u.property = any(?::text[])`).join(' or ') || 'false',
    bindings: few.map(({ properties }) => properties),
  };
}

async function propertiesWithFewPairs(tx: Transaction, sync: number, source: Source, cut: Cut): Promise<Few[]> {
  const value = (of: 'before' | 'after') => (source.kind === 'resource' ? `u.${of} -> u.property` : `u.${of}`);
  // Each look is a short piece of the index on (sync, seq). The rows are taken where they are found: a join back to them would
  // be planned by statistics that a new change set does not have yet, as a loop over all of its rows.
  const sample = `generate_series(?::bigint, ?::bigint, ?::bigint) as first(seq) cross join lateral (
      select c.* from syncline.${source.table} c where ${ofSync(sync, 'c')} and c.seq >= first.seq order by c.seq limit ${String(sampledRows)}
    ) c`;
  return rows<Few>(
    tx,
    `select scope, array_agg(property) as properties from (
       select scope, property from (
         select distinct u.scope, u.property, ${value('before')} as before, ${value('after')} as after from (${updates(source, sample)}) u
       ) pair
       group by 1, 2 having count(*) <= ${String(pairsAtMost)}
     ) few group by 1`,
    [cut.first, cut.last, cut.width],
  );
}

type Counted = Pick<PropertyCount, 'scope' | 'lines' | 'becameNull'> & { property: string } & StoredSpans;

async function collect(tx: Transaction, kind: ChangeKind): Promise<PropertyCount[]> {
  const properties = await rows<Counted>(
    tx,
    `select scope, property, sum(lines)::int as lines, sum(gone)::int as "becameNull", ${storedSpans}
     from (
       select scope, property, min(lo) as lo, max(hi) as hi, sum(lines)::int as lines, coalesce(sum(lines) filter (where ${kind === 'resource' ? `after = 'null'` : 'false'}), 0) as gone
       from summary_spread group by scope, property, span
     ) span group by 1, 2 order by 1, 2`,
  );
  const transitions = await rows<
    { scope: number; property: string; from: unknown; to: unknown; lines: number } & StoredSpans
  >(
    tx,
    `select scope, property, before as "from", after as "to", lines, lo, hi, n
     from (
       select *, count(*) over (partition by scope, property) as pairs,
         row_number() over (partition by scope, property order by lines desc, before, after) as place
       from (
         select scope, property, before, after, sum(lines)::int as lines, ${storedSpans}
         from summary_spread where before is not null group by scope, property, before, after
       ) pair
     ) ranked
     where pairs <= ${String(pairsAtMost)} and place <= ${String(transitionsAtMost)}
       and length(coalesce(${asText(kind, 'before')}, '')) <= ${String(longestValue)}
       and length(coalesce(${asText(kind, 'after')}, '')) <= ${String(longestValue)}
     order by scope, property, place`,
  );
  return properties.map(({ scope, property, lines, becameNull, lo, hi, n }) => ({
    kind,
    scope,
    property: kind === 'resource' ? property : null,
    lines,
    becameNull,
    spans: { lo, hi, n },
    transitions: transitions
      .filter((each) => each.scope === scope && each.property === property)
      .map((each) => ({
        from: each.from,
        to: each.to,
        lines: each.lines,
        spans: { lo: each.lo, hi: each.hi, n: each.n },
      })),
  }));
}

const asText = (kind: ChangeKind, column: string) => (kind === 'resource' ? `${column} #>> '{}'` : column);
