import { SyncError } from '../../domain/errors.ts';
import type { Cell } from '../../domain/cell.ts';
import type { StructuredRecord, WantedColumns } from '../package.ts';
import type { Report } from './settings.ts';

/** Today in a zone, as `yyyy-MM-dd`. */
export const todayIn = (zone: string, now = new Date()): string =>
  // the Canadian form is that of ISO 8601
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);

/**
 * Of the rows with one key, keeps the latest whose date is not after today. Rows that cannot be read, or have no key, are kept as they
 * are: their errors are reported. Two rows of one key with the same date are kept, too, so that they are reported as duplicates.
 */
export class Effective {
  readonly #column: number;
  readonly #key: number[];
  readonly #today: string;
  readonly #table: string;
  readonly #latest = new Map<string, { date: string; records: StructuredRecord[] }>();
  readonly #others: StructuredRecord[] = [];
  /** Rows that do not count, so far. */
  leftOut = 0;

  /** @throws SyncError `missing-column`, or `configuration` if nobody says what the key is */
  constructor(
    { column, zone, key }: NonNullable<Report['effective']>,
    table: string,
    columns: readonly string[],
    wanted: WantedColumns | undefined,
  ) {
    const names = key ?? (wanted && wanted.key.length > 0 ? wanted.key : undefined);
    if (!names)
      throw new SyncError('configuration', `The table ${table} has effective, but no key. Set effective.key.`, {
        table,
      });
    const at = (name: string) => {
      const found = columns.indexOf(name);
      if (found === -1)
        throw new SyncError('missing-column', `The report has no column ${name}.`, { table, column: name });
      return found;
    };
    this.#column = at(column);
    this.#key = names.map(at);
    this.#today = todayIn(zone);
    this.#table = table;
  }

  /** @throws SyncError `bad-body` if a date has another form */
  add(record: StructuredRecord): void {
    const key = this.#key.map((at) => record.cells[at] ?? '');
    if (record.fault || key.every((cell) => cell === '')) {
      this.#others.push(record);
      return;
    }
    const date = this.#dateOf(record.cells[this.#column] ?? '', record.position);
    if (date > this.#today) {
      this.leftOut++;
      return;
    }
    const text = JSON.stringify(key);
    const before = this.#latest.get(text);
    if (before && date === before.date) before.records.push(record);
    else if (before && date < before.date) this.leftOut++;
    else {
      this.leftOut += before?.records.length ?? 0;
      this.#latest.set(text, { date, records: [record] });
    }
  }

  records(): StructuredRecord[] {
    return [...this.#others, ...[...this.#latest.values()].flatMap(({ records }) => records)];
  }

  #dateOf(cell: Cell, position: string | undefined): string {
    // a row without a date always counted
    if (cell === '') return '';
    const [date] = typeof cell === 'string' ? (/^\d{4}-\d{2}-\d{2}(?=$|T|-\d{2}:|[+-]\d{2}:|Z)/.exec(cell) ?? []) : [];
    if (date !== undefined) return date;
    throw new SyncError(
      'bad-body',
      `A date of effective is not written as yyyy-MM-dd${position === undefined ? '' : ` (${position})`}. Change the format in the report.`,
      { table: this.#table },
    );
  }
}
