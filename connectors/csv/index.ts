import { SyncError } from '../../domain/errors.ts';
import { filesBelow, findFolder } from '../file-roots.ts';
import type {
  Connection,
  ConnectionTest,
  ConnectorPackage,
  DiscoveredTable,
  ReadEvent,
  ReadRequest,
} from '../package.ts';
import { certificateOf } from './certificate.ts';
import { createDeltas } from './deltas.ts';
import { packedEndings } from './delta.ts';
import { csvDescription } from './description.ts';
import { digestOf } from './digest.ts';
import { linesBehind } from './lines-behind.ts';
import { openLocal } from './local-file.ts';
import { readCsv } from './read.ts';
import type { CsvSettings } from './settings.ts';
import { changed } from './source-file.ts';
import { contentOf } from './unpack.ts';

/** Files in folders below the roots. Every table is one file; deltas are files in a folder of their own. */
export function createCsvPackage({ fileRoots }: { fileRoots: readonly string[] }): ConnectorPackage {
  return csvPackage(fileRoots);
}

function csvPackage(fileRoots: readonly string[]): ConnectorPackage<CsvSettings> {
  const { readDeltas, pending, findDeltaFolder } = createDeltas(fileRoots);

  async function* readWhole({ settings }: Connection<CsvSettings>, request: ReadRequest): AsyncGenerator<ReadEvent> {
    const folder = await findFolder(fileRoots, settings.directory);
    const file = await openLocal(fileRoots, folder, request.table);
    try {
      const { identity } = file;
      const resumed = request.resumeAfter === undefined ? undefined : parseResume(request.resumeAfter);
      if (resumed && resumed.identity !== identity) throw changed(request.table);
      let taken = 0;
      for await (const event of readCsv(file, settings, request.signal)) {
        if (event.kind === 'header') yield { kind: 'segment', source: request.table, columns: event.columns };
        else if (event.kind === 'end')
          yield {
            kind: 'end',
            certificate: certificateOf(event.reason),
            state: stateOf(event),
          };
        else {
          // records that an earlier attempt stored are read again for the checks and the hash, but not stored again
          const skip = Math.max(0, (resumed?.taken ?? 0) - taken);
          taken += event.kind === 'lines' ? event.rows : event.records.length;
          const resume = JSON.stringify({ identity, taken });
          const rest = event.kind === 'lines' ? linesBehind(event, skip, settings) : event.records.slice(skip);
          if (Array.isArray(rest)) {
            if (rest.length > 0) yield { kind: 'records', records: rest, resume };
          } else if (rest.rows > 0) yield { kind: 'lines', lines: rest, resume };
        }
      }
    } finally {
      await file.close();
    }
  }

  return {
    ...csvDescription,
    pending,

    read: (connection, request) =>
      request.mode === 'complete' ? readWhole(connection, request) : readDeltas(connection, request),

    async state({ settings }, table, signal) {
      const folder = await findFolder(fileRoots, settings.directory);
      const file = await openLocal(fileRoots, folder, table);
      try {
        return stateOf(await digestOf(contentOf(file, settings.compression, { signal, most: 1 << 20 })));
      } finally {
        await file.close();
      }
    },

    async test({ settings }): Promise<ConnectionTest> {
      try {
        const folder = await findFolder(fileRoots, settings.directory);
        const files = await csvFiles(folder, settings);
        if (settings.delta) await findDeltaFolder(settings);
        return {
          ok: true,
          message:
            files.length === 0
              ? 'The folder exists, but has no CSV files.'
              : `The folder has ${String(files.length)} CSV files.`,
        };
      } catch (error) {
        if (error instanceof SyncError) return { ok: false, code: error.code, message: error.message };
        throw error;
      }
    },

    async discover({ settings }): Promise<DiscoveredTable[]> {
      const folder = await findFolder(fileRoots, settings.directory);
      const tables: DiscoveredTable[] = [];
      for (const table of await csvFiles(folder, settings)) tables.push(await describe(folder, table, settings));
      return tables;
    },
  };

  async function describe(folder: string, table: string, settings: CsvSettings): Promise<DiscoveredTable> {
    try {
      const file = await openLocal(fileRoots, folder, table);
      try {
        const about = {
          bytes: file.size,
          ...(file.modifiedAt ? { modifiedAt: file.modifiedAt.toISOString() } : {}),
        };
        for await (const event of readCsv(file, settings))
          if (event.kind === 'header')
            return {
              table,
              columns: event.columns
                .filter((name) => name !== '')
                .map((name) => ({ name, type: 'string', multiValued: false, nullable: true })),
              ...about,
            };
        return { table, columns: [], ...about };
      } finally {
        await file.close();
      }
    } catch (error) {
      if (error instanceof SyncError) return { table, columns: [], problem: `${error.code}: ${error.message}` };
      throw error;
    }
  }
}

/** The endings of files that may be tables. */
function csvFiles(folder: string, { compression }: CsvSettings): Promise<string[]> {
  const packed = { auto: ['.csv.gz', '.csv.zip'], none: [], ...packedEndings };
  return filesBelow(folder, ['.csv', ...packed[compression]]);
}

/** The content of a file decides which rows it gives, not how it is compressed. */
const stateOf = ({ sha256, bytes }: { sha256: string; bytes: number }) => `${sha256} ${String(bytes)}`;

function parseResume(text: string): { identity: string; taken: number } {
  return JSON.parse(text) as { identity: string; taken: number };
}
