import type { RowDecision } from '../../domain/draft.ts';
import {
  changeConditions,
  type ChangeConditions,
  type ChangedSync,
  type ChangeFilter,
  type Condition,
} from '../change-filter.ts';
import type { ChangeKind } from '../change-kind.ts';
import { ofSync } from '../change-parts.ts';
import { row, type Queryable } from '../database.ts';
import { changedBy } from '../causes/changed-by.ts';
import { findGroup } from '../summary/group.ts';

/** A rule as it is matched: which rows it means, and what it decides of them. */
export interface Rule {
  decision: RowDecision;
  filter: ChangeFilter;
}

/** A draft that is to be made: the rules in their order, a later one winning, and what holds for the other rows. */
export interface Wanted {
  rules: readonly Rule[];
  otherwise: RowDecision;
}

/** How careful a decision is: the more careful one wins. Refused before deferred before applied. */
export const careOf = { apply: 0, defer: 1, refuse: 2 } as const satisfies Record<RowDecision, number>;

/** The rules as conditions of change rows, each known by its place from 1. */
export interface Matcher {
  /**
   * The proposed rows of a kind: seq, operation, what they lead to (resources: entity_type, resource, key; links: property,
   * source, target, before_target), and (rule, wanted, mixed). `rule` is the place of the rule that wins, or 0; `wanted`
   * the care of its decision; `mixed` whether the rule chose an update by properties and others change, too.
   */
  proposedRows(kind: ChangeKind): Condition;
  /** The care of the most careful decision that the draft names. */
  mostCare: number;
  /** The same rows as they are, as SQL that goes behind `from`. */
  allRows(kind: ChangeKind): string;
  /** Whether any row fits a rule, no matter which rule wins. */
  matches(place: number): Promise<boolean>;
}

const kinds = {
  resource: {
    table: 'change',
    read: 'seq, operation, entity_type, resource, key, after',
    given: `seq, operation, entity_type, resource, case when operation <> 'u' then key end as key`,
  },
  link: {
    table: 'link_change',
    read: 'seq, operation, property, source, target, before_target',
    given: 'seq, operation, property, source, target, before_target',
  },
} as const;

export async function matcherOf(tx: Queryable, sync: ChangedSync, { rules, otherwise }: Wanted): Promise<Matcher> {
  const conditions: ChangeConditions[] = [];
  const chosenBy: string[][] = [];
  for (const { filter } of rules) {
    conditions.push(await changeConditions(tx, sync, filter));
    chosenBy.push(await choosingProperties(tx, sync.no, filter));
  }
  const proposed = (kind: ChangeKind) =>
    `syncline.${kinds[kind].table} c where ${ofSync(sync.no, 'c')} and c.fate is null`;
  const cares = [otherwise, ...rules.map(({ decision }) => decision)].map((decision) => careOf[decision]);

  function proposedRows(kind: ChangeKind): Condition {
    const { read, given } = kinds[kind];
    const placed = conditions.flatMap((each, i) => {
      const condition = each[kind];
      return condition ? [{ ...condition, place: i + 1 }] : [];
    });
    const last = placed.toReversed();
    const rule = choose(last.map(({ sql, place }) => `when (${sql}) then ${String(place)}`));
    const chosen =
      kind === 'link'
        ? []
        : chosenBy.flatMap((properties, i) => (properties.length > 0 ? [{ properties, place: i + 1 }] : []));
    const mixed = choose(
      chosen.map(({ place }) => `when rule = ${String(place)} then after - ?::text[] <> '{}'`),
      'false',
    );
    return {
      // without the offset the planner would evaluate the rules once for each use of the result
      sql: `select ${given}, rule, (array[${cares.join(', ')}])[rule + 1]::smallint as wanted,
          operation = 'u' and ${mixed} as mixed
        from (select ${read}, (${rule})::smallint as rule from ${proposed(kind)} offset 0) proposed`,
      bindings: [...chosen.map(({ properties }) => properties), ...last.flatMap(({ bindings }) => bindings)],
    };
  }

  async function matches(place: number): Promise<boolean> {
    for (const kind of ['resource', 'link'] as const) {
      const condition = conditions[place - 1]?.[kind];
      if (!condition) continue;
      const found = await row(tx, `select 1 from ${proposed(kind)} and (${condition.sql}) limit 1`, condition.bindings);
      if (found) return true;
    }
    return false;
  }

  return { proposedRows, mostCare: Math.max(...cares), allRows: proposed, matches };
}

const choose = (whens: readonly string[], otherwise = '0') =>
  whens.length === 0 ? otherwise : `case ${whens.join(' ')} else ${otherwise} end`;

/** The properties by which a rule chooses updates: by name, or by the group or cause that it means. */
async function choosingProperties(
  tx: Queryable,
  sync: number,
  { property, transition, group, cause }: ChangeFilter,
): Promise<string[]> {
  const named = [
    property,
    transition?.property,
    group === undefined ? undefined : (await findGroup(tx, sync, group))?.property,
  ].filter((each) => each !== undefined && each !== null);
  return [...new Set([...named, ...(cause === undefined ? [] : await changedBy(tx, sync, cause))])];
}
