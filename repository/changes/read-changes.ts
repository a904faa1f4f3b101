import { keyParts } from '../../domain/key.ts';
import type { ChangeState, Operation } from '../../domain/sync.ts';
import { changeId, stateOf, type ChangedSync, type Condition } from '../change-filter.ts';
import type { ChangeKind } from '../change-kind.ts';
import { ofSync } from '../change-parts.ts';
import { rows, type Queryable } from '../database.ts';
import { fateWords, type Fate } from '../fate.ts';

/** A change as people review it. */
export interface Change {
  /** Unique in its sync: `r123` or `l45`. */
  id: string;
  entityType: string;
  kind: ChangeKind;
  operation: Operation;
  key: string[];
  property?: string;
  target?: { entityType: string; key: string[] };
  before: unknown;
  after: unknown;
  state: ChangeState;
}

/** A resource that a change is about: the number and the text of the key stay readable when the resource is gone. */
export interface End {
  /** Entity type. */
  type: number;
  resource: number;
  key: string;
}

export interface FoundChange {
  seq: number;
  change: Change;
  /** The resource, or the source of the link. */
  own: End;
  /** Of a link; after a move, the new one. */
  target?: End;
}

/** Which of the rows that fit: SQL that goes behind `from`, into `where` and behind it. */
interface Place {
  join?: Condition;
  where?: Condition;
  tail: Condition;
  reversed?: boolean;
}

/** The first so many behind a place in the list. */
export const after = (seq: number, limit: number): Place => ({
  where: { sql: 'c.seq > ?', bindings: [seq] },
  tail: { sql: 'order by c.seq limit ?', bindings: [limit] },
});

/** The last so many in front of a place. */
export const before = (seq: number, limit: number): Place => ({
  where: { sql: 'c.seq < ?', bindings: [seq] },
  tail: { sql: 'order by c.seq desc limit ?', bindings: [limit] },
  reversed: true,
});

export const numbered = (seqs: readonly number[]): Place => ({
  where: { sql: 'c.seq = any(?::bigint[])', bindings: [[...seqs]] },
  tail: { sql: 'order by c.seq', bindings: [] },
});

/** Of the rows in these ranges, so many behind the first `skip`. */
export function within(ranges: readonly { lo: number; hi: number }[], skip: number, limit: number): Place {
  const tail = { sql: 'order by c.seq offset ? limit ?', bindings: [skip, limit] };
  const [only] = ranges;
  if (ranges.length === 1 && only)
    return { where: { sql: 'c.seq between ? and ?', bindings: [only.lo, only.hi] }, tail };
  return {
    join: {
      sql: 'join unnest(?::bigint[], ?::bigint[]) as range(lo, hi) on c.seq between range.lo and range.hi',
      bindings: [ranges.map(({ lo }) => lo), ranges.map(({ hi }) => hi)],
    },
    tail,
  };
}

const words: Record<string, Operation> = { i: 'insert', u: 'update', d: 'delete' };

/** The changes of one kind that fit a condition of `changeConditions`, at a place; in the order of the list. */
export async function readChanges(
  db: Queryable,
  sync: ChangedSync,
  kind: ChangeKind,
  condition: Condition,
  place: Place,
): Promise<FoundChange[]> {
  const { join, where, tail, reversed } = place;
  const rest = (from: string): [string, Condition['bindings']] => [
    `${from} ${join?.sql ?? ''} where ${ofSync(sync.no, 'c')} and ${condition.sql} ${where ? `and ${where.sql}` : ''} ${tail.sql}`,
    [...(join?.bindings ?? []), ...condition.bindings, ...(where?.bindings ?? []), ...tail.bindings],
  ];
  const state = stateOf(sync);
  const found =
    kind === 'resource'
      ? (await rows<ResourceRow>(db, ...selecting(resourceColumns, rest(resourceTables)))).map((each) =>
          toResourceChange(each, state),
        )
      : (await rows<LinkRow>(db, ...selecting(linkColumns, rest(linkTables)))).map((each) => toLinkChange(each, state));
  return reversed ? found.reverse() : found;
}

const selecting = (
  columns: string,
  [sql, bindings]: [string, Condition['bindings']],
): [string, Condition['bindings']] => [`select ${columns} from ${sql}`, bindings];

interface ResourceRow {
  seq: number;
  type: number;
  entityType: string;
  keyCount: number;
  operation: string;
  resource: number;
  key: string;
  before: unknown;
  after: unknown;
  fate: Fate | null;
}

const resourceColumns = `c.seq, c.entity_type as type, t.name as "entityType", cardinality(t.key_properties) as "keyCount",
  c.operation, c.resource, c.key, c.before, c.after, c.fate`;
const resourceTables = 'syncline.change c join syncline.entity_type t on t.id = c.entity_type';

function toResourceChange(row: ResourceRow, state: ChangeState): FoundChange {
  return {
    seq: row.seq,
    change: {
      id: changeId('resource', row.seq),
      kind: 'resource',
      entityType: row.entityType,
      operation: words[row.operation] ?? 'update',
      key: keyParts(row.key, row.keyCount),
      before: row.before,
      after: row.after,
      state: row.fate === null ? state : fateWords[row.fate],
    },
    own: { type: row.type, resource: row.resource, key: row.key },
  };
}

interface LinkRow {
  seq: number;
  type: number;
  entityType: string;
  keyCount: number;
  property: string;
  targetType: number;
  targetName: string;
  targetKeyCount: number;
  operation: string;
  source: number;
  target: number;
  sourceKey: string;
  targetKey: string;
  beforeTargetKey: string | null;
  /** Only where a move left another entity type than the one it came to. */
  beforeTargetName: string | null;
  beforeTargetKeyCount: number | null;
  fate: Fate | null;
}

const linkColumns = `c.seq, s.id as type, s.name as "entityType", cardinality(s.key_properties) as "keyCount", p.name as property,
  t.id as "targetType", t.name as "targetName", cardinality(t.key_properties) as "targetKeyCount", c.operation, c.source, c.target,
  c.source_key as "sourceKey", c.target_key as "targetKey", c.before_target_key as "beforeTargetKey", bt.name as "beforeTargetName",
  cardinality(bt.key_properties) as "beforeTargetKeyCount", c.fate`;
const linkTables = `syncline.link_change c join syncline.link_property p on p.id = c.property
  join syncline.entity_type s on s.id = p.entity_type join syncline.entity_type t on t.id = p.target
  left join syncline.link_property bp on bp.id = c.before_property left join syncline.entity_type bt on bt.id = bp.target`;

function toLinkChange(row: LinkRow, state: ChangeState): FoundChange {
  const target = { entityType: row.targetName, key: keyParts(row.targetKey, row.targetKeyCount) };
  const before =
    row.beforeTargetKey === null
      ? null
      : {
          entityType: row.beforeTargetName ?? row.targetName,
          key: keyParts(row.beforeTargetKey, row.beforeTargetKeyCount ?? row.targetKeyCount),
        };
  return {
    seq: row.seq,
    change: {
      id: changeId('link', row.seq),
      kind: 'link',
      entityType: row.entityType,
      operation: words[row.operation] ?? 'update',
      key: keyParts(row.sourceKey, row.keyCount),
      property: row.property,
      target,
      before: row.operation === 'd' ? target : before,
      after: row.operation === 'd' ? null : target,
      state: row.fate === null ? state : fateWords[row.fate],
    },
    own: { type: row.type, resource: row.source, key: row.sourceKey },
    target: { type: row.targetType, resource: row.target, key: row.targetKey },
  };
}
