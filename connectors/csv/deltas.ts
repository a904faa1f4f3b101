import type { SyncErrorCode } from '../../domain/codes.ts';
import type { Delta, DeltaLook } from '../../domain/delta.ts';
import { SyncError } from '../../domain/errors.ts';
import { filesBelow, findFolder } from '../file-roots.ts';
import type { Connection, ConnectorPackage, PendingDeltas, ReadEvent, ReadRequest } from '../package.ts';
import { certificateOf } from './certificate.ts';
import { filesOf, packedEndings, refuseUnknown } from './delta.ts';
import type { FileDigest } from './digest.ts';
import { linesBehind } from './lines-behind.ts';
import { openLocal, type LocalFile } from './local-file.ts';
import { readCsv, type FileEvent } from './read.ts';
import type { CsvSettings } from './settings.ts';
import { digestWithStamp, isKnown, lookOf, stampsOf } from './stamp.ts';
import { lineBreaks } from './strict-parser.ts';
import { contentOf } from './unpack.ts';

/** Delta files, in a folder of their own below the roots. */
export function createDeltas(fileRoots: readonly string[]) {
  async function* readDeltas(connection: Connection<CsvSettings>, request: ReadRequest): AsyncGenerator<ReadEvent> {
    const { settings } = connection;
    if (!settings.delta)
      throw new SyncError(
        'configuration',
        'The connection has no settings.delta, so it cannot be synchronised incrementally.',
      );
    const folder = await findDeltaFolder(settings);
    const files = await deltaFiles(folder, settings);
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
      const file = await openLocal(fileRoots, folder, name);
      try {
        const noted = request.known?.noted.get(name) ?? [];
        const sizes = [...(before ? [before] : []), ...noted].map(({ bytes }) => bytes);
        const digest = await digestOfDelta(file, sizes, settings, request.signal);
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
            `The delta file ${name} has no line break at its end${digest.cut ? ' when it is unpacked' : ''}, so it may have been cut short. Nothing of it is used until it is whole.`,
          );
          yield* readCut(file, settings, request.signal);
        } else {
          const beginnings = digest.beginnings
            .filter(({ sha256 }) => noted.some((each) => each.sha256 === sha256))
            .map((each) => ({ ...each, lastLine: 0 }));
          for await (const event of readDelta(file, settings, taken?.lines ?? 0, request.signal)) {
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
        await file.close();
      }
    }
    if (passedOver.length > 0) yield { kind: 'passed-over', sources: passedOver, looks };
    yield { kind: 'end', certificate: certificateOf(reasons.join(' ')), deltas };
  }

  /** The rows of a delta file without those that end within so many lines. */
  async function* readDelta(
    file: LocalFile,
    settings: CsvSettings,
    taken: number,
    signal?: AbortSignal,
  ): AsyncGenerator<(ReadEvent & { kind: 'segment' | 'records' | 'lines' }) | (FileEvent & { kind: 'end' })> {
    const { name } = file;
    for await (const event of readCsv(file, settings, signal)) {
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
  async function* readCut(file: LocalFile, settings: CsvSettings, signal?: AbortSignal): AsyncGenerator<ReadEvent> {
    try {
      for await (const event of readDelta(file, settings, 0, signal)) if (event.kind !== 'end') yield event;
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
    const names = filesOf(table, await deltaFiles(folder, settings), tables);
    const stamps = await stampsOf(folder, names, signal);
    for (const name of names) {
      const before = taken.get(name);
      if (isKnown(before, stamps.get(name))) continue;
      const file = await openLocal(fileRoots, folder, name);
      try {
        const digest = await digestOfDelta(file, [], settings, signal);
        const { sha256, bytes, stamp } = digest;
        if (before?.sha256 === sha256) looks.push(...lookOf(before, digest));
        else
          deltas.push({
            ...{ name, sha256, bytes },
            ...(stamp === undefined ? {} : { stamp }),
            ...(isCut(digest, settings) ? { cut: true } : {}),
          });
      } finally {
        await file.close();
      }
    }
    return { deltas, looks };
  }

  function noFolder(error: unknown): undefined {
    if (!(error instanceof SyncError) || error.code !== 'missing-file') throw error;
  }

  const digestOfDelta = (file: LocalFile, sizes: number[], settings: CsvSettings, signal?: AbortSignal) =>
    digestWithStamp(file.handle, contentOf(file, settings.compression, { signal, most: 1 << 20 }), sizes);

  const isCut = ({ bytes, finalNewline, cut }: FileDigest, { finalNewline: rule }: CsvSettings) =>
    cut === true || bytes === 0 || (!finalNewline && rule === 'required');

  /** The delta folder of the roots, or below the folder of the files. */
  async function findDeltaFolder({ directory = '', delta }: CsvSettings): Promise<string> {
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

  return { readDeltas, pending, findDeltaFolder };
}

/**
 * Files with other endings are left alone: copies that were compressed for the archive may lie beside those that they were made of.
 */
const deltaFiles = (folder: string, { compression }: CsvSettings) =>
  filesBelow(folder, ['.csv', ...(compression === 'gzip' || compression === 'zip' ? packedEndings[compression] : [])]);

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
