import type { ConnectorFile } from '../domain/connector-file.ts';
import { row, type Queryable } from './database.ts';

/** The side of an inspection that the worker writes. */
export function findInspection(
  db: Queryable,
  id: string,
): Promise<{ kind: 'test' | 'schema'; file: ConnectorFile; result: unknown[] | null } | undefined> {
  return row(db, 'select kind, file, result from syncline.inspection where id = ?', [id]);
}

/** Adds what was found at one connection; a repeat replaces it. */
export async function addFinding(
  db: Queryable,
  id: string,
  finding: Record<string, unknown> & { connection: string },
): Promise<void> {
  await db.raw(
    `update syncline.inspection set result = coalesce(
       (select jsonb_agg(f) from jsonb_array_elements(result) f where f ->> 'connection' <> ?), '[]') || ?::jsonb
     where id = ?`,
    [finding.connection, JSON.stringify([finding]), id],
  );
}

/** The last discovery of a connector that is stored; of an unsaved file nothing is kept. */
export async function storeDiscovery(db: Queryable, connector: string, connections: unknown[]): Promise<void> {
  await db.raw(
    `insert into syncline.connector_schema (connector, discovered_at, connections)
     select id, clock_timestamp(), ?::jsonb from syncline.connector where name = ?
     on conflict (connector) do update set discovered_at = excluded.discovered_at, connections = excluded.connections`,
    [JSON.stringify(connections), connector],
  );
}
