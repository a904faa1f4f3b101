import type { FileHandle } from 'node:fs/promises';
import type { SyncErrorCode } from '../../domain/codes.ts';
import type { Delta, DeltaLook } from '../../domain/delta.ts';
import { SyncError } from '../../domain/errors.ts';
import { filesBelow, findFolder, openFile } from '../file-roots.ts';
import type {
  Certificate,
  Connection,
  ConnectionTest,
  ConnectorPackage,
  DiscoveredTable,
  PackageDescription,
  PendingDeltas,
  PlainLines,
  ReadEvent,
  ReadRequest,
} from '../package.ts';
import { filesOf, refuseUnknown } from './delta.ts';
import { digestOf, type FileDigest } from './digest.ts';
import { changed, readCsv, type FileEvent } from './read.ts';
import { csvSettings, type CsvSettings } from './settings.ts';
import { digestWithStamp, isKnown, lookOf, stampsOf } from './stamp.ts';
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
  resume: 'page',
  cells: 'text',
  poll: { interval: '15m', failures: 5, reset: '12h' },
  incrementalGap: (settings: CsvSettings) =>
    settings.delta === undefined
      ? 'The connection has no settings.delta, the folder that changes are read from.'
      : undefined,
  scopeOf: (settings: CsvSettings) => ({ directory: settings.directory }),
  limits: {},
} as const satisfies PackageDescription<CsvSettings>;

/** Files in folders below the roots. Every table is one file; deltas are files in a folder of their own. */
export function createCsvPackage({ fileRoots }: { fileRoots: readonly string[] }): ConnectorPackage {
  return csvPackage(fileRoots);
}

