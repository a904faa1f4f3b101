import { isUtf8 } from 'node:buffer';
import { decodeCell, encodeCell, type Cell } from './cell.ts';

/**
 * Records in the form in which they are stored, made of the bytes of a source without texts in between. Each is JSON without its
 * outer brackets: the cells as an array, and, where it has a position, null and the position.
 */
export interface EncodedRecords {
  bytes: Buffer;
  /** Where each record ends. The next one begins there. */
  ends: readonly number[];
}

/** The cells and the position of each record. */
export function decodeRecords({ bytes, ends }: EncodedRecords): { cells: Cell[]; position?: string }[] {
  return ends.map((end, i) => {
    const text = bytes.toString('utf8', ends[i - 1] ?? 0, end);
    const [cells, , position] = JSON.parse(`[${text}]`) as [unknown[], null?, string?];
    return { cells: cells.map(decodeCell), ...(position === undefined ? {} : { position }) };
  });
}

const leastBytes = 16 << 10;
/** A page that is larger than this says nothing of the next one. */
const mostBytes = 4 << 20;
/** Commas, brackets and quotes of one cell. */
const around = 32;
/** What a byte may become at most: `\u0000`. */
const escaped = 6;
/** Values from this length on are measured before room is made for them. */
const longValue = 4 << 10;
const quote = 0x22;
const backslash = 0x5c;
const hex = '0123456789abcdef';
/** The short escapes of JSON, by the byte. */
const short: ReadonlyMap<number, string> = new Map([
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [12, 'f'],
  [13, 'r'],
  [quote, '"'],
  [backslash, '\\'],
]);

/** Writes records as `EncodedRecords`, byte for byte what JSON.stringify would make of their cells. */
export class RecordEncoder {
  #bytes: Buffer;
  #at = 0;
  #ends: number[] = [];
  /** Whether the record has a cell already. */
  #begun = false;
  /** Whether there are bytes that are no ASCII. */
  #wide = false;

  constructor(bytes = leastBytes) {
    this.#bytes = Buffer.allocUnsafe(bytes);
  }

  /** Bytes so far. */
  get length(): number {
    return this.#at;
  }

  /**
   * A text of UTF-8. What is none becomes U+FFFD, as in a text of JavaScript.
   * @returns whether it is ASCII
   */
  text(from: Uint8Array, start: number, end: number): boolean {
    this.#separate(escapedLength(from, start, end));
    this.#bytes[this.#at++] = quote;
    const ascii = this.#escape(from, start, end);
    this.#bytes[this.#at++] = quote;
    return ascii;
  }

  /** A number as the source wrote it. */
  number(from: Uint8Array, start: number, end: number): void {
    this.#separate(escapedLength(from, start, end));
    this.#ascii('{"n":"');
    this.#escape(from, start, end);
    this.#ascii('"}');
  }

  /** Any cell. */
  cell(cell: Cell): void {
    this.json(JSON.stringify(encodeCell(cell)));
  }

  /** A cell as JSON that `encodeCell` gives. */
  json(text: string): void {
    // a character has three bytes at most; two of a pair have four
    this.#separate(3 * text.length);
    this.#at += this.#bytes.write(text, this.#at);
  }

  /** Begins a list of cells. */
  beginList(): void {
    this.#separate(0);
    this.#bytes[this.#at++] = 0x5b;
    this.#begun = false;
  }

  endList(): void {
    this.#bytes[this.#at++] = 0x5d;
    this.#begun = true;
  }

  /** Where people find the record. Behind its list. */
  position(position: string): void {
    this.json('null');
    this.json(JSON.stringify(position));
  }

  /** Ends a record, whose list of cells has ended. */
  endRecord(): void {
    this.#begun = false;
    this.#ends.push(this.#at);
  }

  /** The records so far. The encoder then has none. */
  take(): EncodedRecords {
    const records = { bytes: this.#bytes.subarray(0, this.#at), ends: this.#ends };
    const wide = this.#wide;
    // the next page is about as large
    this.#bytes = Buffer.allocUnsafe(Math.min(mostBytes, Math.max(leastBytes, this.#at + (this.#at >> 2))));
    this.#at = 0;
    this.#ends = [];
    this.#wide = false;
    return wide && !isUtf8(records.bytes) ? repaired(records) : records;
  }

  /** A place to come back to, in the middle of a record. */
  mark(): number {
    return this.#begun ? this.#at : -1 - this.#at;
  }

  /** Takes back what was written since a mark. */
  back(mark: number): void {
    this.#begun = mark >= 0;
    this.#at = this.#begun ? mark : -1 - mark;
  }

  /** Makes room for a cell of some bytes, and for what stands around it. */
  #separate(room: number): void {
    const needed = this.#at + room + around;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, needed));
      this.#bytes.copy(larger, 0, 0, this.#at);
      this.#bytes = larger;
    }
    if (this.#begun) this.#bytes[this.#at++] = 0x2c;
    this.#begun = true;
  }

  #escape(from: Uint8Array, start: number, end: number): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    let all = 0;
    for (let i = start; i < end; i++) {
      const byte = from[i] as number;
      all |= byte;
      if (byte >= 0x20 && byte !== quote && byte !== backslash) bytes[at++] = byte;
      else at += bytes.write(escapeOf(byte), at, 'latin1');
    }
    this.#at = at;
    if (all < 0x80) return true;
    this.#wide = true;
    return false;
  }

  #ascii(text: string): void {
    for (let i = 0; i < text.length; i++) this.#bytes[this.#at++] = text.charCodeAt(i);
  }
}

/** How many bytes a value needs at most. */
function escapedLength(from: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < longValue) return length * escaped;
  let more = 0;
  for (let i = start; i < end; i++) {
    const byte = from[i] as number;
    if (byte < 0x20 || byte === quote || byte === backslash) more += escaped - 1;
  }
  return length + more;
}

const escapeOf = (byte: number) => `\\${short.get(byte) ?? `u00${hex[byte >> 4] ?? ''}${hex[byte & 15] ?? ''}`}`;

function repaired({ bytes, ends }: EncodedRecords): EncodedRecords {
  const encoded = ends.map((end, i) => Buffer.from(bytes.toString('utf8', ends[i - 1] ?? 0, end)));
  let end = 0;
  return { bytes: Buffer.concat(encoded), ends: encoded.map(({ length }) => (end += length)) };
}
