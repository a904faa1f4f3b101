import { SyncError } from '../../domain/errors.ts';
import type { RecordFault } from '../package.ts';
import { broken, type Archive } from '../archive.ts';
import { columnOf, findMerges, type Merges, type MergesInRow } from './merges.ts';
import { showNumber } from './number-format.ts';
import { RichText, unescape, type Workbook } from './workbook.ts';
import { attribute, readXml } from './xml.ts';

/** A row of the sheet: its number, and texts by the number of their column, from 0. */
export interface SheetRow {
  number: number;
  cells: Map<number, SheetCell>;
  /** Merges that it has a part in. */
  merges?: MergesInRow | undefined;
}

export interface SheetCell {
  text: string;
  fault?: Pick<RecordFault, 'code'> & { what: string };
}

const maximumColumn = 16_384;

/** A cell whose end has not come yet. */
interface OpenCell {
  type: string;
  style: number;
  formula: boolean;
  value: string | undefined;
}

/** The rows of a sheet in their order, some at a time. A cell under a merge is empty, whatever is stored there. */
export async function* readSheet(
  archive: Archive,
  file: string,
  part: string,
  workbook: Workbook,
): AsyncGenerator<SheetRow[]> {
  const merges = await findMerges(archive, file, part);
  const listener = new SheetListener(file, part, workbook, merges);
  const pieces = readXml(archive.open(part), file, part, listener);
  try {
    while ((await pieces.next()).done !== true) {
      const { rows } = listener;
      listener.rows = [];
      if (rows.length > 0) yield rows;
    }
  } finally {
    await pieces.return(undefined);
  }
  if (!listener.ended) throw broken(file, `the part ${part} has no end of its rows`);
}

class SheetListener {
  rows: SheetRow[] = [];
  ended = false;
  readonly #file: string;
  readonly #part: string;
  readonly #workbook: Workbook;
  readonly #merges: Merges;
  readonly #rich = new RichText();
  #row: SheetRow = { number: 0, cells: new Map() };
  #inData = false;
  #column = -1;
  #cell: OpenCell | undefined;
  #inValue = false;

  constructor(file: string, part: string, workbook: Workbook, merges: Merges) {
    this.#file = file;
    this.#part = part;
    this.#workbook = workbook;
    this.#merges = merges;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'sheetData') this.#inData = true;
    if (!this.#inData) return;
    if (name === 'row') {
      const number = Number(attribute(attributes, 'r') ?? this.#row.number + 1);
      if (!Number.isInteger(number) || number <= this.#row.number)
        throw broken(this.#file, `the rows of the part ${this.#part} are not in their order`);
      this.#row = { number, cells: new Map(), merges: this.#merges.inRow(number) };
      this.#column = -1;
    } else if (name === 'c') {
      const place = attribute(attributes, 'r');
      this.#column = place === undefined ? this.#column + 1 : columnOf(place);
      if (this.#column < 0 || this.#column >= maximumColumn)
        throw broken(this.#file, `a cell of the part ${this.#part} has no place`);
      this.#cell = {
        type: attribute(attributes, 't') ?? 'n',
        style: Number(attribute(attributes, 's') ?? -1),
        formula: false,
        value: undefined,
      };
      this.#rich.begin();
    } else if (this.#cell && name === 'f') this.#cell.formula = true;
    else if (this.#cell && name === 'v') {
      this.#inValue = true;
      this.#cell.value = '';
    } else this.#rich.open(name);
  }

  text(text: string): void {
    if (!this.#cell) return;
    if (this.#inValue) this.#cell.value = (this.#cell.value ?? '') + text;
    else this.#rich.add(text);
  }

  close(name: string): void {
    if (name === 'sheetData') {
      this.#inData = false;
      this.ended = true;
    } else if (name === 'row' && this.#inData) this.rows.push(this.#row);
    else if (name === 'v') this.#inValue = false;
    else if (name === 'c' && this.#cell) {
      const cell = this.#read(this.#cell);
      if ((cell.text !== '' || cell.fault) && !this.#row.merges?.covers(this.#column)) {
        this.#row.cells.set(this.#column, cell);
        this.#row.merges?.found(this.#column);
      }
      this.#cell = undefined;
    } else this.#rich.close(name);
  }

  #read({ type, style, formula, value }: OpenCell): SheetCell {
    if (type === 'inlineStr') return { text: this.#rich.value };
    if (value === undefined)
      return formula ? faulty('cell-uncalculated', 'has a formula whose value nobody has calculated') : { text: '' };
    switch (type) {
      case 's': {
        const text = this.#workbook.strings[Number(value)];
        if (text === undefined) throw broken(this.#file, `a text of the part ${this.#part} is missing`);
        return { text };
      }
      case 'str':
        return { text: unescape(value) };
      case 'b':
        return { text: value.trim() === '1' || value.trim() === 'true' ? 'true' : 'false' };
      case 'e':
        return faulty('cell-error', 'has an error in place of a value');
      case 'd':
        // a moment as text: midnight of a date is the date
        return { text: this.#format(style).kind === 'date' ? value.slice(0, 10) : value };
      default: {
        if (value.trim() === '') return { text: '' };
        const text = showNumber(value, this.#format(style), this.#workbook.from1904);
        return text === undefined ? faulty('cell-error', 'has a number that is no date') : { text };
      }
    }
  }

  #format(style: number) {
    return this.#workbook.formats[style] ?? ({ kind: 'number' } as const);
  }
}

const faulty = (code: RecordFault['code'], what: string): SheetCell => ({ text: '', fault: { code, what } });

export const missingSheet = (file: string, names: readonly string[], wanted: string | undefined): SyncError =>
  new SyncError(
    'missing-table',
    wanted === undefined
      ? `${file} has ${String(names.length)} sheets. Say which one: ${names.map((name) => `${file}#${name}`).join(', ')}.`
      : `${file} has no sheet ${wanted}. It has: ${names.join(', ')}.`,
    { table: wanted === undefined ? file : `${file}#${wanted}` },
  );
