import { SyncError } from '../../domain/errors.ts';
import type {
  Connection,
  ConnectionTest,
  ConnectorPackage,
  DiscoveredTable,
  ReadEvent,
  ReadRequest,
} from '../package.ts';
import { packedEndings } from './delta.ts';
import { createDeltas } from './deltas.ts';
import { csvDescription } from './description.ts';
import { openPlace, type Surroundings } from './open-place.ts';
import type { Place } from './place.ts';
import { readTable, stateOfTable } from './read-table.ts';
import { readCsv } from './read.ts';
import type { CsvSettings } from './settings.ts';
import { findTableFiles, patternOf } from './table-files.ts';

/**
 * Files in folders below the roots, in buckets and on servers. A table is one file or several; deltas are files in a folder of
 * their own below the roots.
 */
export function createCsvPackage({
  fileRoots,
  outbound = { allow: [], secretFolders: [] },
}: Pick<Surroundings, 'fileRoots'> & Partial<Surroundings>): ConnectorPackage {
  return csvPackage({ fileRoots, outbound });
}

function csvPackage(around: Surroundings): ConnectorPackage<CsvSettings> {
  const { readDeltas, pending, findDeltaFolder } = createDeltas(around.fileRoots);

  async function* readWhole(connection: Connection<CsvSettings>, request: ReadRequest): AsyncGenerator<ReadEvent> {
    const place = await openPlace(around, connection, request.signal);
    try {
      yield* readTable(place, connection.settings, request);
    } finally {
      await place.close();
    }
  }

  async function withPlace<Result>(
    connection: Connection<CsvSettings>,
    use: (place: Place) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const place = await openPlace(around, connection, signal);
    try {
      return await use(place);
    } finally {
      await place.close();
    }
  }

  return {
    ...csvDescription,
    pending,

    read: (connection, request) =>
      request.mode === 'complete' ? readWhole(connection, request) : readDeltas(connection, request),

    state: (connection, table, signal) =>
      withPlace(connection, (place) => stateOfTable(place, connection.settings, table, signal), signal),

    async test(connection): Promise<ConnectionTest> {
      const { settings } = connection;
      try {
        const files = await withPlace(connection, async (place) => {
          const found = await place.list(endingsOf(settings));
          for (const table of Object.keys(settings.tables)) await openNewest(place, settings, table);
          return found;
        });
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

    discover: (connection) => withPlace(connection, (place) => discoverTables(place, connection.settings)),
  };
}

async function discoverTables(place: Place, settings: CsvSettings): Promise<DiscoveredTable[]> {
  const patterns = Object.keys(settings.tables).filter((table) => settings.tables[table]?.take !== undefined);
  const files = await place.list(endingsOf(settings));
  const others = files.filter((name) => !patterns.some((table) => patternOf(table).test(name)));
  const tables: DiscoveredTable[] = [];
  for (const table of [...patterns, ...others]) tables.push(await describe(place, table, settings));
  return tables;
}

/** The columns of the newest file of a table. */
async function describe(place: Place, table: string, settings: CsvSettings): Promise<DiscoveredTable> {
  try {
    const file = await place.open((await findTableFiles(place, settings, table)).names.at(-1) ?? table);
    try {
      const about = { bytes: file.size, ...(file.modifiedAt ? { modifiedAt: file.modifiedAt.toISOString() } : {}) };
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

/** @throws SyncError if a table has no file that can be opened */
async function openNewest(place: Place, settings: CsvSettings, table: string): Promise<void> {
  const { names } = await findTableFiles(place, settings, table);
  const file = await place.open(names.at(-1) ?? table);
  await file.close();
}

/** Of files that may be tables. */
function endingsOf({ compression }: CsvSettings): string[] {
  const packed = { auto: ['.csv.gz', '.csv.zip'], none: [], ...packedEndings };
  return ['.csv', ...packed[compression]];
}
