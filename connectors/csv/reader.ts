import { parse } from 'csv-parse/sync';
import { findHeaderFault, refuseEndless } from './header.ts';
import { scanPlain } from './plain-lines.ts';
import type { CsvSettings } from './settings.ts';
import { StrictParser, type ParsedEvent } from './strict-parser.ts';

export type ReaderEvent =
  | ParsedEvent
  /** Plain lines, unchanged, with LF at their ends. `firstLine` is the number of the first one in the file. */
  | { kind: 'lines'; text: Buffer; rows: number; firstLine: number };

const lineFeed = 0x0a;
const longestHeader = 1 << 20;

/**
 * Passes plain lines on unchanged. From the first line that is not plain to the end of the file, the parser reads
 * everything, so only the parser judges unusual lines.
 */
export class Reader {
  readonly #table: string;
  readonly #settings: CsvSettings;
  readonly #delimiter: number;
  readonly #quote: number;
  #columns: string[] | undefined;
  #lines = 0;
  #pending: Buffer = Buffer.alloc(0);
  #parser: StrictParser | undefined;

  constructor(table: string, settings: CsvSettings) {
    this.#table = table;
    this.#settings = settings;
    this.#delimiter = settings.delimiter.charCodeAt(0);
    this.#quote = settings.quote.charCodeAt(0);
    // a separator of several bytes cannot be found byte by byte
    if (this.#delimiter > 0x7f || this.#quote > 0x7f) this.#parser = new StrictParser(table, settings);
  }

  async *take(text: Buffer): AsyncGenerator<ReaderEvent> {
    if (this.#parser) {
      yield* this.#parser.take(text);
      return;
    }
    this.#pending = this.#pending.length === 0 ? text : Buffer.concat([this.#pending, text]);
    if (!this.#columns) {
      this.#columns = this.#plainHeader();
      if (!this.#columns) {
        if (this.#pending.length > longestHeader)
          refuseEndless(this.#table, this.#pending, this.#delimiter, this.#quote);
        if (this.#pending.length > longestHeader || this.#pending.includes(lineFeed)) yield* this.#parseRest();
        return;
      }
      yield { kind: 'header', columns: this.#columns };
    }
    const run = scanPlain(this.#pending, this.#columns.length, this.#delimiter, this.#quote);
    if (run.rows > 0) {
      const lines = this.#pending.subarray(0, run.end);
      const firstLine = this.#lines + 1;
      this.#pending = this.#pending.subarray(run.end);
      this.#lines += run.rows;
      yield { kind: 'lines', text: run.crlf ? withoutReturns(lines) : lines, rows: run.rows, firstLine };
    }
    if (run.irregular) yield* this.#parseRest();
  }

  async *end(finalNewline: boolean): AsyncGenerator<ReaderEvent> {
    if (!this.#parser && this.#columns && this.#pending.length === 0) return;
    if (!this.#parser) yield* this.#parseRest();
    if (this.#parser) yield* this.#parser.end(finalNewline);
  }

  async *#parseRest(): AsyncGenerator<ReaderEvent> {
    const from = this.#columns && { columns: this.#columns, lines: this.#lines };
    this.#parser = new StrictParser(this.#table, this.#settings, from);
    const rest = this.#pending;
    this.#pending = Buffer.alloc(0);
    if (rest.length > 0) yield* this.#parser.take(rest);
  }

  /** The columns, if the header takes exactly one line. */
  #plainHeader(): string[] | undefined {
    const end = this.#pending.indexOf(lineFeed) + 1;
    if (end === 0 || end > longestHeader) return undefined;
    const line = this.#pending.subarray(0, end);
    let names: string[][];
    try {
      const { delimiter, quote } = this.#settings;
      const options = { delimiter, quote, escape: quote, record_delimiter: ['\r\n', '\n', '\r'] };
      names = parse(line, options);
    } catch {
      return undefined;
    }
    const [columns] = names;
    // a blank line is not the header yet
    if (names.length !== 1 || !columns || columns.join('') === '') return undefined;
    const fault = findHeaderFault(this.#table, this.#settings.delimiter, columns);
    if (fault) throw fault;
    this.#pending = this.#pending.subarray(end);
    this.#lines = 1;
    return columns;
  }
}

/** CR LF becomes LF; plain lines have CR nowhere else. */
const withoutReturns = (lines: Buffer) => Buffer.from(lines.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
