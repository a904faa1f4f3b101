import type { FileHandle } from 'node:fs/promises';
import type { SyncErrorCode } from '../../domain/codes.ts';
import { SyncError } from '../../domain/errors.ts';
import type {
  Connection,
  ConnectionTest,
  ConnectorPackage,
  DiscoveredTable,
  ExportEvent,
  ExportRequest,
  PlainLines,
  SourceFile,
  SourceState,
} from '../package.ts';
import { filesOf, refuseUnknown } from './delta.ts';
import { digestOf, type FileDigest } from './digest.ts';
import { csvFiles, findFolder, openFile } from './paths.ts';
import { changed, readCsv, type ReadEvent } from './read.ts';
import { csvSettings, type CsvSettings } from './settings.ts';
import { lineBreaks } from './strict-parser.ts';

export const csvDescription = {
  name: 'csv',
  displayName: 'CSV files',
  description: 'Reads files of comma-separated values from folders below the configured file roots.',
  settings: csvSettings,
  capabilities: { complete: true, incremental: true, targeted: false, events: false, write: false, groups: true },
  inbound: true,
  outbound: false,
  syncFrequency: 'as often as the files are written; a sync of unchanged files only reads them',
  poll: { interval: '15m', failures: 5, reset: '12h' },
  incrementalGap: (settings: CsvSettings) =>
    settings.delta === undefined
      ? 'The connection has no settings.delta, the folder that changes are read from.'
      : undefined,
  scopeOf: (settings: CsvSettings) => ({ directory: settings.directory }),
  limits: {},
} as const;

/** Files in folders below the roots. Every table is one file; deltas are files in a folder of their own. */
export function createCsvPackage({ fileRoots }: { fileRoots: readonly string[] }): ConnectorPackage {
  return csvPackage(fileRoots);
}

