import { ofSync, ofSyncByKey } from '../change-parts.ts';
import type { ExplainedCondition } from './condition.ts';
import type { LostLinks } from './lost-links.ts';
import { partSql, type Part } from './parts.ts';
import { proposed } from './proposed.ts';

export type { ExplainedCondition } from './condition.ts';

/**
 * Which changes a cause explains, as it is stored with the cause: a list of terms, of which one has to fit. A link that comes
 * or goes with a resource that a term explains is explained too.
 */
export type Explained = ExplainedResources | ExplainedLinks;

type Letter = 'i' | 'u' | 'd';

export interface ExplainedResources {
  kind: 'resource';
  /** Entity type. */
  type: number;
  operation: Letter;
  /** Left out: all of them. */
  where?: ResourceCondition;
  /** The links that follow are named by terms of their own. */
  alone?: true;
}

export interface ExplainedLinks {
  kind: 'link';
  /** Link property. */
  property: number;
  operation: Letter;
  where?: LinkCondition;
}

type ResourceCondition =
  /** An update that changes one of these properties, to this value if there is one. */
  | { changes: string[]; to?: unknown }
  /** A deleted resource with one of these texts in a part. */
  | { part: Part; texts: string[] }
  /** A deleted resource that had a link, which goes too, to or from one of these resources. */
  | { linked: { property: number; from: 'source' | 'target' }; to: number[] }
  /** An inserted or deleted resource that has its counterpart among the opposite changes of the type. */
  | { pairedBy: Part[] }
  /** An inserted resource with one of these keys. */
  | { keys: string[] }
  /** An inserted resource with exactly these values besides these properties. */
  | { equals: unknown; but: string[] }
  /** A deleted resource to which links of this property led. They go with it. */
  | { targetOf: number }
  /** The opposite of a change of this earlier sync. */
  | { undoes: number };

type LinkCondition =
  /** Of one of these sources. */
  | { sources: number[] }
  /** Both ends stay. */
  | { endsStay: true }
  | { undoes: number };

/** The conditions of the explained rows: `c` is syncline.change for resources, syncline.link_change for links. */
export interface ExplainedConditions {
  resource: ExplainedCondition | undefined;
  link: ExplainedCondition | undefined;
}

/*
 * The planner has no statistics of the rows of a new sync, takes them for one row, and would loop over them. `(… in (select …))
 * is true` stays one look-up in a hash table, and `(exists (…)) is true` one by key.
 */

/** undefined where a kind has no row that is explained. They do not say of which sync the rows are, see `proposed`. */
export function explainedConditions(sync: number, terms: readonly Explained[]): ExplainedConditions {
  const resources = terms.filter((term) => term.kind === 'resource');
  const followed = resources.filter(isFollowed);
  return {
    resource: anyOf(resources.map((term) => resourceTerm(sync, term, 'c'))),
    link: anyOf([
      ...terms.filter((term) => term.kind === 'link').map((term) => linkTerm(sync, term)),
      ...(followed.length > 0 ? [following(sync, followed)] : []),
    ]),
  };
}

/** Whether links come or go with the resources of a term. */
export const isFollowed = ({ operation, alone }: ExplainedResources): boolean => operation !== 'u' && alone !== true;

/** Rows of syncline.change, as `c`, that one of the terms explains. @param lost the lost links, where they are known */
export const explainedResources = (
  sync: number,
  terms: readonly ExplainedResources[],
  lost?: LostLinks,
): ExplainedCondition | undefined => anyOf(terms.map((term) => resourceTerm(sync, term, 'c', lost)));

/** Rows of syncline.link_change, as `c`, that one of the terms explains by itself. */
export const explainedLinks = (sync: number, terms: readonly ExplainedLinks[]): ExplainedCondition | undefined =>
  anyOf(terms.map((term) => linkTerm(sync, term)));

