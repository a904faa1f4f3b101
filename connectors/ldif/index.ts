import { createHash } from 'node:crypto';
import { stat, type FileHandle } from 'node:fs/promises';
import { SyncError } from '../../domain/errors.ts';
import { columnsOf, isBinaryBy, ownColumns, type Columns } from '../entries/columns.ts';
import { parseFilter } from '../entries/filter.ts';
import { filesBelow, findFolder, openFile } from '../file-roots.ts';
import type {
  Certificate,
  Connection,
  ConnectorPackage,
  DiscoveredTable,
  PackageDescription,
  ReadEvent,
  ReadRequest,
  StructuredRecord,
} from '../package.ts';
import { matches } from './match.ts';
import { readRecords, type FileEntry } from './records.ts';
import { ldifSettings, tableOf, type LdifSettings } from './settings.ts';

export const ldifDescription = {
  name: 'ldif',
  displayName: 'LDIF files',
  description: 'Reads entries of directories from LDIF files in folders below the configured file roots.',
  settings: ldifSettings,
  capabilities: { complete: true, incremental: false, targeted: false, events: false, write: false, groups: true },
  inbound: true,
  outbound: false,
  syncFrequency: 'as often as the files are written; a sync of unchanged files only reads them',
  resume: 'table',
  cells: 'structured',
  limits: {},
  incrementalGap: () => 'LDIF files hold whole tables and no changes.',
  scopeOf: (settings: LdifSettings, table: string) => ({ directory: settings.directory, ...tableOf(settings, table) }),
} as const satisfies PackageDescription<LdifSettings>;

/** Files in folders below the roots. Every table is one file. */
export function createLdifPackage({ fileRoots }: { fileRoots: readonly string[] }): ConnectorPackage {
  return ldifPackage(fileRoots);
}

