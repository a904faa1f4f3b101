import { createReadStream } from 'node:fs';
import { access, constants, link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SyncError } from '../domain/errors.ts';
import { ErrorFile } from './error-file.ts';
import { Exchange } from './exchange.ts';
import { hashFile, storing, WholeFile } from './files.ts';
import {
  checkpointSchema,
  manifestSchema,
  type ExportCheckpoint,
  type Manifest,
  type ManifestTable,
  type Part,
} from './manifest.ts';
import { parseRecords, splitPlain, wholeRecords, type StoredLines } from './part-format.ts';
import { parseStructured, type StoredBatch } from './structured-format.ts';
import { safeName } from './safe-name.ts';
import { TableWriter } from './table-writer.ts';

export type { TableWriter };

/** One attempt to export one connection for one sync. */
export interface AttemptReference {
  connector: string;
  syncId: string;
  attempt: string;
}

const readBytes = 1 << 20;
/**
 * Lines are read in small pieces. Between two pieces Node writes to sockets; with large pieces Postgres would wait for rows
 * while a piece is mapped.
 */
const lineBytes = 64 * 1024;

/** Opens the store that the configuration names. @throws SyncError `configuration` for a kind this version lacks */
export function openStore(store: { kind: 'file'; folder: string } | { kind: 's3'; url: string }): ExportStore {
  if (store.kind === 's3')
    throw new SyncError(
      'configuration',
      'SYNCLINE_EXPORT_STORE is an S3 bucket, which this version does not support. Use file:<folder>.',
    );
  return new ExportStore(store.folder);
}

/**
 * Exported files in a local folder: `<connector>/<syncId>/<attempt>/<table>/part-0001.csv` or `.jsonl`, and the
 * `manifest.json` of the attempt once it is complete. Every attempt has a folder of its own, so a hung attempt cannot write into another's.
 */
export class ExportStore {
  readonly #folder: string;
  /** The files of reads by workers without a database. */
  readonly exchange: Exchange;

  constructor(folder: string) {
    this.#folder = folder;
    this.exchange = new Exchange(folder);
  }

  /** @throws SyncError `store-unavailable` if nothing can be written */
  async check(): Promise<void> {
    await storing(async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await access(this.#folder, constants.W_OK);
    });
  }

  /**
   * Begins a table of an attempt. Unchanged parts of an earlier attempt are taken over up to the first part that changed. A
   * retry continues after them.
   */
  async beginTable(
    reference: AttemptReference,
    table: string,
    earlier?: { reference: AttemptReference; parts: Part[] },
  ): Promise<TableWriter> {
    const folder = this.#tableFolder(reference, table);
    const taken: Part[] = [];
    await storing(async () => {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const part of earlier?.parts ?? []) {
        const path = join(this.#tableFolder(earlier?.reference ?? reference, table), part.name);
        if ((await hashFile(path).catch(() => undefined)) !== part.sha256) break;
        await link(path, join(folder, part.name));
        taken.push(part);
      }
    });
    return new TableWriter(folder, taken);
  }

