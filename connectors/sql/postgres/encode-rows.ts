import { RecordEncoder, type EncodedRecords } from '../../../domain/encoded-records.ts';
import type { Column } from '../database.ts';
import { reader } from './cells.ts';
import type { RowTaker } from './row-tap.ts';

type Write = (to: RecordEncoder, from: Buffer, start: number, end: number) => void;

const noCell = -1;

/** Makes records of the rows that the server sends. Their cells are those of `reader`. */
export class RowEncoder implements RowTaker {
  readonly #writes: readonly Write[];
  readonly #records = new RecordEncoder();
  #failure: Error | undefined;

  constructor(columns: readonly Column[]) {
    this.#writes = columns.map(writerOf);
  }

  take(content: Buffer, start: number, end: number): void {
    if (this.#failure) return;
    try {
      this.#row(content, start, end);
    } catch (error) {
      // thrown to who waits for the page, since nobody calls this but the connection
      this.#failure = error instanceof Error ? error : new Error('a row cannot be read', { cause: error });
    }
  }

  /** The rows since the last call. */
  page(): EncodedRecords {
    if (this.#failure) throw this.#failure;
    return this.#records.take();
  }

  #row(content: Buffer, start: number, end: number): void {
    const records = this.#records;
    records.beginList();
    let at = start + 2;
    for (let column = 0; at < end; column++) {
      const length = content.readInt32BE(at);
      at += 4;
      if (length === noCell) records.json('null');
      else {
        (this.#writes[column] ?? text)(records, content, at, at + length);
        at += length;
      }
    }
    records.endList();
    records.endRecord();
  }
}

const text: Write = (to, from, start, end) => {
  to.text(from, start, end);
};

/** The bytes that are cells as they come have no text in between. */
function writerOf(column: Column): Write {
  const { type, sqlType, multiValued } = column;
  const read = reader(column);
  const anything: Write = (to, from, start, end) => {
    to.cell(read(from.toString('utf8', start, end)));
  };
  if (multiValued) return anything;
  if (type === 'number')
    return (to, from, start, end) => {
      // NaN and Infinity are no numbers for anybody else
      if (isDigit(from[end - 1])) to.number(from, start, end);
      else to.text(from, start, end);
    };
  if (type === 'boolean')
    return (to, from, start, end) => {
      to.json(end - start === 1 && from[start] === isTrue ? 'true' : 'false');
    };
  const padded = sqlType.startsWith('character') && !sqlType.startsWith('character varying');
  return (type === 'string' || type === 'date' || type === 'object') && !padded ? text : anything;
}

/** `t` */
const isTrue = 0x74;
const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;
