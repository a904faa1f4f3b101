import { parse, type CsvError, type InfoRecord, type Parser } from 'csv-parse';
import type { RecordFault, SourceRecord } from '../package.ts';
import { SyncError } from '../../domain/errors.ts';
import { empty, findHeaderFault } from './header.ts';
import type { CsvSettings } from './settings.ts';

const mebibyte = 1 << 20;
const batchRows = 2000;
/** The most bytes in an unclosed quote before the file is refused. This bounds memory. */
const maximumRecord = 32 * mebibyte;

export type ParsedEvent = { kind: 'header'; columns: string[] } | { kind: 'records'; records: SourceRecord[] };

interface Parsed {
  record: string[];
  info: InfoRecord;
}

/** csv-parse with stricter rules. It distinguishes single broken rows from a broken file. */
export class StrictParser {
  readonly #table: string;
  readonly #settings: CsvSettings;
  readonly #parser: Parser;
  #columns: string[] | undefined;
  #records: SourceRecord[] = [];
  #failure: SyncError | undefined;
  /** Number of lines of the file before the first line that this parser reads. */
  readonly #linesBefore: number;
  #endLine: number;
  #emptyLines = 0;
  /** Line of the last row that was skipped: each of its stray quotes is reported. */
  #skippedLine = 0;
  #lastLength = 0;
  #lastShort = false;
  #told: boolean;

  /** @param from where a header and lines behind it have been read already: its columns, and how many lines that was */
  constructor(table: string, settings: CsvSettings, from?: { columns: string[]; lines: number }) {
    this.#table = table;
    this.#settings = settings;
    this.#columns = from?.columns;
    this.#told = from !== undefined;
    this.#linesBefore = from?.lines ?? 0;
    this.#endLine = this.#linesBefore;
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

  async *take(text: Buffer): AsyncGenerator<ParsedEvent> {
    await new Promise<void>((resolve) => {
      this.#parser.write(text, () => {
        resolve();
      });
      this.#drain();
    });
    this.#drain();
    yield* this.#events(batchRows);
  }

  async *end(finalNewline: boolean): AsyncGenerator<ParsedEvent> {
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
    const last = this.#records.at(-1);
    if (!finalNewline && this.#settings.finalNewline === 'required' && last && !last.fault)
      last.fault = {
        code: 'unfinished-line',
        message:
          'The last line has no line break at its end, so it may have been cut short. It is not used; what is stored under its key stays.',
      };
    yield* this.#events(1);
  }

  *#events(least: number): Generator<ParsedEvent> {
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

  #drain(): void {
    for (;;) {
      const next = this.#parser.read() as Parsed | null;
      if (next === null) return;
      this.#accept(next);
    }
  }

  #accept({ record, info }: Parsed): void {
    if (this.#failure) return;
    this.#endLine = this.#linesBefore + info.lines;
    this.#emptyLines = info.empty_lines;
    if (!this.#columns) {
      this.#failure = findHeaderFault(this.#table, this.#settings.delimiter, record);
      this.#columns = record;
      return;
    }
    const line = this.#endLine - lineBreaks(record);
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
          message: `The field of column ${column} has a NUL or half of a surrogate pair, which Postgres cannot store.`,
        };
    }
    return undefined;
  }

  #skip(error: CsvError | undefined): void {
    if (!error) return;
    // earlier records are still in the buffer of the stream, and their faults are reported first
    this.#drain();
    if (this.#failure) return;
    const at = error as CsvError & { lines?: number; empty_lines?: number };
    const opened = this.#endLine + 1 + ((at.empty_lines ?? 0) - this.#emptyLines);
    const place = { table: this.#table, line: opened };
    const line = at.lines === undefined ? opened : this.#linesBefore + at.lines;
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
        if (blankBehindQuote.test(error.message)) {
          // the field ends at its quote: then the next delimiter is one again, and no more than this row is lost
          stateOf(this.#parser).quoting = false;
          this.#skipRow(line, 'The row has a blank between a closing quote and the next delimiter.');
          return;
        }
        // the parser would take everything up to the next quote as one field, and rows would be lost silently
        this.#failure = new SyncError(
          'unclosed-quote',
          `${this.#table}: a quoted field in line ${String(line)} has text after its closing quote. Double quotes inside a quoted field.`,
          { table: this.#table, line },
        );
        return;
      default: {
        if (!this.#columns) {
          this.#failure = new SyncError(
            'unclosed-quote',
            `${this.#table}: the header has a quote inside an unquoted name.`,
            { table: this.#table, line },
          );
          return;
        }
        this.#skipRow(line, 'The row has a quote inside a field that is not quoted.');
      }
    }
  }

  #skipRow(line: number, message: string): void {
    this.#endLine = line;
    this.#lastShort = false;
    if (line === this.#skippedLine) return;
    this.#skippedLine = line;
    this.#records.push({ line, cells: [], fault: { code: 'row-shape', message } });
  }
}

const blankBehindQuote = /got "[ \t]"/;

/** csv-parse goes on inside the quotes after a wrong closing quote, which it has no setting against. */
const stateOf = (parser: Parser) => (parser as unknown as { api: { state: { quoting: boolean } } }).api.state;

const isBad = (cell: string) =>
  cell.includes('\0') || (cell.length > mebibyte / 4 && Buffer.byteLength(cell) > mebibyte);

/** How many line breaks the fields of a row have. */
export function lineBreaks(record: readonly string[]): number {
  let count = 0;
  for (const cell of record) {
    if (!cell.includes('\n') && !cell.includes('\r')) continue;
    count += cell.split(/\r\n|\n|\r/).length - 1;
  }
  return count;
}
