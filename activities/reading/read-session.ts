import type {
  Connection,
  ConnectorPackage,
  KeyAnswers,
  KeysRequest,
  ReadRequest,
  ReadSession,
} from '../../connectors/package.ts';

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

/** Asks for single keys: in the session, so that all tables are read from one snapshot, if the package has such sessions. */
export function askKeys(
  { adapter, connection, session }: { adapter: ConnectorPackage; connection: Connection; session: ReadSession },
  request: KeysRequest,
): Promise<KeyAnswers> | undefined {
  return session.readKeys?.(request) ?? adapter.readKeys?.(connection, request);
}
