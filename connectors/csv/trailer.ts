import { parse } from 'csv-parse/sync';
import { SyncError } from '../../domain/errors.ts';
import type { CsvSettings, Trailer } from './settings.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const longestLine = 32 << 20;

/** Takes the last line out of a text that comes a piece at a time: the trailer, which says how many rows there are. */
export class TrailerCutter {
  readonly #table: string;
  readonly #settings: CsvSettings;
  readonly #trailer: Trailer;
  #held: Buffer = Buffer.alloc(0);

  constructor(table: string, settings: CsvSettings, trailer: Trailer) {
    this.#table = table;
    this.#settings = settings;
    this.#trailer = trailer;
  }

  /** @returns what comes before the last line so far that is not blank */
  take(text: Buffer): Buffer {
    const all = this.#held.length === 0 ? text : Buffer.concat([this.#held, text]);
    let at = all.length;
    while (at > 0 && isBreak(all[at - 1])) at--;
    while (at > 0 && !isBreak(all[at - 1])) at--;
    this.#held = all.subarray(at);
    if (this.#held.length > longestLine) throw this.#missing('a line of more than 32 MiB is in its place');
    return all.subarray(0, at);
  }

  /**
   * How many rows the trailer says. To be asked at the end of the text.
   * @throws SyncError `truncated` if the last line is no trailer
   */
  count(): number {
    const line = this.#held.toString('utf8').trimEnd();
    if (!line.startsWith(this.#trailer.startsWith)) throw this.#missing('its last line is another one');
    return this.#numberIn(line);
  }

  #numberIn(line: string): number {
    const { delimiter, quote } = this.#settings;
    let fields: string[] | undefined;
    try {
      [fields] = parse(line, { delimiter, quote, escape: quote, relax_column_count: true });
    } catch {
      fields = undefined;
    }
    const text = fields?.[this.#trailer.count - 1]?.trim() ?? '';
    if (!/^\d{1,15}$/.test(text))
      throw this.#missing(`its last line has no number in field ${String(this.#trailer.count)}`);
    return Number(text);
  }

  /** @throws SyncError `count-mismatch` if there were other than so many rows */
  compare(count: number | undefined, rows: number): void {
    if (count === rows) return;
    throw new SyncError(
      'count-mismatch',
      `The trailer of ${this.#table} says ${String(count)} rows. The file has ${String(rows)}. Export it again.`,
      { table: this.#table },
    );
  }

  readonly #missing = (why: string) =>
    new SyncError(
      'truncated',
      `${this.#table} does not end with the line that settings.tables calls its trailer: ${why}. The file was cut short, or is still being written.`,
      { table: this.#table },
    );
}

const isBreak = (byte: number | undefined) => byte === lineFeed || byte === carriageReturn;
