import type { ConnectorFile } from '../domain/connector-file.ts';
import { row, type Queryable } from './database.ts';

/** The side of an inspection that the API writes and reads. */
export async function insertInspection(
  db: Queryable,
  inspection: { id: string; kind: 'test' | 'schema'; file: ConnectorFile },
): Promise<void> {
  await db.raw(`delete from syncline.inspection where created_at < now() - interval '1 day'`);
  await db.raw('insert into syncline.inspection (id, kind, file) values (?, ?, ?::jsonb)', [
    inspection.id,
    inspection.kind,
    JSON.stringify(inspection.file),
  ]);
}

export async function inspectionResult(db: Queryable, id: string): Promise<Record<string, unknown>[]> {
  const found = await row<{ result: Record<string, unknown>[] | null }>(
    db,
    'select result from syncline.inspection where id = ?',
    [id],
  );
  return found?.result ?? [];
}

/** The last discovery of a connector. */
export function findDiscovery(
  db: Queryable,
  connector: number,
): Promise<{ discoveredAt: string; connections: Record<string, unknown>[] } | undefined> {
  return row(
    db,
    'select discovered_at as "discoveredAt", connections from syncline.connector_schema where connector = ?',
    [connector],
  );
}
