import { randomBytes } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { AttemptReference, ExportStore } from './export-store.ts';
import { WholeFile } from './files.ts';
import { LineHasher } from './line-hash.ts';
import { copyHash, LineIndex } from './line-index.ts';
import type { ManifestTable } from './manifest.ts';
import { splitInBatches, splitPlain, type StoredRecord } from './part-format.ts';

/**
 * Compares the lines of two exports of a table by their hashes. 16 bytes per line are kept beside an export, so that a later
 * export is compared by reading it once, without the database. Only plain lines can be compared.
 */
export interface ExportedTable {
  reference: AttemptReference;
  table: ManifestTable;
}

const keyBytes = 16;
const hashBytes = 16;
/** Lines whose hashes are in memory at once, at 27 to 33 bytes each. More lines are compared in parts, one after another. */
const mostAtOnce = 2_100_000;
const batchRows = 2000;
/** Hashes are written 64 KiB or more at a time. */
const fewestWords = 16_384;

/** Whether the lines of a table can be separated without a parser. */
export const isPlain = (table: ManifestTable): boolean =>
  table.commandColumn === undefined && table.parts.every((part) => part.plain);

/** The records of a plain table, in batches, while the hashes of its lines are kept under a key of their own. */
export async function* readKeepingHashes(
  store: ExportStore,
  of: ExportedTable,
  signal?: AbortSignal,
): AsyncGenerator<StoredRecord[]> {
  const writer = await HashWriter.create(store, of, randomBytes(keyBytes));
  try {
    for await (const { text, firstLine, delimiter, quote } of store.readLines(of.reference, of.table, signal)) {
      eachLine(text, (begin, end) => {
        writer.add(text, begin, end);
      });
      await writer.flush();
      yield* splitInBatches(text.toString('utf8'), firstLine, delimiter, quote);
    }
    await writer.close();
  } finally {
    await writer.abandon();
  }
}

/** Whether the hashes of an export exist, as many as it has lines. */
export async function hasHashes(store: ExportStore, { reference, table }: ExportedTable): Promise<boolean> {
  const handle = await open(store.hashPath(reference, table.table), 'r').catch(() => undefined);
  if (!handle) return false;
  try {
    return (await handle.stat()).size === keyBytes + hashBytes * table.rows;
  } finally {
    await handle.close();
  }
}

/** `listed`: of both exports, and among the lines that were asked for. */
export type LineKind = 'added' | 'removed' | 'listed';

/**
 * Yields the records of the lines that only `later` has (`added`) or only `earlier` has (`removed`), and of lines of both that
 * `listed` names. A line that occurs several times is yielded for each surplus. Keeps the hashes of `later`. A line that a
 * damaged file of hashes does not know is yielded as added and as removed, which means no change.
 * @param listed lines of `earlier`, counted from 0, in ascending order; each takes as much memory as a line in a slice
 */
export async function* compareLines(
  store: ExportStore,
  earlier: ExportedTable,
  later: ExportedTable,
  { signal, listed = new Uint32Array(), linesAtOnce = mostAtOnce }: CompareOptions = {},
): AsyncGenerator<{ kind: LineKind; records: StoredRecord[] }> {
  const handle = await open(store.hashPath(earlier.reference, earlier.table.table), 'r');
  try {
    const key = Buffer.alloc(keyBytes);
    await handle.read(key, 0, keyBytes, 0);
    const { rows } = earlier.table;
    const slices = Math.max(1, Math.ceil(rows / linesAtOnce));
    // a little more than its share for each slice, which the hash decides
    const index = new LineIndex(Math.min(rows, Math.ceil((rows / slices) * 1.02) + 1000));
    const known = { index, listed: new LineIndex(listed.length), lines: listed };
    const missed = [yield* compareFirst(known, handle, key, store, earlier, later, slices, signal)];
    const unknown: Uint32Array[] = [];
    const again: Uint32Array[] = [];
    for (let slice = 1; slice < slices; slice++) {
      signal?.throwIfAborted();
      await loadSlice(known, handle, rows, slice, slices);
      const found = await unknownTo(known, key, store, later, slice, slices);
      unknown.push(found.added);
      again.push(found.listed);
      missed.push(index.missed());
    }
    missed.push(known.listed.missed());
    yield* recordsAt('added', store, later, merged(unknown), signal);
    yield* recordsAt('listed', store, later, merged(again), signal);
    yield* recordsAt('removed', store, earlier, merged(missed), signal);
  } finally {
    await handle.close();
  }
}

