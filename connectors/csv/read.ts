import { createHash } from 'node:crypto';
import { stat, type FileHandle } from 'node:fs/promises';
import { parse, type CsvError, type InfoRecord, type Parser } from 'csv-parse';
import type { RecordFault, SourceRecord } from '../package.ts';
import { SyncError } from '../../domain/errors.ts';
import { chooseDecoder } from './decode.ts';
import type { CsvSettings } from './settings.ts';

const mebibyte = 1 << 20;
export const maximumColumns = 2000;
const batchRows = 2000;
/** What an unclosed quote may swallow before the file is refused: bounds memory. */
const maximumRecord = 32 * mebibyte;

export type ReadEvent =
  | { kind: 'header'; columns: string[] }
  | { kind: 'records'; records: SourceRecord[] }
  | { kind: 'end'; certified: boolean; reason?: string; sha256: string; bytes: number };

interface Parsed {
  record: string[];
  info: InfoRecord;
}

/** One strict streaming pass over an open file: hash, decode, parse, check; closes nothing. Records come in file order. */
export async function* readCsv(
  handle: FileHandle,
  path: string,
  table: string,
  settings: CsvSettings,
  signal?: AbortSignal,
): AsyncGenerator<ReadEvent> {
  const before = await handle.stat({ bigint: true });
  if (before.size === 0n) throw empty(table);
  const hash = createHash('sha256');
  const reader = new StrictParser(table, settings);
  let bytes = 0;
  let decoder: ReturnType<typeof chooseDecoder> | undefined;
  let last: Buffer = Buffer.alloc(0);
  // the first chunk is large enough for any byte order mark and the look at UTF-16
  for await (const chunk of handle.createReadStream({
    autoClose: false,
    start: 0,
    highWaterMark: 256 * 1024,
  }) as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    hash.update(chunk);
    bytes += chunk.length;
    let fresh = chunk;
    if (!decoder) {
      decoder = chooseDecoder(chunk, settings.encoding, table);
      fresh = chunk.subarray(decoder.skip);
    }
    const text = decoder.decoder.decode(fresh);
    if (text.length > 0) last = text;
    yield* reader.take(text);
  }
  const rest = decoder?.decoder.end();
  if (rest && rest.length > 0) {
    last = rest;
    yield* reader.take(rest);
  }
  const finalByte = last.at(-1);
  const finalNewline = finalByte === 0x0a || finalByte === 0x0d;
  yield* reader.end(finalNewline);
  await refuseChange(handle, path, table, before);
  const proven = finalNewline || settings.finalNewline === 'optional';
  yield {
    kind: 'end',
    certified: proven,
    ...(proven ? {} : { reason: 'The last line has no line break: the file may have been cut short.' }),
    sha256: hash.digest('hex'),
    bytes,
  };
}

async function refuseChange(
  handle: FileHandle,
  path: string,
  table: string,
  before: Awaited<ReturnType<typeof bigStat>>,
): Promise<void> {
  const after = await handle.stat({ bigint: true });
  let named;
  try {
    named = await bigStat(path);
  } catch (cause) {
    throw changed(table, cause);
  }
  for (const now of [after, named])
    if (
      now.dev !== before.dev ||
      now.ino !== before.ino ||
      now.size !== before.size ||
      now.mtimeNs !== before.mtimeNs ||
      now.ctimeNs !== before.ctimeNs
    )
      throw changed(table);
}

const bigStat = (path: string) => stat(path, { bigint: true });

export function changed(table: string, cause?: unknown): SyncError {
  return new SyncError(
    'changed-during-read',
    `${table} was changed or replaced while it was read. Write files under another name and rename them when they are whole, then start the sync again.`,
    { table },
    { cause },
  );
}

const empty = (table: string) =>
  new SyncError(
    'empty-file',
    `${table} is empty: it has not even a header. An export that failed often leaves such a file.`,
    { table },
  );

/** csv-parse, with what it lets pass made strict, and single broken rows told apart from a broken file. */
class StrictParser {
  readonly #table: string;
  readonly #settings: CsvSettings;
  readonly #parser: Parser;
  #columns: string[] | undefined;
  #records: SourceRecord[] = [];
  #failure: SyncError | undefined;
  #endLine = 0;
  #emptyLines = 0;
  #lastLength = 0;
  #lastShort = false;

