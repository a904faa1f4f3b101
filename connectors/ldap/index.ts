import type {
  Connection,
  ConnectorPackage,
  Pacer,
  PackageDescription,
  ReadEvent,
  ReadRequest,
  ReadSession,
} from '../package.ts';
import type { Outbound } from '../outbound/index.ts';
import { tlsFileFaults } from '../outbound/tls-files.ts';
import { serverOf } from './checkpoint.ts';
import { Directory } from './directory.ts';
import { discoverTables } from './discover.ts';
import { noteOf, readChanges, whyBehind } from './note.ts';
import { readComplete } from './read-complete.ts';
import { readByKeys } from './read-keys.ts';
import { ldapSettings, tableOf, urlsOf, type LdapSettings } from './settings.ts';
import { beginTable } from './table-read.ts';
import { testConnection } from './test-connection.ts';

export const ldapDescription = {
  name: 'ldap',
  displayName: 'LDAP directory',
  description: 'Reads entries of OpenLDAP, Active Directory and other directories over LDAP.',
  settings: ldapSettings,
  capabilities: { complete: true, incremental: true, targeted: true, events: false, write: false, groups: true },
  inbound: true,
  outbound: false,
  syncFrequency: 'every few minutes, where the directory tells changes',
  // the place in a list of pages is lost with the connection
  resume: 'table',
  cells: 'structured',
  poll: { interval: '2m30s', failures: 5, reset: '30m' },
  limits: {},
  incrementalGap: ({ changes }: LdapSettings) =>
    changes === 'none'
      ? 'The connection has settings.changes: none, so the directory is not asked for changes.'
      : undefined,
  deletesGap: ({ changes }: LdapSettings) =>
    changes === 'modifyTimestamp' ? 'By modifyTimestamp, the directory does not tell what is gone.' : undefined,
  scopeOf(settings: LdapSettings, table: string) {
    const { bases, exclude, scope, filter } = tableOf(settings, table);
    return { url: urlsOf(settings), bindDN: settings.bindDN ?? settings.sasl, base: bases, exclude, scope, filter };
  },
  readingSettings: ['changes', 'overlap', 'pageSize', 'timeout', 'tls'],
  connectionFaults({ settings, secrets }, here) {
    const password = settings.bindDN !== undefined && !secrets.includes('password');
    return [
      ...(password
        ? [{ path: ['secrets', 'password'], detail: 'A connection with bindDN needs the secret password.' }]
        : []),
      ...(here ? tlsFileFaults(settings.tls, here.secretFolders, ['settings', 'tls']) : []),
    ];
  },
} as const satisfies PackageDescription<LdapSettings>;

/** Entries of directories. Every table is a search. */
export function createLdapPackage(outbound: Outbound): ConnectorPackage {
  return ldapPackage(outbound);
}

function ldapPackage(outbound: Outbound): ConnectorPackage<LdapSettings> {
  return {
    ...ldapDescription,

    test: (connection) => testConnection(outbound, connection),

    discover: (connection) =>
      withDirectory(connection, {}, (directory) => discoverTables(directory, connection.settings)),

    async *read(connection, request) {
      const session = openSession(outbound, connection);
      try {
        yield* session.read(request);
      } finally {
        await session.close();
      }
    },

    note: (connection, { table, signal, pacer }) =>
      withDirectory(connection, { signal, pacer }, async (directory) =>
        noteOf(await beginTable(directory, connection.settings, table, { columns: [], key: [] })),
      ),

    open: (connection) => Promise.resolve(openSession(outbound, connection)),

    async readKeys(connection, request) {
      const session = openSession(outbound, connection);
      try {
        return await session.readKeys(request);
      } finally {
        await session.close();
      }
    },
  };

  async function withDirectory<Result>(
    connection: Connection<LdapSettings>,
    options: { pacer?: Pacer | undefined; signal?: AbortSignal | undefined },
    use: (directory: Directory) => Promise<Result>,
  ): Promise<Result> {
    const directory = await Directory.open(outbound, connection, options);
    try {
      return await use(directory);
    } finally {
      await directory.close();
    }
  }
}

/** One login for all tables of an attempt. The server that the checkpoint names is asked first. */
function openSession(
  outbound: Outbound,
  connection: Connection<LdapSettings>,
): ReadSession & Required<Pick<ReadSession, 'readKeys'>> {
  const { settings } = connection;
  let opened: Directory | undefined;
  const directoryFor = async (request: Pick<ReadRequest, 'since' | 'noted' | 'last' | 'pacer' | 'signal'>) => {
    const { since, noted, last, pacer, signal } = request;
    opened ??= await Directory.open(outbound, connection, { first: serverOf(since ?? noted ?? last), pacer, signal });
    opened.pacer = pacer;
    return opened;
  };

  return {
    async *read(request: ReadRequest): AsyncGenerator<ReadEvent> {
      const directory = await directoryFor(request);
      const read = await beginTable(directory, settings, request.table, request.wanted);
      if (request.mode === 'incremental') {
        yield* readChanges(read, request);
        return;
      }
      const before = [request.last, request.noted].filter((each) => each !== undefined);
      const now = before.length > 0 ? await noteOf(read) : undefined;
      const behind = before.map((each) => whyBehind(read, each, now)).find((reason) => reason !== undefined);
      for await (const event of readComplete(read))
        yield event.kind === 'end' && behind !== undefined
          ? { ...event, certificate: { certified: false, code: 'behind', reason: behind } }
          : event;
    },

    async note(request) {
      const directory = await directoryFor(request);
      return noteOf(await beginTable(directory, settings, request.table, { columns: [], key: [] }));
    },

    async readKeys(request) {
      const directory = await directoryFor(request);
      return readByKeys(await beginTable(directory, settings, request.table, request.wanted), request);
    },

    async close() {
      await opened?.close();
      opened = undefined;
    },
  };
}
