import { shownName } from './connectors.ts';
import type { RowCode, SyncErrorCode } from '../domain/codes.ts';
import { row, rows, type Queryable } from './database.ts';
import { placeOfError } from './row-errors.ts';

/** What clears an error: a sync that reads its object, any successful one, one of everything, or a complete one of everything. */
export const clearings = ['read', 'any-sync', 'whole-sync', 'complete-sync'] as const;
export type ClearedBy = (typeof clearings)[number];

/** An error as the API answers it. */
export interface OpenError {
  firstSeen: string;
  lastSeen: string;
  connector: string;
  entityType: string | null;
  key: string[] | null;
  property: string | null;
  column: string | null;
  code: RowCode | SyncErrorCode;
  message: string;
  effect: 'row-rejected' | 'link-rejected' | 'sync-failed';
  clearedBy: ClearedBy;
  occurrences: number;
  table: string | null;
  line: number | null;
  position: string | null;
  syncId: string;
}

export interface OpenErrorFilter {
  connector?: string | undefined;
  /** '': errors of none. */
  entityType?: string | undefined;
  /** '': errors of none. */
  property?: string | undefined;
  key?: string[] | undefined;
  code?: string | undefined;
  effect?: OpenError['effect'] | undefined;
}

/** A place in the list: it is ordered by both, newest first. */
export interface OpenErrorPlace {
  lastSeen: string;
  id: number;
}

/** Which errors `e` a filter finds. */
export function openErrorCondition(filter: OpenErrorFilter): { sql: string; bindings: (string | string[])[] } {
  const conditions: [string, string | string[] | undefined][] = [
    ['e.connector = (select id from syncline.connector where name = ?)', filter.connector],
    [`e.entity_type is not distinct from nullif(?, '')`, filter.entityType],
    [`e.property is not distinct from nullif(?, '')`, filter.property],
    ['e.key = ?::text[]', filter.key],
    ['e.code = ?', filter.code],
    ['e.effect = ?', filter.effect],
  ];
  const used = conditions.filter((each): each is [string, string | string[]] => each[1] !== undefined);
  return {
    sql: used.length === 0 ? 'true' : used.map(([sql]) => sql).join(' and '),
    bindings: used.map(([, value]) => value),
  };
}

/** What is wrong now, last seen first. */
export function listOpenErrors(
  db: Queryable,
  filter: OpenErrorFilter,
  after: OpenErrorPlace | undefined,
  limit: number,
): Promise<(OpenError & { id: number })[]> {
  const { sql, bindings } = openErrorCondition(filter);
  return rows(
    db,
    `select e.id, e.first_seen as "firstSeen", e.last_seen as "lastSeen", ${shownName} as connector,
       e.entity_type as "entityType", e.key, e.property, e.column_name as "column", e.code, e.message, e.effect, e.cleared_by as "clearedBy",
       e.occurrences, e.source_table as "table", ${placeOfError}, s.id as "syncId"
     from syncline.open_error e join syncline.connector c on c.id = e.connector join syncline.sync s on s.no = e.sync
     where ${sql} ${after ? 'and (e.last_seen, e.id) < (?::timestamptz, ?)' : ''}
     order by e.last_seen desc, e.id desc limit ?`,
    [...bindings, ...(after ? [after.lastSeen, after.id] : []), limit],
  );
}

/** How many there are in all, and how many more of these connectors and entity types are counted but not kept. */
export async function countOpenErrors(
  db: Queryable,
  filter: OpenErrorFilter,
): Promise<{ total: number; notKept: number }> {
  const { sql, bindings } = openErrorCondition(filter);
  const surplus = openErrorCondition({ connector: filter.connector, entityType: filter.entityType });
  const found = await row<{ total: number; notKept: number }>(
    db,
    `select (select count(*) from syncline.open_error e where ${sql}) as total,
       (select coalesce(sum(e.rejected_rows + e.rejected_links), 0)::bigint from syncline.open_error_surplus e
        where ${surplus.sql}) as "notKept"`,
    [...bindings, ...surplus.bindings],
  );
  return found ?? { total: 0, notKept: 0 };
}
