import type { EncodedRecords } from '../domain/encoded-records.ts';
import { formatEncoded, longestRecord } from './structured-format.ts';

/** Bytes that are handed to the file at once. */
const blockBytes = 1 << 20;
/** Around a record: brackets, a number, a comma and the end of the line. */
const around = 24;

/** Lines of encoded records with their numbers, as `formatStructured` would write them, gathered for one write. */
export class EncodedBlock {
  #bytes = Buffer.allocUnsafe(blockBytes + (64 << 10));
  #at = 0;

  get isFull(): boolean {
    return this.#at >= blockBytes;
  }

  get isEmpty(): boolean {
    return this.#at === 0;
  }

  /**
   * Adds records until the block is full.
   * @param from the first record to add
   * @param line its number
   * @returns the first record that was not added
   */
  add({ bytes, ends }: EncodedRecords, from: number, line: number): number {
    let record = from;
    let begin = ends[record - 1] ?? 0;
    for (; record < ends.length && !this.isFull; record++) {
      const end = ends[record] ?? begin;
      this.#room(end - begin + around);
      if (end - begin + around > longestRecord) this.#long(bytes.toString('utf8', begin, end), line + record - from);
      else this.#line(bytes, begin, end, line + record - from);
      begin = end;
    }
    return record;
  }

  /** The lines so far, good until more is added. */
  take(): Buffer {
    const lines = this.#bytes.subarray(0, this.#at);
    this.#at = 0;
    return lines;
  }

  #line(from: Buffer, begin: number, end: number, line: number): void {
    const to = this.#bytes;
    to[this.#at++] = 0x5b;
    this.#number(line);
    to[this.#at++] = 0x2c;
    this.#at += from.copy(to, this.#at, begin, end);
    to[this.#at++] = 0x5d;
    to[this.#at++] = 0x0a;
  }

  #number(value: number): void {
    let digits = 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
    let rest = value;
    for (let at = this.#at + digits - 1; at >= this.#at; at--) {
      this.#bytes[at] = 0x30 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    this.#at += digits;
  }

  #long(encoded: string, line: number): void {
    this.#at += this.#bytes.write(formatEncoded(encoded, line), this.#at);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(this.#at + bytes);
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