function csvPackage(fileRoots: readonly string[]): ConnectorPackage<CsvSettings> {
  async function* readWhole({ settings }: Connection<CsvSettings>, request: ReadRequest): AsyncGenerator<ReadEvent> {
    const folder = await findFolder(fileRoots, settings.directory);
    const { handle, path } = await openFile(fileRoots, folder, request.table);
    try {
      const { ino, size, mtimeMs } = await handle.stat();
      const identity = `${String(ino)}/${String(size)}/${String(mtimeMs)}`;
      const resumed = request.resumeAfter === undefined ? undefined : parseResume(request.resumeAfter);
      if (resumed && resumed.identity !== identity) throw changed(request.table);
      let taken = 0;
      for await (const event of readCsv(handle, path, request.table, settings, request.signal)) {
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
      await handle.close();
    }
  }

  async function* readDeltas(connection: Connection<CsvSettings>, request: ReadRequest): AsyncGenerator<ReadEvent> {
    const { settings } = connection;
    if (!settings.delta)
      throw new SyncError(
        'configuration',
        'The connection has no settings.delta, so it cannot be synchronised incrementally.',
      );
    const folder = await findDeltaFolder(settings);
    const files = await csvFiles(folder);
    refuseUnknown(files, request.tables);
    const deltas: Delta[] = [];
    const reasons: string[] = [];
    const passedOver: string[] = [];
    const looks: DeltaLook[] = [];
    const names = filesOf(request.table, files, request.tables);
    const stamps = await stampsOf(folder, names, request.signal);
    for (const name of names) {
      const before = request.known?.taken.get(name);
      if (isKnown(before, stamps.get(name))) {
        passedOver.push(name);
        continue;
      }
      const { handle, path } = await openFile(fileRoots, folder, name);
      try {
        const noted = request.known?.noted.get(name) ?? [];
        const sizes = [...(before ? [before] : []), ...noted].map(({ bytes }) => bytes);
        const digest = await digestWithStamp(handle, sizes, request.signal);
        const { stamp } = digest;
        const taken = digest.beginnings.find(({ sha256 }) => before?.cut === true && sha256 === before.sha256);
        if (before?.sha256 === digest.sha256) {
          passedOver.push(name);
          looks.push(...lookOf(before, digest));
          continue;
        }
        if (before && !taken)
          throw new SyncError(
            'delta-file-changed',
            `The delta file ${name} was taken before, with another content. Give what is new a file name of its own; or start a complete sync, which takes the file as it stands.`,
            { table: name },
          );
        if (isCut(digest, settings)) {
          const { sha256, bytes } = digest;
          deltas.push({ name, sha256, bytes, cut: true });
          reasons.push(
            `The delta file ${name} has no line break at its end, so it may have been cut short. Nothing of it is used until it is whole.`,
          );
          yield* readCut(handle, path, name, settings, request.signal);
        } else {
          const beginnings = digest.beginnings
            .filter(({ sha256 }) => noted.some((each) => each.sha256 === sha256))
            .map((each) => ({ ...each, lastLine: 0 }));
          for await (const event of readDelta(handle, path, name, settings, taken?.lines ?? 0, request.signal)) {
            if (event.kind !== 'end') {
              for (const each of beginnings) each.lastLine = Math.max(each.lastLine, lastLineWithin(event, each.lines));
              yield event;
              continue;
            }
            const { sha256, bytes } = event;
            const begins = beginnings.map((each) => ({ sha256: each.sha256, lastLine: each.lastLine }));
            const stamped = stamp !== undefined && sha256 === digest.sha256 ? { stamp } : {};
            deltas.push({ name, sha256, bytes, ...stamped, ...(begins.length > 0 ? { beginnings: begins } : {}) });
          }
        }
      } finally {
        await handle.close();
      }
    }
    if (passedOver.length > 0) yield { kind: 'passed-over', sources: passedOver, looks };
    yield { kind: 'end', certificate: certificateOf(reasons.join(' ')), deltas };
  }

  /** The rows of a delta file without those that end within so many lines. */
  async function* readDelta(
    handle: FileHandle,
    path: string,
    name: string,
    settings: CsvSettings,
    taken: number,
    signal?: AbortSignal,
  ): AsyncGenerator<(ReadEvent & { kind: 'segment' | 'records' | 'lines' }) | (FileEvent & { kind: 'end' })> {
    for await (const event of readCsv(handle, path, name, settings, signal)) {
      if (event.kind === 'header') {
        const commandColumn = settings.delta?.commandColumn ?? '';
        if (!event.columns.includes(commandColumn))
          throw new SyncError(
            'missing-column',
            `The delta file ${name} lacks the column ${commandColumn}, which says whether a row is an insert, update, delete or merge.`,
            { table: name, column: commandColumn, line: 1 },
          );
        yield { kind: 'segment', source: name, columns: event.columns, commands: commandColumn };
      } else if (event.kind === 'records') {
        const records = event.records.filter(({ line, cells }) => line + lineBreaks(cells) > taken);
        if (records.length > 0) yield { kind: 'records', records, resume: '' };
      } else if (event.kind === 'lines') {
        const lines = linesBehind(event, taken - event.firstLine + 1, settings);
        if (lines.rows > 0) yield { kind: 'lines', lines, resume: '' };
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
  ): AsyncGenerator<ReadEvent> {
    try {
      for await (const event of readDelta(handle, path, name, settings, 0, signal))
        if (event.kind !== 'end') yield event;
    } catch (error) {
      if (!(error instanceof SyncError) || !ofContent.has(error.code)) throw error;
    }
  }

  /** The delta files of a table that nothing has taken as they stand, and what was found out about the others. */
  async function pending(
    { settings }: Connection<CsvSettings>,
    { table, tables, taken, signal }: Parameters<NonNullable<ConnectorPackage['pending']>>[1],
  ): Promise<PendingDeltas> {
    const deltas: Delta[] = [];
    const looks: DeltaLook[] = [];
    const folder = settings.delta && (await findDeltaFolder(settings).catch(noFolder));
    if (folder === undefined) return { deltas, looks };
    const names = filesOf(table, await csvFiles(folder), tables);
    const stamps = await stampsOf(folder, names, signal);
    for (const name of names) {
      const before = taken.get(name);
      if (isKnown(before, stamps.get(name))) continue;
      const { handle } = await openFile(fileRoots, folder, name);
      try {
        const digest = await digestWithStamp(handle, [], signal);
        const { sha256, bytes, stamp } = digest;
        if (before?.sha256 === sha256) looks.push(...lookOf(before, digest));
        else
          deltas.push({
            ...{ name, sha256, bytes },
            ...(stamp === undefined ? {} : { stamp }),
            ...(isCut(digest, settings) ? { cut: true } : {}),
          });
      } finally {
        await handle.close();
      }
    }
    return { deltas, looks };
  }

  function noFolder(error: unknown): undefined {
    if (!(error instanceof SyncError) || error.code !== 'missing-file') throw error;
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
    pending,

    read: (connection, request) =>
      request.mode === 'complete' ? readWhole(connection, request) : readDeltas(connection, request),

    async state({ settings }, table, signal) {
      const folder = await findFolder(fileRoots, settings.directory);
      const { handle } = await openFile(fileRoots, folder, table);
      try {
        return stateOf(await digestOf(handle, [], signal));
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
              columns: event.columns
                .filter((name) => name !== '')
                .map((name) => ({ name, type: 'string', multiValued: false, nullable: true })),
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

/** @param unfinished why a file may have been cut short */
const certificateOf = (unfinished: string | undefined): Certificate =>
  unfinished ? { certified: false, code: 'not-final', reason: unfinished } : { certified: true };

const csvFiles = (folder: string) => filesBelow(folder, ['.csv']);

/** The bytes of a file decide which rows it gives. */
const stateOf = ({ sha256, bytes }: { sha256: string; bytes: number }) => `${sha256} ${String(bytes)}`;

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

/** Where the last record of an event begins that ends within so many lines of its file; 0 if none does. */
function lastLineWithin(event: ReadEvent, lines: number): number {
  if (event.kind === 'lines')
    return event.lines.firstLine > lines ? 0 : Math.min(lines, event.lines.firstLine + event.lines.rows - 1);
  if (event.kind !== 'records') return 0;
  return event.records.findLast(({ line, cells }) => line + lineBreaks(cells) <= lines)?.line ?? 0;
}

/** The lines of an event without the first few. */
function linesBehind(event: FileEvent & { kind: 'lines' }, skip: number, settings: CsvSettings): PlainLines {
  const { delimiter, quote } = settings;
  const left = Math.max(0, Math.min(skip, event.rows));
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

function parseResume(text: string): { identity: string; taken: number } {
  return JSON.parse(text) as { identity: string; taken: number };
}