function ldifPackage(fileRoots: readonly string[]): ConnectorPackage<LdifSettings> {
  async function withFile<Result>(
    settings: LdifSettings,
    table: string,
    use: (file: { handle: FileHandle; path: string }) => Promise<Result>,
  ): Promise<Result> {
    const folder = await findFolder(fileRoots, settings.directory);
    const file = await openFile(fileRoots, folder, tableOf(settings, table).file);
    try {
      return await use(file);
    } finally {
      await file.handle.close();
    }
  }

  async function* readTable(
    { settings }: Connection<LdifSettings>,
    { table, wanted, signal }: ReadRequest,
  ): AsyncGenerator<ReadEvent> {
    const all = wanted ? [] : (await describe(settings, table, Infinity)).columns.map(({ name }) => name);
    const columns = columnsOf(wanted, all, settings.binaryAttributes, 'entryUUID');
    const { file, filter: text } = tableOf(settings, table);
    const filter = text === null ? undefined : parseFilter(text);
    const folder = await findFolder(fileRoots, settings.directory);
    const { handle, path } = await openFile(fileRoots, folder, file);
    try {
      yield { kind: 'segment', source: table, columns: columns.names };
      const before = await handle.stat({ bigint: true });
      const hash = createHash('sha256');
      let bytes = 0;
      let batch: StructuredRecord[] = [];
      let certificate: Certificate = { certified: true };
      const chunks = chunksOf(handle, signal, (chunk) => {
        hash.update(chunk);
        bytes += chunk.length;
      });
      for await (const event of readRecords(chunks, file)) {
        if (event.kind === 'end') {
          const { reason } = event;
          if (reason) certificate = { certified: false, code: reason.code, reason: reason.text };
        } else if (event.entry.fault || !filter || matches(filter, event.entry))
          batch.push(recordOf(columns, event.entry));
        if (batch.length < batchSize) continue;
        yield { kind: 'structured', records: batch, resume: '' };
        batch = [];
      }
      if (bytes === 0) throw new SyncError('empty-file', `The file ${file} has 0 bytes. Write it again.`, { table });
      await refuseChange(handle, path, file, before);
      if (batch.length > 0) yield { kind: 'structured', records: batch, resume: '' };
      yield { kind: 'end', certificate, state: stateOf(hash.digest('hex'), bytes) };
    } finally {
      await handle.close();
    }
  }

  /** @param most so many entries are looked at */
  async function describe(settings: LdifSettings, table: string, most: number): Promise<DiscoveredTable> {
    return withFile(settings, table, async ({ handle }) => {
      const { size, mtime } = await handle.stat();
      const names = new Map<string, { name: string; several: boolean; count: number }>();
      let entries = 0;
      for await (const event of readRecords(chunksOf(handle), tableOf(settings, table).file)) {
        if (event.kind === 'end' || entries >= most) break;
        entries++;
        for (const name of event.entry.names) {
          const known = names.get(name.toLowerCase()) ?? { name, several: false, count: 0 };
          known.count++;
          known.several ||= (event.entry.attributes.get(name.toLowerCase()) ?? []).length > 1;
          names.set(name.toLowerCase(), known);
        }
      }
      const isBinary = isBinaryBy(settings.binaryAttributes);
      const own = ownColumns
        .filter((name) => name !== 'primaryGroupSid' || names.has('primarygroupid'))
        .map((name) => ({ name, multiValued: false, nullable: name === 'primaryGroupSid' }));
      const found = [...names.values()]
        .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
        .map(({ name, several, count }) => ({ name, multiValued: several, nullable: count < entries }));
      return {
        table,
        columns: [...own, ...found].map((column) => ({ ...column, type: isBinary(column.name) ? 'binary' : 'string' })),
        bytes: size,
        modifiedAt: mtime.toISOString(),
      };
    });
  }

  return {
    ...ldifDescription,
    read: readTable,

    state: ({ settings }, table, signal) =>
      withFile(settings, table, async ({ handle }) => {
        const hash = createHash('sha256');
        let bytes = 0;
        for await (const chunk of chunksOf(handle, signal)) {
          hash.update(chunk);
          bytes += chunk.length;
        }
        return stateOf(hash.digest('hex'), bytes);
      }),

    async test({ settings }) {
      try {
        const folder = await findFolder(fileRoots, settings.directory);
        const files = await filesBelow(folder, endings);
        for (const table of Object.keys(settings.tables)) await withFile(settings, table, () => Promise.resolve());
        return { ok: true, message: `The folder has ${String(files.length)} LDIF files.` };
      } catch (error) {
        if (error instanceof SyncError) return { ok: false, code: error.code, message: error.message };
        throw error;
      }
    },

    async discover({ settings }) {
      const folder = await findFolder(fileRoots, settings.directory);
      const names = [...new Set([...Object.keys(settings.tables), ...(await filesBelow(folder, endings))])];
      const tables: DiscoveredTable[] = [];
      for (const name of names)
        try {
          tables.push(await describe(settings, name, sampleSize));
        } catch (error) {
          if (!(error instanceof SyncError)) throw error;
          tables.push({ table: name, columns: [], problem: `${error.code}: ${error.message}` });
        }
      return tables;
    },
  };
}

const endings = ['.ldif', '.ldf'];
const batchSize = 1000;
const sampleSize = 10_000;

/** The bytes of a file decide which rows it gives. */
const stateOf = (sha256: string, bytes: number) => `${sha256} ${String(bytes)}`;

async function* chunksOf(
  handle: FileHandle,
  signal?: AbortSignal,
  see: (chunk: Buffer) => void = () => undefined,
): AsyncGenerator<Buffer> {
  signal?.throwIfAborted();
  const stream = handle.createReadStream({ autoClose: false, start: 0, highWaterMark: 256 * 1024 });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    see(chunk);
    yield chunk;
  }
}

function recordOf(columns: Columns, entry: FileEntry): StructuredRecord {
  const { cells } = columns.recordOf(entry);
  return { cells, position: `line ${String(entry.line)}`, ...(entry.fault ? { fault: entry.fault } : {}) };
}

async function refuseChange(
  handle: FileHandle,
  path: string,
  file: string,
  before: { ino: bigint; size: bigint; mtimeNs: bigint },
): Promise<void> {
  const named = await stat(path, { bigint: true }).catch(() => undefined);
  for (const now of [await handle.stat({ bigint: true }), named])
    if (now?.ino !== before.ino || now.size !== before.size || now.mtimeNs !== before.mtimeNs)
      throw new SyncError(
        'changed-during-read',
        `${file} was changed or replaced while it was read. Write files under another name and rename them when they are complete. Then start the sync again.`,
        { table: file },
      );
}
