import { characterFault } from '../storable.ts';
import { FormatError } from './value.ts';

/** One `type=value` of a distinguished name, decoded. */
export interface NamePart {
  /** As it is written. */
  type: string;
  /** Undefined if the value is written in BER and is not a text. */
  value: string | undefined;
  /** The digits of a value that is written in BER. */
  ber?: string;
}

/**
 * Reads a distinguished name (RFC 4514) as relative names, the lowest first; each has one part or several. The whole text is
 * read, so that a text that is not a name is refused, and not cut at its first comma.
 */
export function readName(text: string): NamePart[][] {
  const reader = readerOf(text);
  const name = [reader.relative()];
  while (!reader.done) {
    reader.comma();
    name.push(reader.relative());
  }
  return name;
}

/** Reads the first relative name, and gives the rest as text; undefined if nothing follows. */
export function readFirst(text: string): { first: NamePart[]; rest: string | undefined } {
  const reader = readerOf(text);
  const first = reader.relative();
  if (reader.done) return { first, rest: undefined };
  reader.comma();
  return { first, rest: reader.rest };
}

function readerOf(text: string): Reader {
  const fault = characterFault(text);
  if (fault) throw new FormatError(fault.message, fault.code);
  return new Reader(text);
}

export const notAName = () => new FormatError('is not a distinguished name');

const type = /\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)\s*=/y;
const hexString = /#((?:[0-9a-fA-F]{2})+)\s*(?=[,+]|$)/y;
const hexPair = /^[0-9a-fA-F]{2}$/;
/** What may stand behind a backslash, beside a hexadecimal pair. */
const escapable = new Set(' "#+,;<=>\\');
/** Characters that stand for themselves; the others are behind a backslash in a value, or end it. */
const plainRun = /[^\\,+";<>]+/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  get rest(): string {
    return this.#text.slice(this.#at);
  }

  comma(): void {
    if (this.#text[this.#at++] !== ',') throw notAName();
  }

  relative(): NamePart[] {
    const parts = [this.#part()];
    while (this.#text[this.#at] === '+') {
      this.#at++;
      parts.push(this.#part());
    }
    return parts;
  }

  #part(): NamePart {
    const name = this.#match(type);
    while (this.#text[this.#at] === ' ') this.#at++;
    if (this.#text[this.#at] !== '#') return { type: name, value: this.#value() };
    const ber = this.#match(hexString);
    return { type: name, value: fromBer(ber), ber };
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) throw notAName();
    this.#at = pattern.lastIndex;
    return found[1] ?? '';
  }

  #value(): string {
    let bytes: Buffer[] | undefined;
    let plain = '';
    while (!this.done) {
      plainRun.lastIndex = this.#at;
      const run = plainRun.exec(this.#text)?.[0];
      if (run !== undefined) {
        this.#at += run.length;
        const next = this.#text[this.#at];
        const ends = next === undefined || next === ',' || next === '+';
        // spaces count if another character follows, or if they are escaped
        plain += ends ? withoutLastSpaces(run) : run;
        if (ends) break;
      }
      if (this.#text[this.#at] !== '\\') break;
      const pair = this.#text.slice(this.#at + 1, this.#at + 3);
      const escaped = this.#text[this.#at + 1] ?? '';
      if (hexPair.test(pair)) {
        (bytes ??= []).push(Buffer.from(plain, 'utf8'), Buffer.from(pair, 'hex'));
        plain = '';
        this.#at += 3;
      } else if (escapable.has(escaped)) {
        plain += escaped;
        this.#at += 2;
      } else throw notAName();
    }
    return bytes ? decode(Buffer.concat([...bytes, Buffer.from(plain, 'utf8')])) : plain;
  }
}

/** A loop, since a regular expression takes the square of the time for many spaces in the middle. */
function withoutLastSpaces(text: string): string {
  let end = text.length;
  while (text[end - 1] === ' ') end--;
  return text.slice(0, end);
}

/** Tags of BER strings whose bytes are UTF-8: octet, UTF8, numeric, printable, IA5 and visible string. */
const stringTags = new Set([0x04, 0x0c, 0x12, 0x13, 0x16, 0x1a]);

/** The text of a value in its BER encoding (RFC 4514, 2.4). @returns undefined if it is no text */
function fromBer(hex: string): string | undefined {
  const bytes = Buffer.from(hex, 'hex');
  const long = (bytes[1] ?? 0) >= 0x80;
  const header = long ? 2 + ((bytes[1] ?? 0) & 0x7f) : 2;
  if (!stringTags.has(bytes[0] ?? 0) || header > 6 || bytes.length < header) return undefined;
  const length = !long ? bytes[1] : header > 2 ? bytes.readUIntBE(2, header - 2) : undefined;
  return length === bytes.length - header ? decode(bytes.subarray(header)) : undefined;
}

function decode(bytes: Buffer): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw notAName();
  }
  // an escaped byte may be a NUL
  const fault = characterFault(text);
  if (fault) throw new FormatError(fault.message, fault.code);
  return text;
}
