import type { Connection, ConnectorPackage, ReadRequest, ReadSession } from '../../connectors/package.ts';

type ReadsOf = Pick<ReadRequest, 'mode' | 'pacer' | 'signal'> & { tables: readonly string[] };

/** One use of a source for all tables of an attempt; of a package without sessions, each table is read by itself. */
export async function openSession(
  adapter: ConnectorPackage,
  connection: Connection,
  reads: ReadsOf,
): Promise<ReadSession> {
  if (adapter.open) return adapter.open(connection, reads);
  return {
    read: (request) => adapter.read(connection, request),
    note: (request) => adapter.note?.(connection, request) ?? Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}