function csvPackage(fileRoots: readonly string[]): ConnectorPackage<CsvSettings> {
  async function* exportComplete(
    { settings }: Connection<CsvSettings>,
    request: ExportRequest,
  ): AsyncGenerator<ExportEvent> {
    const folder = await findFolder(fileRoots, settings.directory);
    const { handle, path } = await openFile(fileRoots, folder, request.table);
    try {
      const { ino, size, mtimeMs } = await handle.stat();
      const identity = `${String(ino)}/${String(size)}/${String(mtimeMs)}`;
      const resumed = request.resumeAfter === undefined ? undefined : parseCheckpoint(request.resumeAfter);
      if (resumed && resumed.identity !== identity) throw changed(request.table);
      let taken = 0;
      for await (const event of readCsv(handle, path, request.table, settings, request.signal)) {
        if (event.kind === 'header') yield { kind: 'segment', source: request.table, columns: event.columns };
        else if (event.kind === 'end')
          yield {
            kind: 'end',
            certified: event.certified,
            ...(event.reason === undefined ? {} : { reason: event.reason }),
            state: { files: [{ name: request.table, sha256: event.sha256, bytes: event.bytes }] },
          };
        else {
          // records that an earlier attempt stored are read again for the checks and the hash, but not stored again
          const skip = Math.max(0, (resumed?.taken ?? 0) - taken);
          taken += event.kind === 'lines' ? event.rows : event.records.length;
          const checkpoint = JSON.stringify({ identity, taken });
          const rest = event.kind === 'lines' ? linesBehind(event, skip, settings) : event.records.slice(skip);
          if (Array.isArray(rest)) {
            if (rest.length > 0) yield { kind: 'records', records: rest, checkpoint };
          } else if (rest.rows > 0) yield { kind: 'lines', lines: rest, checkpoint };
        }
      }
    } finally {
      await handle.close();
    }
  }

  async function* exportDeltas(
    connection: Connection<CsvSettings>,
    request: ExportRequest,
  ): AsyncGenerator<ExportEvent> {
    const { settings } = connection;
    if (!settings.delta)
      throw new SyncError(
        'configuration',
        'The connection has no settings.delta, so it cannot be synchronised incrementally.',
      );
    const folder = await findDeltaFolder(settings);
    const files = await csvFiles(folder);
    refuseUnknown(files, request.tables);
    const state: SourceState = { files: [] };
    const reasons: string[] = [];
    const passedOver: string[] = [];
    for (const name of filesOf(request.table, files, request.tables)) {
      const before = request.taken?.get(name);
      const { handle, path } = await openFile(fileRoots, folder, name);
      try {
        const digest = await digestOf(handle, before?.bytes, request.signal);
        if (before?.sha256 === digest.sha256) {
          passedOver.push(name);
          continue;
        }
        if (before && !(before.cut === true && digest.head?.sha256 === before.sha256))
          throw new SyncError(
            'delta-file-changed',
            `The delta file ${name} was taken before, with another content. Give what is new a file name of its own; or start a complete sync, which takes the file as it stands.`,
            { table: name },
          );
        if (isCut(digest, settings)) {
          const { sha256, bytes } = digest;
          state.files.push({ name, sha256, bytes, cut: true });
          reasons.push(
            `The delta file ${name} has no line break at its end, so it may have been cut short. Nothing of it is used until it is whole.`,
          );
          yield* readCut(handle, path, name, settings, request.signal);
        } else {
          for await (const event of readDelta(handle, path, name, settings, digest.head?.lines ?? 0, request.signal))
            if (event.kind === 'end') state.files.push({ name, sha256: event.sha256, bytes: event.bytes });
            else yield event;
        }
      } finally {
        await handle.close();
      }
    }
    if (passedOver.length > 0) yield { kind: 'passed-over', sources: passedOver };
    yield {
      kind: 'end',
      certified: reasons.length === 0,
      ...(reasons.length > 0 ? { reason: reasons.join(' ') } : {}),
      state,
    };
  }

  /** The rows of a delta file without those that end within so many lines. */
  async function* readDelta(
    handle: FileHandle,
    path: string,
    name: string,
    settings: CsvSettings,
    taken: number,
    signal?: AbortSignal,
  ): AsyncGenerator<(ExportEvent & { kind: 'segment' | 'records' | 'lines' }) | (ReadEvent & { kind: 'end' })> {
    for await (const event of readCsv(handle, path, name, settings, signal)) {
      if (event.kind === 'header') {
        const commandColumn = settings.delta?.commandColumn ?? '';
        if (!event.columns.includes(commandColumn))
          throw new SyncError(
            'missing-column',
            `The delta file ${name} lacks the column ${commandColumn}, which says whether a row is an insert, update, delete or merge.`,
            { table: name, column: commandColumn, line: 1 },
          );
        yield { kind: 'segment', source: name, columns: event.columns };
      } else if (event.kind === 'records') {
        const records = event.records.filter(({ line, cells }) => line + lineBreaks(cells) > taken);
        if (records.length > 0) yield { kind: 'records', records, checkpoint: '' };
      } else if (event.kind === 'lines') {
        const lines = linesBehind(event, taken - event.firstLine + 1, settings);
        if (lines.rows > 0) yield { kind: 'lines', lines, checkpoint: '' };
      } else yield event;
    }
  }

  /** What can be read of a file that may have been cut short, wherever that was. */
  async function* readCut(
    handle: FileHandle,
    path: string,
    name: string,
    settings: CsvSettings,
    signal?: AbortSignal,
  ): AsyncGenerator<ExportEvent> {
    try {
      for await (const event of readDelta(handle, path, name, settings, 0, signal))
        if (event.kind !== 'end') yield event;
    } catch (error) {
      if (!(error instanceof SyncError) || !ofContent.has(error.code)) throw error;
    }
  }

  /** The delta files of a table that nothing has taken as they stand. */
  async function pending(
    { settings }: Connection<CsvSettings>,
    { table, tables, taken, signal }: Pick<ExportRequest, 'table' | 'tables' | 'taken' | 'signal'>,
  ): Promise<SourceFile[]> {
    if (!settings.delta) return [];
    const found: SourceFile[] = [];
    let folder;
    try {
      folder = await findDeltaFolder(settings);
    } catch (error) {
      if (error instanceof SyncError && error.code === 'missing-file') return [];
      throw error;
    }
    for (const name of filesOf(table, await csvFiles(folder), tables)) {
      const { handle } = await openFile(fileRoots, folder, name);
      try {
        const digest = await digestOf(handle, undefined, signal);
        const { sha256, bytes } = digest;
        if (taken?.get(name)?.sha256 !== sha256)
          found.push({ name, sha256, bytes, ...(isCut(digest, settings) ? { cut: true } : {}) });
      } finally {
        await handle.close();
      }
    }
    return found;
  }

  const isCut = ({ bytes, finalNewline }: FileDigest, { finalNewline: rule }: CsvSettings) =>
    bytes === 0 || (!finalNewline && rule === 'required');

  /** The delta folder of the roots, or below the folder of the files. */
  async function findDeltaFolder({ directory, delta }: CsvSettings): Promise<string> {
    const name = delta?.directory ?? '';
    try {
      return await findFolder(fileRoots, name, 'delta.directory');
    } catch (missing) {
      if (!(missing instanceof SyncError) || missing.code !== 'missing-file') throw missing;
      try {
        return await findFolder(fileRoots, `${directory}/${name}`, 'delta.directory');
      } catch (error) {
        // reported under the name of the setting
        throw error instanceof SyncError && error.code === 'missing-file' ? missing : error;
      }
    }
  }

  return {
    ...csvDescription,
    commandColumn: (settings) => settings.delta?.commandColumn,

    pending,

    export: (connection, request) =>
      request.mode === 'complete' ? exportComplete(connection, request) : exportDeltas(connection, request),

    async state({ settings }, table, signal) {
      const folder = await findFolder(fileRoots, settings.directory);
      const { handle } = await openFile(fileRoots, folder, table);
      try {
        const { sha256, bytes } = await digestOf(handle, undefined, signal);
        return { files: [{ name: table, sha256, bytes }] };
      } finally {
        await handle.close();
      }
    },

    async test({ settings }): Promise<ConnectionTest> {
      try {
        const folder = await findFolder(fileRoots, settings.directory);
        const files = await csvFiles(folder);
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
      for (const table of await csvFiles(folder)) tables.push(await describe(folder, table, settings));
      return tables;
    },
  };

  async function describe(folder: string, table: string, settings: CsvSettings): Promise<DiscoveredTable> {
    try {
      const { handle, path } = await openFile(fileRoots, folder, table);
      try {
        const { size, mtime } = await handle.stat();
        for await (const event of readCsv(handle, path, table, settings))
          if (event.kind === 'header')
            return {
              table,
              columns: event.columns.filter((name) => name !== '').map((name) => ({ name, type: 'string' })),
              bytes: size,
              modifiedAt: mtime.toISOString(),
            };
        return { table, columns: [], bytes: size };
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (error instanceof SyncError) return { table, columns: [], problem: `${error.code}: ${error.message}` };
      throw error;
    }
  }
}

/** What can be wrong with a file that was cut short, or is still being written. */
const ofContent: ReadonlySet<SyncErrorCode> = new Set([
  'empty-file',
  'truncated',
  'unclosed-quote',
  'encoding',
  'missing-column',
  'duplicate-header',
  'too-many-columns',
  'wrong-delimiter',
  'changed-during-read',
]);

/** The lines of an event without the first few. */
function linesBehind(event: ReadEvent & { kind: 'lines' }, skip: number, settings: CsvSettings): PlainLines {
  const { delimiter, quote } = settings;
  const left = Math.min(skip, event.rows);
  let at = 0;
  for (let n = 0; n < left; n++) at = event.text.indexOf(0x0a, at) + 1;
  return {
    text: event.text.subarray(at),
    rows: event.rows - left,
    firstLine: event.firstLine + left,
    delimiter,
    quote,
  };
}

function parseCheckpoint(text: string): { identity: string; taken: number } {
  return JSON.parse(text) as { identity: string; taken: number };
}
