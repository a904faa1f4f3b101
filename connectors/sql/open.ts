import { parseDuration } from '../../domain/duration.ts';
import { findTarget } from '../outbound/find-target.ts';
import type { Outbound } from '../outbound/index.ts';
import { readTlsFiles } from '../outbound/tls-files.ts';
import type { Connection } from '../package.ts';
import type { Access, Database } from './database.ts';
import { silent } from './faults.ts';
import { openMysql } from './mysql/index.ts';
import { openPostgres } from './postgres/index.ts';
import type { SqlSettings } from './settings.ts';
import { openSqlite } from './sqlite/index.ts';
import { openSqlServer } from './sqlserver/index.ts';

/** What a worker gives the package. */
export interface Surroundings {
  fileRoots: readonly string[];
  outbound: Outbound;
}

const clients: Record<SqlSettings['client'], (access: Access) => Promise<Database>> = {
  postgres: openPostgres,
  mysql: openMysql,
  sqlite: openSqlite,
  sqlserver: openSqlServer,
};

/** Connects, and takes the snapshot. @param longest milliseconds that a statement may take, if not those of the settings */
export async function openDatabase(
  { fileRoots, outbound }: Surroundings,
  { settings, secrets }: Connection<SqlSettings>,
  signal?: AbortSignal,
  longest = Infinity,
): Promise<Database> {
  signal?.throwIfAborted();
  const { ca } = settings.tls.mode === 'none' ? {} : await readTlsFiles(settings.tls, outbound.secretFolders);
  const statementTimeout = Math.max(1000, Math.min(longest, parseDuration(settings.statementTimeout)));
  const database = await clients[settings.client]({
    settings,
    password: secrets['password'],
    statementTimeout,
    address: async ({ host, port }) => (await findTarget(outbound.allow, host, port, { signal })).address,
    ca,
    fileRoots,
    ...(signal ? { signal } : {}),
  });
  return guarded(database, statementTimeout, signal);
}

/** Milliseconds for an answer to come, behind the time that the server itself gives the statement. */
const grace = 30_000;

/** Ends the connection when it is told to stop, or when the server no longer answers. */
function guarded(database: Database, statementTimeout: number, signal?: AbortSignal): Database {
  const within = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    let timer: NodeJS.Timeout | undefined;
    let stop: (() => void) | undefined;
    const ended = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(silent());
      }, statementTimeout + grace);
      stop = () => {
        reject(signal?.reason instanceof Error ? signal.reason : new Error('stopped', { cause: signal?.reason }));
      };
      if (signal?.aborted) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, ended]);
    } catch (error) {
      if (signal?.aborted) await database.close();
      throw error;
    } finally {
      clearTimeout(timer);
      if (stop) signal?.removeEventListener('abort', stop);
    }
  };
  async function* pagesWithin<Page>(given: AsyncIterable<Page>): AsyncGenerator<Page> {
    const pages = given[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await within(pages.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      // a reader that stops in the middle ends the connection: the rest of the rows is not read
      void pages.return?.();
    }
  }
  const { encodedPages } = database;
  return {
    ...database,
    columns: (select, values) => within(database.columns(select, values)),
    rows: (select, values, columns) => within(database.rows(select, values, columns)),
    clock: () => within(database.clock()),
    certificateOf: (source) => within(database.certificateOf(source)),
    catalog: () => within(database.catalog()),
    pages: (select, values, columns) => pagesWithin(database.pages(select, values, columns)),
    ...(encodedPages && {
      encodedPages: (select, values, columns) => pagesWithin(encodedPages(select, values, columns)),
    }),
  };
}