  async writeManifest(reference: AttemptReference, manifest: Manifest): Promise<void> {
    const file = await WholeFile.create(join(this.#attemptFolder(reference), 'manifest.json'));
    await file.write(JSON.stringify(manifest, null, 2));
    await file.finish();
  }

  /**
   * Replaces the checkpoint of the attempt. It is kept here, not in Temporal: the columns of a file that lost its header are
   * data.
   */
  async writeCheckpoint(reference: AttemptReference, checkpoint: ExportCheckpoint): Promise<void> {
    const file = await WholeFile.create(join(this.#attemptFolder(reference), 'checkpoint.json'));
    await file.write(JSON.stringify(checkpoint));
    await file.finish();
  }

  /** @returns undefined if the attempt has left none that can be used */
  async readCheckpoint(reference: AttemptReference): Promise<ExportCheckpoint | undefined> {
    const text = await readFile(join(this.#attemptFolder(reference), 'checkpoint.json'), 'utf8').catch(() => '');
    return checkpointSchema.safeParse(parseJson(text)).data;
  }

  /** @throws SyncError `export-missing` if the export is gone or was never whole */
  async readManifest(reference: AttemptReference): Promise<Manifest> {
    let text: string;
    try {
      text = await readFile(join(this.#attemptFolder(reference), 'manifest.json'), 'utf8');
    } catch (cause) {
      throw missing('its manifest', cause);
    }
    const parsed = manifestSchema.safeParse(parseJson(text));
    if (!parsed.success) throw modified('manifest.json');
    return parsed.data;
  }

  /**
   * Streams the records of a table, a part at a time, tombstones first: what has a record in the same read is not gone. The
   * hash of a part is checked before any of its records is handed out. @throws SyncError `export-modified`, `export-missing`
   */
  async *readTable(
    reference: AttemptReference,
    table: ManifestTable,
    signal?: AbortSignal,
  ): AsyncGenerator<StoredBatch> {
    const gone = table.parts.filter(({ structured }) => structured === 'tombstones');
    for (const part of [...gone, ...table.parts.filter((each) => !gone.includes(each))]) {
      const path = join(this.#tableFolder(reference, table.table), part.name);
      await checkHash(path, part);
      let rest = '';
      let rows = 0;
      const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: readBytes }) as AsyncIterable<string>;
      for await (const chunk of stream) {
        signal?.throwIfAborted();
        const text = rest + chunk;
        const end = part.plain || part.structured ? text.lastIndexOf('\n') + 1 : wholeRecords(text);
        rest = text.slice(end);
        if (end === 0) continue;
        const whole = text.slice(0, end);
        const { firstLine, delimiter, quote } = part.plain ?? {};
        const records = part.structured
          ? parseStructured(whole)
          : firstLine === undefined || delimiter === undefined || quote === undefined
            ? parseRecords(whole)
            : splitPlain(whole, firstLine + rows, delimiter, quote);
        rows += records.length;
        yield { source: part.source, columns: part.columns, records, kind: part.structured ?? 'records' };
      }
      if (rest !== '') throw modified(part.name);
    }
  }

  /**
   * The text of a table whose parts are plain, a piece of whole lines at a time, the part's hash checked before.
   * @throws SyncError `export-modified`, `export-missing`
   */
  async *readLines(
    reference: AttemptReference,
    table: ManifestTable,
    signal?: AbortSignal,
  ): AsyncGenerator<StoredLines> {
    for (const part of table.parts) {
      if (!part.plain) throw new Error('only plain parts have lines');
      const path = join(this.#tableFolder(reference, table.table), part.name);
      await checkHash(path, part);
      let rows = 0;
      for await (const text of wholeLines(path)) {
        signal?.throwIfAborted();
        const lines = { ...part.plain, firstLine: part.plain.firstLine + rows, text, rows: countLines(text) };
        rows += lines.rows;
        yield lines;
      }
    }
  }

  /**
   * The bytes of a table's parts, one behind the other, from one place to another. Their hashes are not checked: for what
   * explains a sync, not for what decides about rows. @throws SyncError `export-missing`
   */
  async *readBytes(
    reference: AttemptReference,
    table: ManifestTable,
    from: number,
    to: number,
  ): AsyncGenerator<Buffer> {
    let begin = 0;
    for (const part of table.parts) {
      const end = begin + part.bytes;
      if (Math.max(begin, from) < Math.min(end, to)) {
        const path = join(this.#tableFolder(reference, table.table), part.name);
        const place = { start: Math.max(0, from - begin), end: Math.min(end, to) - begin - 1 };
        const stream = createReadStream(path, { ...place, highWaterMark: readBytes }) as AsyncIterable<Buffer>;
        try {
          yield* stream;
        } catch (cause) {
          throw missing(part.name, cause);
        }
      }
      begin = end;
    }
  }

  /** Where the hashes of a table's lines are kept, see compare-lines.ts. */
  hashPath(reference: AttemptReference, table: string): string {
    return join(this.#tableFolder(reference, table), 'lines.hash');
  }

  /** `errors.csv` of a sync, beside its export. Texts that a spreadsheet would take for a formula are escaped. */
  async openErrorFile(reference: { connector: string; syncId: string }): Promise<ErrorFile> {
    const folder = join(this.#folder, safeName(reference.connector), safeName(reference.syncId));
    await storing(() => mkdir(folder, { recursive: true, mode: 0o700 }));
    return ErrorFile.create(join(folder, 'errors.csv'));
  }

  /** Removes everything of a sync. */
  async removeSync(connector: string, syncId: string): Promise<void> {
    await storing(() =>
      rm(join(this.#folder, safeName(connector), safeName(syncId)), { recursive: true, force: true }),
    );
  }

  /** Ids of the syncs of a connector that have something stored. */
  async listSyncs(connector: string): Promise<string[]> {
    return readdir(join(this.#folder, safeName(connector))).catch(() => []);
  }

  #attemptFolder({ connector, syncId, attempt }: AttemptReference): string {
    return join(this.#folder, safeName(connector), safeName(syncId), safeName(attempt));
  }

  #tableFolder(reference: AttemptReference, table: string): string {
    return join(this.#attemptFolder(reference), safeName(table));
  }
}

async function checkHash(path: string, part: Part): Promise<void> {
  let sha256: string;
  try {
    sha256 = await hashFile(path);
  } catch (cause) {
    throw missing(part.name, cause);
  }
  if (sha256 !== part.sha256) throw modified(part.name);
}

/**
 * The bytes of a file in pieces of whole lines, each good until the next is asked for; meanwhile that one is read.
 * @throws SyncError `export-modified` if the last line has no end
 */
async function* wholeLines(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  let reading: Promise<unknown> | undefined;
  try {
    let [piece, other] = [Buffer.allocUnsafe(lineBytes), Buffer.allocUnsafe(lineBytes)];
    let held = 0;
    const read = (into: Buffer) => {
      const more = file.read(into, held, into.length - held);
      // the caller that waits gets the error
      reading = more.catch(() => undefined);
      return more;
    };
    for (let more = read(piece); ; [piece, other] = [other, piece]) {
      const { bytesRead } = await more;
      const filled = held + bytesRead;
      const end = bytesRead === 0 ? 0 : piece.lastIndexOf(0x0a, filled - 1) + 1;
      if (bytesRead === 0 && filled > 0) throw modified(basename(path));
      if (bytesRead === 0) return;
      held = filled - end;
      // a line that is longer than a piece
      if (held >= other.length) other = Buffer.allocUnsafe(2 * held);
      piece.copy(other, 0, end, filled);
      more = read(other);
      if (end > 0) yield piece.subarray(0, end);
    }
  } finally {
    await reading;
    await file.close();
  }
}

function countLines(text: Buffer): number {
  let count = 0;
  for (let at = text.indexOf(0x0a); at >= 0; at = text.indexOf(0x0a, at + 1)) count++;
  return count;
}

const missing = (what: string, cause: unknown) =>
  new SyncError(
    'export-missing',
    `The export is no longer complete: ${what} is missing in the export store. Export again.`,
    {},
    { cause },
  );
const modified = (what: string) =>
  new SyncError('export-modified', `${what} of the export was modified since it was written. Export again.`);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
