import type { SummaryGroup } from '../domain/summary/body.ts';
import type { ChangeState, Operation, SyncStatus } from '../domain/sync.ts';
import { causeConditions } from './causes/index.ts';
import type { ChangeKind } from './change-kind.ts';
import type { Queryable } from './database.ts';
import { fateWords, isProposed } from './fate.ts';
import { holdConditions } from './hold-conditions.ts';
import { findGroup } from './summary/group.ts';

/** Which changes of a sync are meant. A part that is left out does not limit. All parts have to fit. */
export interface ChangeFilter {
  /** For links: the entity type from which they lead. */
  entityType?: string | undefined;
  kind?: ChangeKind | undefined;
  operation?: Operation | undefined;
  /** A property that changes; of a link, its navigation property. */
  property?: string | undefined;
  /** As text, see domain/key.ts: resources with these keys, and links that lead from them. */
  keys?: readonly string[] | undefined;
  /** What the text of the key begins with. */
  keyPrefix?: string | undefined;
  /** `r123` or `l45`, see `changeId`. */
  ids?: readonly string[] | undefined;
  /** Id of a cause of the sync. */
  cause?: string | undefined;
  /** Id of a group of the summary of the sync. */
  group?: string | undefined;
  /** Place of a hold of the sync, from 0: the proposed changes that it is about. */
  hold?: number | undefined;
  transition?: Transition | undefined;
  state?: ChangeState | undefined;
  /** Id of a draft: each change then has what the draft decides of it. It leaves out no change. */
  draft?: string | undefined;
}

/** A property that has one value before, and another one after. Of a link that moves: the texts of the two keys. */
export interface Transition {
  property: string;
  from: unknown;
  to: unknown;
}

/** The sync whose changes are filtered. */
export interface ChangedSync {
  no: number;
  applied: boolean;
  status: SyncStatus;
}

export type Binding = string | number | string[] | number[];

/** SQL for `where`, without `where`, and the values of its `?`. */
export interface Condition {
  sql: string;
  bindings: Binding[];
}

/** For each kind, the condition of its rows; undefined where no row of that kind can fit. */
export type ChangeConditions = Record<ChangeKind, Condition | undefined>;

export const operationLetters = { insert: 'i', update: 'u', delete: 'd' } as const satisfies Record<Operation, string>;

/** The id of a change, in its sync and for ever: the kind and the number of its row. */
export const changeId = (kind: ChangeKind, seq: number): string => `${kind === 'resource' ? 'r' : 'l'}${String(seq)}`;

/** The kind and number of a change; undefined if the text is no id of a change. */
export function readChangeId(id: string): { kind: ChangeKind; seq: number } | undefined {
  const [, letter, seq] = /^([rl])([1-9]\d{0,14})$/.exec(id) ?? [];
  return letter === undefined ? undefined : { kind: letter === 'r' ? 'resource' : 'link', seq: Number(seq) };
}

/**
 * The conditions of the changes that fit a filter. They name columns of `c`: syncline.change for resources,
 * syncline.link_change for links. They do not say of which sync the rows are, see `ofSync`. A cause or a group that the sync
 * does not have fits no change.
 */
export async function changeConditions(
  db: Queryable,
  sync: ChangedSync,
  filter: ChangeFilter,
): Promise<ChangeConditions> {
  const parts = [ownConditions(sync, filter)];
  if (filter.cause !== undefined) parts.push((await causeConditions(db, sync.no, filter.cause)) ?? nothing);
  if (filter.group !== undefined) {
    const group = await findGroup(db, sync.no, filter.group);
    parts.push(group ? groupConditions(sync, group) : nothing);
  }
  if (filter.hold !== undefined) {
    const hold = await holdConditions(db, sync.no, filter.hold);
    parts.push(...(hold ? [ofProposed(sync, hold.filter), hold.rows ?? everything] : [nothing]));
  }
  return { resource: every(parts.map(({ resource }) => resource)), link: every(parts.map(({ link }) => link)) };
}

const nothing: ChangeConditions = { resource: undefined, link: undefined };
const everything: ChangeConditions = {
  resource: { sql: 'true', bindings: [] },
  link: { sql: 'true', bindings: [] },
};

const groupConditions = (
  sync: ChangedSync,
  { entityType, kind, operation, property, transition }: SummaryGroup,
): ChangeConditions =>
  ofProposed(sync, {
    ...{ entityType, kind, operation, property: property ?? undefined, transition: transition ?? undefined },
  });