interface CompareOptions {
  signal?: AbortSignal | undefined;
  listed?: Uint32Array;
  linesAtOnce?: number;
}

/** The lines of the earlier export: those of one slice, and apart from them those that are listed, of all slices. */
interface Known {
  index: LineIndex;
  listed: LineIndex;
  /** Which ones are listed, from 0, in ascending order. */
  lines: Uint32Array;
}

/** Where a line of the later export stands in the earlier one. A line that stands in both indexes is met in the first. */
const kindOf = ({ index, listed }: Known, words: Uint32Array, at = 0): 'added' | 'listed' | undefined =>
  index.meet(words, at) ? undefined : listed.meet(words, at) ? 'listed' : 'added';

/** The first slice while the lines are hashed, which the hashes alone do for the others. @returns the lines not met */
async function* compareFirst(
  known: Known,
  handle: FileHandle,
  key: Buffer,
  store: ExportStore,
  earlier: ExportedTable,
  later: ExportedTable,
  slices: number,
  signal?: AbortSignal,
): AsyncGenerator<{ kind: LineKind; records: StoredRecord[] }, Uint32Array> {
  await loadSlice(known, handle, earlier.table.rows, 0, slices);
  const writer = await HashWriter.create(store, later, key);
  const { words } = writer.hasher;
  try {
    for await (const { text, firstLine, delimiter, quote } of store.readLines(later.reference, later.table, signal)) {
      const found = { added: [] as StoredRecord[], listed: [] as StoredRecord[] };
      let line = firstLine;
      eachLine(text, (begin, end) => {
        writer.add(text, begin, end);
        const kind = (words[1] ?? 0) % slices === 0 ? kindOf(known, words) : undefined;
        if (kind !== undefined)
          found[kind].push(...splitPlain(text.toString('utf8', begin, end + 1), line, delimiter, quote));
        line++;
      });
      await writer.flush();
      yield* inBatches('added', found.added);
      yield* inBatches('listed', found.listed);
    }
    await writer.close();
  } finally {
    await writer.abandon();
  }
  return known.index.missed();
}

/** The lines of one slice that the earlier export does not have, or that are listed in it, by the hashes of an export. */
async function unknownTo(
  known: Known,
  key: Buffer,
  store: ExportStore,
  { reference, table }: ExportedTable,
  slice: number,
  slices: number,
): Promise<{ added: Uint32Array; listed: Uint32Array }> {
  const found = { added: [] as number[], listed: [] as number[] };
  const handle = await open(store.hashPath(reference, table.table), 'r');
  try {
    const theirs = Buffer.alloc(keyBytes);
    await handle.read(theirs, 0, keyBytes, 0);
    // another attempt of the same sync may have written the file again with other hashes, by which every line would differ
    if (!theirs.equals(key)) throw new Error('the hashes of the export are those of another attempt');
    for await (const { words, line } of hashesOf(handle, table.rows))
      for (let at = 0; at < words.length; at += 4) {
        const kind = (words[at + 1] ?? 0) % slices === slice ? kindOf(known, words, at) : undefined;
        if (kind !== undefined) found[kind].push(line + at / 4);
      }
  } finally {
    await handle.close();
  }
  return { added: Uint32Array.from(found.added), listed: Uint32Array.from(found.listed) };
}

/** The hashes of an export in order, some at a time; `line` counts from 0. The words are good until the next ones. */
async function* hashesOf(handle: FileHandle, rows: number): AsyncGenerator<{ words: Uint32Array; line: number }> {
  const chunk = new Uint32Array(4 * 65_536);
  for (let line = 0; line < rows;) {
    const lines = Math.min(65_536, rows - line);
    await handle.read(Buffer.from(chunk.buffer), 0, lines * hashBytes, keyBytes + line * hashBytes);
    yield { words: chunk.subarray(0, 4 * lines), line };
    line += lines;
  }
}

