import type { Decision, Operation, SyncStatus, Trigger } from '../domain/sync.ts';
import { keyParts } from '../domain/key.ts';
import type { EntityTypeRow } from './catalog.ts';
import { rows, type Queryable } from './database.ts';
import { shownDecision } from './decisions.ts';

export interface HistoryPosition {
  sync: number;
  kind: number;
  seq: number;
}

export interface HistoryEntry extends HistoryPosition {
  operation: 'i' | 'u' | 'd';
  before: unknown;
  after: unknown;
  property: string | null;
  target: string | null;
  targetKeyCount: number | null;
  targetKey: string | null;
  beforeTargetKey: string | null;
  /** Only where a move left another entity type than the one it came to. */
  beforeTarget: string | null;
  beforeTargetKeyCount: number | null;
  syncId: string;
  status: SyncStatus;
  trigger: Trigger;
  syncedBy: string;
  at: string;
  decision: Decision | null;
}

/** Changes of one resource, and of the links that lead from it, that were applied: newest first. */
export function resourceHistory(
  db: Queryable,
  type: EntityTypeRow,
  key: string,
  before: HistoryPosition | undefined,
  limit: number,
): Promise<HistoryEntry[]> {
  return rows(
    db,
    `select h.*, s.id as "syncId", s.status, s.trigger, s.synced_by as "syncedBy", ${shownDecision('s')} as decision,
       coalesce(s.applied_at, s.ended_at) as at
     from (
       select sync, 0 as kind, seq, operation, before, after, null as property, null as target, null::int as "targetKeyCount",
         null as "targetKey", null as "beforeTargetKey", null as "beforeTarget", null::int as "beforeTargetKeyCount"
       from syncline.change where entity_type = ? and key = ? and fate is null
       union all
       select c.sync, 1, c.seq, c.operation, null, null, p.name, t.name, cardinality(t.key_properties), c.target_key,
         c.before_target_key, bt.name, cardinality(bt.key_properties)
       from syncline.link_change c join syncline.link_property p on p.id = c.property
         join syncline.entity_type t on t.id = p.target
         left join syncline.link_property bp on bp.id = c.before_property left join syncline.entity_type bt on bt.id = bp.target
       where p.entity_type = ? and c.source_key = ? and c.fate is null
     ) h join syncline.sync s on s.no = h.sync
     where s.applied ${before ? 'and (h.sync, h.kind, h.seq) < (?, ?, ?)' : ''}
     order by h.sync desc, h.kind desc, h.seq desc limit ?`,
    [type.id, key, type.id, key, ...(before ? [before.sync, before.kind, before.seq] : []), limit],
  );
}

const words: Record<string, Operation> = { i: 'insert', u: 'update', d: 'delete' };

/** An entry as people read it. */
export function toHistoryItem(entry: HistoryEntry) {
  const end = (key: string | null, entityType = entry.target, count = entry.targetKeyCount) =>
    key === null || entityType === null ? null : { entityType, key: keyParts(key, count ?? 1) };
  const left = () =>
    entry.beforeTarget === null
      ? end(entry.beforeTargetKey)
      : end(entry.beforeTargetKey, entry.beforeTarget, entry.beforeTargetKeyCount);
  const link = entry.kind === 1;
  const target = end(entry.targetKey);
  const removed = entry.operation === 'd';
  return {
    kind: link ? ('link' as const) : ('resource' as const),
    operation: words[entry.operation] ?? 'update',
    ...(link ? { property: entry.property, target } : {}),
    before: link ? (removed ? target : left()) : entry.before,
    after: link ? (removed ? null : target) : entry.after,
    state: 'applied' as const,
    sync: {
      id: entry.syncId,
      status: entry.status,
      trigger: entry.trigger,
      syncedBy: entry.syncedBy,
      at: entry.at,
      decision: entry.decision,
      self: `/v1/syncs/${entry.syncId}`,
    },
  };
}
