import type { TableMapping } from '../domain/mapping.ts';
import { findDrift } from '../domain/drift.ts';
import { lastColumns } from '../repository/checkpoint.ts';
import type { Queryable } from '../repository/database.ts';
import { addWarning } from '../repository/row-errors.ts';
import type { SyncRow } from '../repository/syncs.ts';

/** Warns of columns that were added, removed, renamed or reordered since the last applied sync. */
export async function reportDrift(
  db: Queryable,
  sync: SyncRow,
  connection: string,
  table: string,
  columns: string[],
  mapping: TableMapping,
): Promise<void> {
  const before = await lastColumns(db, sync.connector, connection, table);
  const mapped = new Set(mapping.requiredColumns.map(({ column }) => column));
  const entityType = mapping.entityTypes[0]?.name ?? mapping.links[0]?.entityType ?? '';
  for (const { column, message } of findDrift(before, columns, mapped))
    await addWarning(db, sync.no, { entityType, table, column, code: 'schema-drift', message });
}