function* inBatches<Kind extends string>(
  kind: Kind,
  records: StoredRecord[],
): Generator<{ kind: Kind; records: StoredRecord[] }> {
  for (let at = 0; at < records.length; at += batchRows) yield { kind, records: records.slice(at, at + batchRows) };
}

/** Fills the index with the hashes of one slice, and with the first slice that of all listed lines. */
async function loadSlice(
  { index, listed, lines }: Known,
  handle: FileHandle,
  rows: number,
  slice: number,
  slices: number,
): Promise<void> {
  index.clear();
  let next = 0;
  for await (const { words, line } of hashesOf(handle, rows))
    for (let at = 0; at < words.length; at += 4) {
      const ordinal = line + at / 4;
      if (ordinal === lines[next]) {
        next++;
        if (slice === 0) listed.add(words, at, ordinal);
      } else if ((words[at + 1] ?? 0) % slices === slice) index.add(words, at, ordinal);
    }
}

function merged(lists: Uint32Array[]): Uint32Array {
  const [only] = lists;
  if (lists.length === 1 && only) return only;
  const all = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all.sort();
}

/** The records at some places of an export, counted from 0, in ascending order. */
async function* recordsAt<Kind extends string>(
  kind: Kind,
  store: ExportStore,
  { reference, table }: ExportedTable,
  places: Uint32Array,
  signal?: AbortSignal,
): AsyncGenerator<{ kind: Kind; records: StoredRecord[] }> {
  if (places.length === 0) return;
  let next = 0;
  let place = 0;
  for await (const { text, firstLine, delimiter, quote } of store.readLines(reference, table, signal)) {
    if (next >= places.length) return;
    const records: StoredRecord[] = [];
    let line = firstLine;
    eachLine(text, (begin, end) => {
      if (place === places[next]) {
        records.push(...splitPlain(text.toString('utf8', begin, end + 1), line, delimiter, quote));
        next++;
      }
      place++;
      line++;
    });
    yield* inBatches(kind, records);
  }
}

/** Calls the function with the position of the beginning and of the LF of each line. */
function eachLine(text: Buffer, take: (begin: number, end: number) => void): void {
  for (let begin = 0; begin < text.length;) {
    const end = text.indexOf(0x0a, begin);
    take(begin, end);
    begin = end + 1;
  }
}

/** Writes hashes in the order of the lines, behind the key. */
class HashWriter {
  readonly hasher: LineHasher;
  readonly #file: WholeFile;
  #words: Uint32Array = new Uint32Array(4 * 4096);
  #count = 0;
  #closed = false;

  private constructor(file: WholeFile, key: Buffer) {
    this.#file = file;
    this.hasher = new LineHasher(key);
  }

  static async create(store: ExportStore, { reference, table }: ExportedTable, key: Buffer): Promise<HashWriter> {
    const file = await WholeFile.create(store.hashPath(reference, table.table));
    await file.write(key);
    return new HashWriter(file, key);
  }

  add(text: Buffer, begin: number, end: number): void {
    this.hasher.hash(text, begin, end);
    if (this.#count + 4 > this.#words.length) {
      const longer = new Uint32Array(this.#words.length * 2);
      longer.set(this.#words);
      this.#words = longer;
    }
    copyHash(this.hasher.words, 0, this.#words, this.#count);
    this.#count += 4;
  }

  /** Writes the buffer once it is large enough. */
  async flush(): Promise<void> {
    if (this.#count >= fewestWords) await this.#write();
  }

  async #write(): Promise<void> {
    await this.#file.write(Buffer.from(this.#words.buffer, 0, this.#count * 4));
    this.#count = 0;
  }

  async close(): Promise<void> {
    await this.#write();
    await this.#file.finish();
    this.#closed = true;
  }

  /** Removes the file, unless it was closed: the reader may stop early. */
  async abandon(): Promise<void> {
    if (!this.#closed) await this.#file.abandon();
  }
}
