import { isUtf8 } from 'node:buffer';
import { SyncError } from '../../domain/errors.ts';

/** Turns the bytes of a file into checked UTF-8, a chunk at a time. */
export interface Decoder {
  /** @throws SyncError `encoding` with the offset in bytes of what cannot be decoded */
  decode(bytes: Buffer): Buffer;
  end(): Buffer;
}

const bomUtf8 = Buffer.from([0xef, 0xbb, 0xbf]);
const none = Buffer.alloc(0);

/**
 * Chooses the decoder by byte order mark first, then by the encoding of the settings.
 * @param head the first bytes of the file, at least 4 where it has as many
 * @returns the decoder and how many bytes of the mark to skip
 */
export function chooseDecoder(head: Buffer, encoding: string, table: string): { decoder: Decoder; skip: number } {
  if (head.subarray(0, 3).equals(bomUtf8)) return { decoder: new Utf8Decoder(table, 3), skip: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { decoder: new Utf16Decoder(table, false), skip: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { decoder: new Utf16Decoder(table, true), skip: 2 };
  const label = encoding.toLowerCase();
  if (label.startsWith('utf-16') || label.startsWith('utf16') || looksLikeUtf16(head))
    throw new SyncError(
      'encoding',
      `${table} looks like UTF-16 without a byte order mark at byte 0. Save it as UTF-8, or with the mark.`,
      { table, offset: 0 },
    );
  if (label === 'utf-8' || label === 'utf8') return { decoder: new Utf8Decoder(table, 0), skip: 0 };
  return { decoder: new LabelDecoder(table, encoding), skip: 0 };
}

/** Every other byte of a text in a Latin script is 0. */
function looksLikeUtf16(head: Buffer): boolean {
  const sample = head.subarray(0, 64);
  if (sample.length < 4) return false;
  const zeros = [0, 0];
  sample.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  });
  const half = Math.floor(sample.length / 2);
  const [even, odd] = [zeros[0] ?? 0, zeros[1] ?? 0];
  return (even === 0 && odd >= half * 0.6) || (odd === 0 && even >= half * 0.6);
}

class Utf8Decoder implements Decoder {
  #rest = none;
  #offset: number;
  readonly #table: string;

  constructor(table: string, offset: number) {
    this.#table = table;
    this.#offset = offset;
  }

  decode(bytes: Buffer): Buffer {
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    const end = wholeCharacters(all);
    const whole = all.subarray(0, end);
    if (!isUtf8(whole)) throw invalid(this.#table, 'UTF-8', this.#offset + firstInvalid(whole));
    this.#offset += end;
    this.#rest = Buffer.from(all.subarray(end));
    return whole;
  }

  end(): Buffer {
    if (this.#rest.length > 0) throw invalid(this.#table, 'UTF-8', this.#offset);
    return none;
  }
}

/** Where the last character that is whole ends: at most three bytes of a cut one are left. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Index of the first byte that is not UTF-8, found by halving valid prefixes. */
function firstInvalid(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    const cut = low + wholeCharacters(bytes.subarray(low, middle));
    if (cut > low && isUtf8(bytes.subarray(low, cut))) low = cut;
    else if (cut === low) break;
    else high = middle;
  }
  while (low < bytes.length) {
    const size = [1, 2, 3, 4].find((n) => low + n <= bytes.length && isUtf8(bytes.subarray(low, low + n)));
    if (size === undefined) return low;
    low += size;
  }
  return low;
}

/** UTF-16 with a mark. A lone surrogate becomes NUL, which the row is rejected for: no text can hold either. */
class Utf16Decoder implements Decoder {
  #rest = none;
  #offset = 2;
  readonly #table: string;
  readonly #swap: boolean;

  constructor(table: string, bigEndian: boolean) {
    this.#table = table;
    this.#swap = bigEndian;
  }

  decode(bytes: Buffer): Buffer {
    const all = Buffer.concat([this.#rest, bytes]);
    let end = all.length - (all.length % 2);
    // a high surrogate at the end waits for its other half
    if (end >= 2) {
      const last = this.#swap ? all.readUInt16BE(end - 2) : all.readUInt16LE(end - 2);
      if (last >= 0xd800 && last <= 0xdbff) end -= 2;
    }
    const whole = Buffer.from(all.subarray(0, end));
    this.#offset += end;
    this.#rest = Buffer.from(all.subarray(end));
    return this.#text(whole);
  }

  end(): Buffer {
    if (this.#rest.length % 2 === 1) throw invalid(this.#table, 'UTF-16', this.#offset);
    return this.#text(this.#rest);
  }

  #text(bytes: Buffer): Buffer {
    const text = (this.#swap ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
    return Buffer.from(text.isWellFormed() ? text : text.replace(/\p{Cs}/gu, '\0'), 'utf8');
  }
}

class LabelDecoder implements Decoder {
  readonly #decoder: InstanceType<typeof TextDecoder>;
  readonly #table: string;
  readonly #label: string;
  #offset = 0;

  constructor(table: string, label: string) {
    this.#table = table;
    this.#label = label;
    try {
      this.#decoder = new TextDecoder(label, { fatal: true });
    } catch (cause) {
      throw new SyncError(
        'encoding',
        `The encoding ${JSON.stringify(label)} is not known. Use a WHATWG label such as windows-1252.`,
        { table },
        { cause },
      );
    }
  }

  decode(bytes: Buffer): Buffer {
    try {
      const text = this.#decoder.decode(bytes, { stream: true });
      this.#offset += bytes.length;
      return Buffer.from(text, 'utf8');
    } catch (cause) {
      throw invalid(this.#table, this.#label, this.#offset + this.#firstInvalid(bytes), cause);
    }
  }

  end(): Buffer {
    try {
      return Buffer.from(this.#decoder.decode(), 'utf8');
    } catch (cause) {
      throw invalid(this.#table, this.#label, this.#offset, cause);
    }
  }

  #firstInvalid(bytes: Buffer): number {
    const decoder = new TextDecoder(this.#label, { fatal: true });
    for (let i = 0; i < bytes.length; i++) {
      try {
        decoder.decode(bytes.subarray(i, i + 1), { stream: true });
      } catch {
        return i;
      }
    }
    return 0;
  }
}

function invalid(table: string, encoding: string, offset: number, cause?: unknown): SyncError {
  return new SyncError(
    'encoding',
    `${table} is not ${encoding}: the bytes at offset ${String(offset)} cannot be decoded. Correct the setting encoding or the file.`,
    { table, offset },
    { cause },
  );
}