  constructor(table: string, settings: CsvSettings) {
    this.#table = table;
    this.#settings = settings;
    this.#parser = parse({
      delimiter: settings.delimiter,
      quote: settings.quote,
      escape: settings.quote,
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      relax_column_count: true,
      skip_records_with_error: true,
      max_record_size: maximumRecord,
      info: true,
      on_skip: (error) => {
        this.#skip(error);
        return undefined;
      },
    });
    this.#parser.on('error', (error) => {
      this.#failure ??= new SyncError('internal', 'The CSV parser stopped.', { table }, { cause: error });
    });
  }

  async *take(text: Buffer): AsyncGenerator<ReadEvent> {
    await new Promise<void>((resolve) => {
      this.#parser.write(text, () => {
        resolve();
      });
      this.#drain();
    });
    this.#drain();
    yield* this.#events(batchRows);
  }

  async *end(finalNewline: boolean): AsyncGenerator<ReadEvent> {
    await new Promise<void>((resolve) => {
      this.#parser.once('end', resolve);
      this.#parser.once('error', () => {
        resolve();
      });
      this.#parser.end();
      this.#drain();
      this.#parser.on('readable', () => {
        this.#drain();
      });
    });
    if (this.#failure) throw this.#failure;
    if (!this.#columns) throw empty(this.#table);
    if (!finalNewline && this.#lastShort)
      throw new SyncError(
        'truncated',
        `${this.#table} ends in the middle of line ${String(this.#endLine)}: it has ${String(this.#lastLength)} of ${String(this.#columns.length)} fields and no line break. The file was cut short; export it again.`,
        { table: this.#table, line: this.#endLine },
      );
    yield* this.#events(1);
  }

  *#events(least: number): Generator<ReadEvent> {
    if (this.#failure) throw this.#failure;
    if (this.#columns && !this.#told) {
      this.#told = true;
      yield { kind: 'header', columns: this.#columns };
    }
    if (this.#records.length >= least) {
      const records = this.#records;
      this.#records = [];
      yield { kind: 'records', records };
    }
  }
  #told = false;

  #drain(): void {
    for (;;) {
      const next = this.#parser.read() as Parsed | null;
      if (next === null) return;
      this.#accept(next);
    }
  }

  #accept({ record, info }: Parsed): void {
    if (this.#failure) return;
    this.#endLine = info.lines;
    this.#emptyLines = info.empty_lines;
    if (!this.#columns) {
      this.#failure = this.#findHeaderFault(record);
      this.#columns = record;
      return;
    }
    const line = info.lines - lineBreaks(record);
    this.#lastLength = record.length;
    this.#lastShort = record.length < this.#columns.length;
    const fault = this.#fault(record);
    if (fault?.code === 'row-shape') this.#records.push({ line, cells: [], fault });
    else if (fault) this.#records.push({ line, cells: record.map((cell) => (isBad(cell) ? '' : cell)), fault });
    else this.#records.push({ line, cells: record });
  }

  #fault(record: string[]): RecordFault | undefined {
    const columns = this.#columns ?? [];
    if (record.length !== columns.length)
      return {
        code: 'row-shape',
        message: `The row has ${String(record.length)} fields, the header has ${String(columns.length)}.`,
      };
    for (let i = 0; i < record.length; i++) {
      const cell = record[i] ?? '';
      const column = columns[i] ?? '';
      if (cell.length > mebibyte / 4 && Buffer.byteLength(cell) > mebibyte)
        return { code: 'field-too-long', column, message: `The field of column ${column} is longer than 1 MiB.` };
      if (cell.includes('\0'))
        return {
          code: 'invalid-character',
          column,
          message: `The field of column ${column} has a NUL or half of a surrogate pair, which no database text can hold.`,
        };
    }
    return undefined;
  }

  #skip(error: CsvError | undefined): void {
    if (!error || this.#failure) return;
    // records parsed before this one are still in the stream's buffer
    this.#drain();
    const at = error as CsvError & { lines?: number; empty_lines?: number };
    const opened = this.#endLine + 1 + ((at.empty_lines ?? 0) - this.#emptyLines);
    const place = { table: this.#table, line: opened };
    switch (error.code as string) {
      case 'CSV_QUOTE_NOT_CLOSED':
      case 'CSV_MAX_RECORD_SIZE':
        this.#failure = new SyncError(
          'unclosed-quote',
          `${this.#table}: a quote that opens in line ${String(opened)} is never closed. Close it, or double quotes inside a quoted field.`,
          place,
        );
        return;
      case 'CSV_INVALID_CLOSING_QUOTE':
        // what follows would be swallowed up to the next quote: rows would be lost without a word
        this.#failure = new SyncError(
          'unclosed-quote',
          `${this.#table}: a quoted field in line ${String(at.lines ?? opened)} goes on behind its closing quote. Double quotes inside a quoted field.`,
          { table: this.#table, line: at.lines ?? opened },
        );
        return;
      default: {
        const line = at.lines ?? opened;
        this.#endLine = line;
        this.#lastShort = false;
        if (!this.#columns) {
          this.#failure = new SyncError(
            'unclosed-quote',
            `${this.#table}: the header has a quote inside an unquoted name.`,
            { table: this.#table, line },
          );
          return;
        }
        this.#records.push({
          line,
          cells: [],
          fault: { code: 'row-shape', message: 'The row has a quote inside a field that is not quoted.' },
        });
      }
    }
  }

  #findHeaderFault(names: string[]): SyncError | undefined {
    const table = this.#table;
    const place = { table, line: 1 };
    if (names.length > maximumColumns)
      return new SyncError(
        'too-many-columns',
        `${table} has ${String(names.length)} columns; ${String(maximumColumns)} are the limit.`,
        place,
      );
    const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
    if (twice !== undefined)
      return new SyncError(
        'duplicate-header',
        `${table} has the column ${JSON.stringify(twice)} twice. Rename or remove one.`,
        { ...place, column: twice },
      );
    const only = names.length === 1 ? (names[0] ?? '') : '';
    const other = [';', '\t', '|', ','].find((each) => each !== this.#settings.delimiter && only.includes(each));
    if (other !== undefined)
      return new SyncError(
        'wrong-delimiter',
        `${table} has one column by the delimiter ${JSON.stringify(this.#settings.delimiter)}; its header looks separated by ${JSON.stringify(other)}. Correct the setting delimiter.`,
        place,
      );
    if (names.some((name) => name.includes('\0')))
      return new SyncError('encoding', `The header of ${table} has NUL characters. Is it another encoding?`, {
        ...place,
        offset: 0,
      });
    return undefined;
  }
}

const isBad = (cell: string) =>
  cell.includes('\0') || (cell.length > mebibyte / 4 && Buffer.byteLength(cell) > mebibyte);

function lineBreaks(record: string[]): number {
  let count = 0;
  for (const cell of record) {
    if (!cell.includes('\n') && !cell.includes('\r')) continue;
    count += cell.split(/\r\n|\n|\r/).length - 1;
  }
  return count;
}
