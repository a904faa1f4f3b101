import { characterFault } from '../storable.ts';
import { FormatError } from './value.ts';

/**
 * The value of the first relative name of a distinguished name (RFC 4514). The whole name is read, so that a text that is
 * not a name is refused, and not cut at its first comma.
 */
export function rdn(text: string): string {
  const reader = new Reader(text);
  const first = reader.attribute();
  while (!reader.done) {
    reader.separator();
    reader.attribute();
  }
  if (first === '') throw notAName();
  return first;
}

const notAName = () => new FormatError('is not a distinguished name');

const type = /\s*(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)\s*=/y;
const hexString = /#((?:[0-9a-fA-F]{2})+)\s*(?=[,+]|$)/y;
const hexPair = /^[0-9a-fA-F]{2}$/;
/** What may stand behind a backslash, beside a hexadecimal pair. */
const escapable = new Set(' "#+,;<=>\\');
/** What is in a value behind a backslash only. */
const special = new Set('";<>\0');

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  separator(): void {
    if (!',+'.includes(this.#text[this.#at] ?? ' ')) throw notAName();
    this.#at++;
  }

  /** Reads `type=value`. @returns the value */
  attribute(): string {
    this.#match(type);
    while (this.#text[this.#at] === ' ') this.#at++;
    return this.#text[this.#at] === '#' ? fromBer(this.#match(hexString)[1] ?? '') : this.#value();
  }

  #match(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) throw notAName();
    this.#at = pattern.lastIndex;
    return found;
  }

  #value(): string {
    const bytes: Buffer[] = [];
    let plain = '';
    // spaces count where something follows, or where they are escaped
    let spaces = '';
    for (; !this.done; this.#at++) {
      const character = this.#text[this.#at] ?? '';
      if (character === ',' || character === '+') break;
      if (special.has(character)) throw notAName();
      if (character === ' ') {
        spaces += character;
        continue;
      }
      plain += spaces;
      spaces = '';
      if (character !== '\\') {
        plain += character;
        continue;
      }
      const pair = this.#text.slice(this.#at + 1, this.#at + 3);
      const next = this.#text[this.#at + 1] ?? '';
      if (hexPair.test(pair)) {
        bytes.push(Buffer.from(plain, 'utf8'), Buffer.from(pair, 'hex'));
        plain = '';
        this.#at += 2;
      } else if (escapable.has(next)) {
        plain += next;
        this.#at++;
      } else throw notAName();
    }
    return decode(Buffer.concat([...bytes, Buffer.from(plain, 'utf8')]));
  }
}

/** Tags of BER strings whose bytes are UTF-8: octet, UTF8, printable and IA5 string. */
const stringTags = new Set([0x04, 0x0c, 0x13, 0x16]);

/** A value in its BER encoding (RFC 4514, 2.4). */
function fromBer(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  const long = (bytes[1] ?? 0) >= 0x80;
  const header = long ? 2 + ((bytes[1] ?? 0) & 0x7f) : 2;
  if (!stringTags.has(bytes[0] ?? 0) || header > 6 || bytes.length < header) throw notAName();
  const length = !long ? bytes[1] : header > 2 ? bytes.readUIntBE(2, header - 2) : undefined;
  if (length !== bytes.length - header) throw notAName();
  return decode(bytes.subarray(header));
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
