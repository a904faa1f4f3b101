import type { RowError } from '../domain/sync.ts';
import { rows, type Queryable } from './database.ts';
import { placeOfError } from './row-errors.ts';

export interface ErrorFilter {
  entityType?: string | undefined;
  code?: string | undefined;
  key?: string[] | undefined;
}

/** What a sync could not use, or warns of, after a place in the list. */
export function listErrors(
  db: Queryable,
  sync: number,
  filter: ErrorFilter,
  after: number,
  limit: number,
): Promise<(RowError & { seq: number })[]> {
  const conditions: [string, string | string[] | undefined][] = [
    ['and entity_type = ?', filter.entityType],
    ['and code = ?', filter.code],
    ['and key = ?::text[]', filter.key],
  ];
  const used = conditions.filter((each): each is [string, string | string[]] => each[1] !== undefined);
  return rows(
    db,
    `select seq, entity_type as "entityType", source_table as "table", ${placeOfError}, column_name as "column", property, key, value, code,
       message, effect
     from syncline.sync_error where sync = ? and seq > ? ${used.map(([sql]) => sql).join(' ')} order by seq limit ?`,
    [sync, after, ...used.map(([, value]) => value), limit],
  );
}
