import type { ChangeState, Operation, SyncStatus } from '../domain/sync.ts';
import { keyParts } from '../domain/key.ts';
import { ofSync } from './change-parts.ts';
import { rows, type Queryable } from './database.ts';

/** A change as people review it. */
export interface Change {
  entityType: string;
  kind: 'resource' | 'link';
  operation: Operation;
  key: string[];
  property?: string;
  target?: { entityType: string; key: string[] };
  before: unknown;
  after: unknown;
  state: ChangeState;
}

export interface ChangeFilter {
  entityType?: string | undefined;
  kind?: 'resource' | 'link' | undefined;
  property?: string | undefined;
  operation?: Operation | undefined;
  /** As text, see domain/key.ts. */
  key?: string | undefined;
}

/** Place in the list: resources come first, then links, each in the order they were found. */
export interface ChangePosition {
  kind: 'resource' | 'link';
  seq: number;
}

export type ListedChange = Change & ChangePosition;

const letters = { insert: 'i', update: 'u', delete: 'd' } as const;
const words: Record<string, Operation> = { i: 'insert', u: 'update', d: 'delete' };
const refusedBy: readonly SyncStatus[] = ['rejected', 'superseded', 'cancelled', 'failed', 'skipped'];

/** The state of the changes of a sync that were not overtaken. */
function stateOf(sync: { applied: boolean; status: SyncStatus }): ChangeState {
  if (sync.applied) return 'applied';
  return refusedBy.includes(sync.status) ? 'refused' : 'proposed';
}

/** A piece of a sync's change list after a position. */
export async function listChanges(
  db: Queryable,
  sync: { no: number; applied: boolean; status: SyncStatus },
  filter: ChangeFilter,
  after: ChangePosition | undefined,
  limit: number,
): Promise<ListedChange[]> {
  const state = stateOf(sync);
  const found: ListedChange[] = [];
  if (filter.kind !== 'link' && after?.kind !== 'link')
    found.push(...(await resourceChanges(db, sync.no, filter, after?.seq ?? 0, limit, state)));
  if (filter.kind !== 'resource' && found.length < limit) {
    const seq = after?.kind === 'link' ? after.seq : 0;
    found.push(...(await linkChanges(db, sync.no, filter, seq, limit - found.length, state)));
  }
  return found;
}

interface ResourceChangeRow {
  seq: number;
  entityType: string;
  keyCount: number;
  operation: string;
  key: string;
  before: unknown;
  after: unknown;
  overtaken: boolean;
}

async function resourceChanges(
  db: Queryable,
  sync: number,
  filter: ChangeFilter,
  after: number,
  limit: number,
  state: ChangeState,
): Promise<ListedChange[]> {
  const [where, bindings] = conditions([
    ['t.name = ?', filter.entityType],
    ['c.operation = ?', filter.operation && letters[filter.operation]],
    ['c.key = ?', filter.key],
    ["coalesce(c.before, '{}') || coalesce(c.after, '{}') \\? ?", filter.property],
  ]);
  const found = await rows<ResourceChangeRow>(
    db,
    `select c.seq, t.name as "entityType", cardinality(t.key_properties) as "keyCount", c.operation, c.key, c.before, c.after,
       c.overtaken
     from syncline.change c join syncline.entity_type t on t.id = c.entity_type
     where ${ofSync(sync, 'c')} and c.seq > ? ${where} order by c.seq limit ?`,
    [after, ...bindings, limit],
  );
  return found.map((change) => ({
    seq: change.seq,
    kind: 'resource',
    entityType: change.entityType,
    operation: words[change.operation] ?? 'update',
    key: keyParts(change.key, change.keyCount),
    before: change.before,
    after: change.after,
    state: change.overtaken ? 'overtaken' : state,
  }));
}

interface LinkChangeRow {
  seq: number;
  entityType: string;
  keyCount: number;
  property: string;
  target: string;
  targetKeyCount: number;
  operation: string;
  sourceKey: string;
  targetKey: string;
  beforeTargetKey: string | null;
  overtaken: boolean;
}

const linkChangeColumns = `c.seq, s.name as "entityType", cardinality(s.key_properties) as "keyCount", p.name as property,
  t.name as target, cardinality(t.key_properties) as "targetKeyCount", c.operation, c.source_key as "sourceKey",
  c.target_key as "targetKey", c.before_target_key as "beforeTargetKey", c.overtaken`;
const linkChangeTables = `syncline.link_change c join syncline.link_property p on p.id = c.property
  join syncline.entity_type s on s.id = p.entity_type join syncline.entity_type t on t.id = p.target`;

async function linkChanges(
  db: Queryable,
  sync: number,
  filter: ChangeFilter,
  after: number,
  limit: number,
  state: ChangeState,
): Promise<ListedChange[]> {
  const [where, bindings] = conditions([
    ['s.name = ?', filter.entityType],
    ['c.operation = ?', filter.operation && letters[filter.operation]],
    ['c.source_key = ?', filter.key],
    ['p.name = ?', filter.property],
  ]);
  const found = await rows<LinkChangeRow>(
    db,
    `select ${linkChangeColumns} from ${linkChangeTables} where ${ofSync(sync, 'c')} and c.seq > ? ${where} order by c.seq limit ?`,
    [after, ...bindings, limit],
  );
  return found.map((change) => ({ seq: change.seq, ...toLinkChange(change, state) }));
}

function toLinkChange(change: LinkChangeRow, state: ChangeState): Change & { kind: 'link' } {
  const end = (key: string) => ({ entityType: change.target, key: keyParts(key, change.targetKeyCount) });
  const target = end(change.targetKey);
  const before = change.beforeTargetKey === null ? null : end(change.beforeTargetKey);
  return {
    kind: 'link',
    entityType: change.entityType,
    operation: words[change.operation] ?? 'update',
    key: keyParts(change.sourceKey, change.keyCount),
    property: change.property,
    target,
    before: change.operation === 'd' ? target : before,
    after: change.operation === 'd' ? null : target,
    state: change.overtaken ? 'overtaken' : state,
  };
}

function conditions(all: [string, string | undefined][]): [string, string[]] {
  const used = all.filter((each): each is [string, string] => each[1] !== undefined);
  return [used.map(([sql]) => `and ${sql}`).join(' '), used.map(([, value]) => value)];
}
