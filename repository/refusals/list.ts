import { shownName } from '../connectors.ts';
import { keyParts } from '../../domain/key.ts';
import type { RefusalEnding } from '../../domain/refusals.ts';
import type { Operation } from '../../domain/sync.ts';
import { rows, type Queryable } from '../database.ts';
import { isActive } from './active.ts';

/** A change that was refused, as the API answers it; parts that a refusal does not have are left out. */
export interface Refusal {
  id: string;
  connector: string;
  entityType: string;
  kind: 'resource' | 'link';
  operation: Operation;
  key: string[];
  property?: string;
  target?: { entityType: string; key: string[] };
  label: string | null;
  by: string;
  byName: string | null;
  at: string;
  reason: string | null;
  syncId: string;
  because: string | null;
  expiresAt: string;
  lastSeenAt: string | null;
  endedAt: string | null;
  endedBy: RefusalEnding | null;
}

export interface RefusalFilter {
  connector?: string | undefined;
  entityType?: string | undefined;
  /** As text, see domain/key.ts. */
  key?: string | undefined;
  state?: 'active' | 'ended' | undefined;
}

interface RefusalRow extends Omit<Refusal, 'key' | 'target' | 'property' | 'kind' | 'operation'> {
  no: number;
  operation: 'i' | 'u' | 'd';
  key: string;
  keyCount: number;
  property: string | null;
  target: string | null;
  targetKey: string | null;
  targetKeyCount: number | null;
}

const words = { i: 'insert', u: 'update', d: 'delete' } as const;

/** Newest first. A refusal whose time is over is shown as ended, also before anything has noticed that. @param before older than this number */
export async function listRefusals(
  db: Queryable,
  filter: RefusalFilter,
  before: number | undefined,
  limit: number,
): Promise<(Refusal & { no: number })[]> {
  const conditions: [string, string | number | undefined][] = [
    ['c.name = ?', filter.connector],
    ['t.name = ?', filter.entityType],
    ['f.key = ?', filter.key],
    ['f.no < ?', before],
  ];
  const used = conditions.filter((each): each is [string, string | number] => each[1] !== undefined);
  const states = { active: `and ${isActive('f')}`, ended: `and not (${isActive('f')})` };
  const found = await rows<RefusalRow>(
    db,
    `select f.no, f.id, ${shownName} as connector, t.name as "entityType", cardinality(t.key_properties) as "keyCount", f.operation,
       f.key, p.name as property, g.name as target, f.target_key as "targetKey", cardinality(g.key_properties) as "targetKeyCount",
       f.label, f.refused_by as "by", f.refused_by_name as "byName", f.refused_at as at, f.reason, s.id as "syncId", f.because,
       f.expires_at as "expiresAt", f.last_seen_at as "lastSeenAt",
       coalesce(f.ended_at, case when not (${isActive('f')}) then f.expires_at end) as "endedAt",
       coalesce(f.ended_by, case when not (${isActive('f')}) then 'expired' end) as "endedBy"
     from syncline.refusal f join syncline.connector c on c.id = f.connector join syncline.entity_type t on t.id = f.entity_type
       join syncline.sync s on s.no = f.sync
       left join syncline.link_property p on p.id = f.property left join syncline.entity_type g on g.id = p.target
     where true ${used.map(([sql]) => `and ${sql}`).join(' ')} ${filter.state ? states[filter.state] : ''}
     order by f.no desc limit ?`,
    [...used.map(([, value]) => value), limit],
  );
  return found.map(({ keyCount, key, operation, property, target, targetKey, targetKeyCount, ...rest }) => ({
    ...rest,
    kind: property === null ? 'resource' : 'link',
    operation: words[operation],
    key: keyParts(key, keyCount),
    ...(property === null ? {} : { property }),
    ...(target === null || targetKey === null
      ? {}
      : { target: { entityType: target, key: keyParts(targetKey, targetKeyCount ?? 1) } }),
  }));
}

/** What is suppressed of a connector now. */
export interface Suppressed {
  changes: number;
  deletes: number;
  /** When the oldest of them was refused. */
  oldestSince: string | null;
}

/** By connector; those without are left out. */
export async function suppressedOf(db: Queryable, connectors: readonly number[]): Promise<Map<number, Suppressed>> {
  const found = await rows<Suppressed & { connector: number }>(
    db,
    `select f.connector, count(*)::int as changes, count(*) filter (where f.operation = 'd')::int as deletes,
       min(f.refused_at) as "oldestSince"
     from syncline.refusal f where f.connector = any(?) and ${isActive('f')} group by 1`,
    [[...connectors]],
  );
  return new Map(found.map(({ connector, ...counts }) => [connector, counts]));
}

/**
 * SQL for (entity_type, n): how many resources of a type are stored otherwise than the source has them, since a change of them
 * or of their links is refused. One whose insert is refused is not stored.
 */
export const refusedObjects = `(
  select entity_type, count(*) as n from (
    select f.entity_type, f.key from syncline.refusal f where ${isActive('f')} group by 1, 2
    having not bool_or(f.property is null and f.operation = 'i')
  ) each group by 1)`;