function anyOf(conditions: readonly ExplainedCondition[]): ExplainedCondition | undefined {
  if (conditions.length === 0) return undefined;
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(' or ')})`,
    bindings: conditions.flatMap(({ bindings }) => bindings),
  };
}

function resourceTerm(sync: number, term: ExplainedResources, alias: string, lost?: LostLinks): ExplainedCondition {
  const { type, operation, where } = term;
  const more = where && resourceCondition(sync, term, where, alias, lost);
  return {
    sql: `(${alias}.entity_type = ${String(type)} and ${alias}.operation = '${operation}'${more ? ` and ${more.sql}` : ''})`,
    bindings: more?.bindings ?? [],
  };
}

function resourceCondition(
  sync: number,
  { type, operation }: ExplainedResources,
  where: ResourceCondition,
  c: string,
  lost?: LostLinks,
): ExplainedCondition {
  if ('changes' in where) {
    const to = 'to' in where;
    return {
      sql: `jsonb_exists_any(${c}.after, ?::text[])${to ? ` and ${c}.after -> ? = ?::jsonb` : ''}`,
      bindings: [where.changes, ...(to ? [where.changes[0] ?? '', JSON.stringify(where.to)] : [])],
    };
  }
  if ('part' in where) {
    const part = partSql(where.part, { attributes: `${c}.before`, key: `${c}.key` });
    return { sql: `${part.sql} = any(?::text[])`, bindings: [...part.bindings, where.texts] };
  }
  if ('linked' in where) {
    const { property, from } = where.linked;
    const other = from === 'source' ? 'target' : 'source';
    return {
      sql: `(${c}.resource in (select l.${from} from syncline.link_change l where ${proposed(sync, 'l')}
        and l.property = ${String(property)} and l.operation = 'd' and l.${other} = any(?::bigint[]))) is true`,
      bindings: [where.to],
    };
  }
  if ('pairedBy' in where) {
    const opposite = operation === 'i' ? 'd' : 'i';
    const own = partsSql(where.pairedBy, operation === 'i' ? `${c}.after` : `${c}.before`, `${c}.key`);
    const theirs = partsSql(where.pairedBy, opposite === 'i' ? 'o.after' : 'o.before', 'o.key');
    return {
      sql: `(${own.sql} in (select ${theirs.sql} from syncline.change o where ${proposed(sync, 'o')}
        and o.entity_type = ${String(type)} and o.operation = '${opposite}')) is true`,
      bindings: [...own.bindings, ...theirs.bindings],
    };
  }
  if ('keys' in where) return { sql: `${c}.key = any(?::text[])`, bindings: [where.keys] };
  if ('equals' in where)
    return { sql: `${c}.after - ?::text[] = ?::jsonb`, bindings: [where.but, JSON.stringify(where.equals)] };
  if ('targetOf' in where)
    return {
      sql: `(${c}.resource in (${
        lost?.allTargetsOf(where.targetOf) ??
        `select l.target from syncline.link_change l where ${proposed(sync, 'l')}
         and l.property = ${String(where.targetOf)} and l.operation = 'd'`
      })) is true`,
      bindings: [],
    };
  return { sql: undoneResource(where.undoes, c), bindings: [] };
}

/** Several parts of one resource, as one array: null if one of them is null, so that nothing is equal to it. */
function partsSql(parts: readonly Part[], attributes: string, key: string): ExplainedCondition {
  const each = parts.map((part) => partSql(part, { attributes, key }));
  return {
    sql: each.length === 1 ? (each[0]?.sql ?? 'null') : `(${each.map(({ sql }) => sql).join(' || chr(31) || ')})`,
    bindings: each.flatMap(({ bindings }) => bindings),
  };
}

/** Whether a change of another sync is the opposite of `c`. Inserted resources come back under new ids, so keys decide. */
const undoneResource = (earlier: number, c: string) => `(exists (
  select from syncline.change e where ${ofSyncByKey(earlier, 'e')} and e.fate is null and e.entity_type = ${c}.entity_type and e.key = ${c}.key
    and e.operation = case ${c}.operation when 'i' then 'd'::"char" when 'd' then 'i'::"char" else 'u'::"char" end
    and (${c}.operation <> 'u' or ${c}.after <@ e.before))) is true`;

const opposites: Record<Letter, Letter> = { i: 'd', d: 'i', u: 'u' };

/**
 * Whether a change of another sync is the opposite of `c`. Not a look-up by key: a group may have very many links, and the index
 * knows only their source.
 */
const undoneLink = (
  earlier: number,
  { property, operation }: ExplainedLinks,
): string => `((c.source_key, c.target_key) in (
  select e.source_key, ${operation === 'u' ? 'e.before_target_key' : 'e.target_key'} from syncline.link_change e
  where ${ofSync(earlier, 'e')} and e.fate is null
    and ${operation === 'u' ? 'coalesce(e.before_property, e.property)' : 'e.property'} = ${String(property)}
    and e.operation = '${opposites[operation]}')) is true`;

function linkTerm(sync: number, term: ExplainedLinks): ExplainedCondition {
  const { property, operation, where } = term;
  const own = `c.property = ${String(property)} and c.operation = '${operation}'`;
  if (!where) return { sql: `(${own})`, bindings: [] };
  if ('sources' in where) return { sql: `(${own} and c.source = any(?::bigint[]))`, bindings: [where.sources] };
  if ('undoes' in where) return { sql: `(${own} and ${undoneLink(where.undoes, term)})`, bindings: [] };
  return {
    sql: `(${own} and c.source not in (${deletedResources(sync)}) and c.target not in (${deletedResources(sync)}))`,
    bindings: [],
  };
}

const deletedResources = (sync: number) =>
  `select e.resource from syncline.change e where ${proposed(sync, 'e')} and e.operation = 'd'`;

/** Links that come or go with one of the resources. */
function following(sync: number, terms: readonly ExplainedResources[]): ExplainedCondition {
  const each = anyOf(terms.map((term) => resourceTerm(sync, term, 'e')));
  if (!each) return { sql: 'false', bindings: [] };
  const those = `select e.resource from syncline.change e where ${proposed(sync, 'e')} and ${each.sql}`;
  return {
    sql: `(c.operation <> 'u' and (c.source in (${those}) or c.target in (${those})))`,
    bindings: [...each.bindings, ...each.bindings],
  };
}
