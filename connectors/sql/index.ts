import type { Connection, ConnectorPackage, ReadSession } from '../package.ts';
import { sqlDescription } from './description.ts';
import { inTable } from './faults.ts';
import { openDatabase, type Surroundings } from './open.ts';
import { readKeys } from './read-keys.ts';
import { noteOf, readTable } from './read.ts';
import type { SqlSettings } from './settings.ts';
import { findTable } from './table.ts';
import { discover, testConnection } from './test.ts';

/** Databases that are asked in SQL. All tables of a session are read from one snapshot. */
export function createSqlPackage(around: Surroundings): ConnectorPackage {
  return sqlPackage(around);
}

function sqlPackage(around: Surroundings): ConnectorPackage<SqlSettings> {
  async function open(connection: Connection<SqlSettings>, { signal }: { signal?: AbortSignal }): Promise<ReadSession> {
    const database = await openDatabase(around, connection, signal);
    return {
      read: (request) => readTable(database, connection.settings, request),
      async note({ table }) {
        try {
          return await noteOf(database, await findTable(database, connection.settings, table));
        } catch (error) {
          throw inTable(error, table);
        }
      },
      readKeys: (request) => readKeys(database, connection.settings, request),
      close: () => database.close(),
    };
  }

  /** One use of a session of its own. */
  async function once<Answer>(
    connection: Connection<SqlSettings>,
    signal: AbortSignal | undefined,
    use: (session: ReadSession) => Promise<Answer>,
  ): Promise<Answer> {
    const session = await open(connection, signal ? { signal } : {});
    try {
      return await use(session);
    } finally {
      await session.close();
    }
  }

  return {
    ...sqlDescription,
    open,
    test: (connection) => testConnection(around, connection),
    discover: (connection) => discover(around, connection),

    async *read(connection, request) {
      const session = await open(connection, request);
      try {
        yield* session.read(request);
      } finally {
        await session.close();
      }
    },

    note: (connection, request) => once(connection, request.signal, async (session) => session.note?.(request)),

    async readKeys(connection, request) {
      const database = await openDatabase(around, connection, request.signal);
      try {
        return await readKeys(database, connection.settings, request);
      } finally {
        await database.close();
      }
    },
  };
}