/** Groups and holds are of proposed changes. */
function ofProposed(sync: ChangedSync, filter: ChangeFilter): ChangeConditions {
  const proposed: Condition = { sql: isProposed('c'), bindings: [] };
  const { resource, link } = ownConditions(sync, filter);
  return { resource: every([resource, proposed]), link: every([link, proposed]) };
}

function ownConditions(sync: ChangedSync, filter: ChangeFilter): ChangeConditions {
  const { kind, transition } = filter;
  const ids = filter.ids?.map(readChangeId);
  const seqs = (of: ChangeKind) => ids?.flatMap((id) => (id?.kind === of ? [id.seq] : []));
  const state = filter.state && withState(sync, filter.state);
  const operation = filter.operation && operationLetters[filter.operation];
  return {
    resource:
      kind === 'link'
        ? undefined
        : all([
            ['c.entity_type = (select t.id from syncline.entity_type t where t.name = ?)', filter.entityType],
            ['c.operation = ?', operation],
            [`(c.before \\? ? or c.after \\? ?)`, filter.property, filter.property],
            ['c.key = any(?)', filter.keys],
            ['c.key ^@ ?', filter.keyPrefix],
            ['c.seq = any(?)', seqs('resource')],
            [
              `(c.operation = 'u' and c.before -> ? = ?::jsonb and c.after -> ? = ?::jsonb)`,
              transition?.property,
              transition && JSON.stringify(transition.from),
              transition?.property,
              transition && JSON.stringify(transition.to),
            ],
            ...(state ? [[state] as Part] : []),
          ]),
    link:
      kind === 'resource'
        ? undefined
        : all([
            [
              `c.property = any(array(select p.id from syncline.link_property p
                 join syncline.entity_type t on t.id = p.entity_type where t.name = ?))`,
              filter.entityType,
            ],
            ['c.operation = ?', operation],
            ['c.property = any(array(select id from syncline.link_property where name = ?))', filter.property],
            ['c.source_key = any(?)', filter.keys],
            ['c.source_key ^@ ?', filter.keyPrefix],
            ['c.seq = any(?)', seqs('link')],
            [
              `(c.operation = 'u' and c.property = any(array(select id from syncline.link_property where name = ?))
                and to_jsonb(c.before_target_key) = ?::jsonb and to_jsonb(c.target_key) = ?::jsonb)`,
              transition?.property,
              transition && JSON.stringify(transition.from),
              transition && JSON.stringify(transition.to),
            ],
            ...(state ? [[state] as Part] : []),
          ]),
  };
}

const droppedBy: readonly SyncStatus[] = ['superseded', 'cancelled', 'failed', 'skipped'];

/** The state of the changes of a sync that have no fate of their own. */
export function stateOf(sync: Pick<ChangedSync, 'applied' | 'status'>): ChangeState {
  if (sync.applied) return 'applied';
  if (sync.status === 'rejected') return 'refused';
  return droppedBy.includes(sync.status) ? 'dropped' : 'proposed';
}

/** The changes that are shown with a state: those of that fate, and those without a fate where it is the state of the sync. */
function withState(sync: ChangedSync, state: ChangeState): string {
  const fate = Object.entries(fateWords).find(([, word]) => word === state)?.[0];
  const either = [fate && `c.fate = '${fate}'`, stateOf(sync) === state && 'c.fate is null'].filter(Boolean);
  return either.length === 0 ? 'false' : `(${either.join(' or ')})`;
}

type Part = [sql: string, ...values: (Binding | readonly string[] | undefined)[]];

/** The conjunction of the parts whose values are given. */
function all(parts: Part[]): Condition {
  const used = parts.filter(([, ...values]) => values.every((value) => value !== undefined));
  return {
    sql: used.length === 0 ? 'true' : used.map(([sql]) => sql).join(' and '),
    bindings: used.flatMap(([, ...values]) => values as Binding[]),
  };
}

/** All of the conditions; undefined if one of them fits nothing. */
function every(conditions: readonly (Condition | undefined)[]): Condition | undefined {
  const given = conditions.flatMap((condition) => condition ?? []);
  if (given.length < conditions.length) return undefined;
  return {
    sql: given.map(({ sql }) => sql).join(' and '),
    bindings: given.flatMap(({ bindings }) => bindings),
  };
}
