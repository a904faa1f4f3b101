import { createHash, type Hash } from 'node:crypto';
import { SyncError } from '../../domain/errors.ts';

/** The first bytes of a file: their hash, and how many line breaks they have. CRLF is one. */
export interface BeginningDigest {
  bytes: number;
  sha256: string;
  lines: number;
}

export interface FileDigest {
  sha256: string;
  bytes: number;
  /** It ends with a line break, in whichever encoding. */
  finalNewline: boolean;
  /** One for each number of bytes that was asked for, as far as the file is that long. */
  beginnings: BeginningDigest[];
  /** Its compression ends too early: the other members are of what could be unpacked. */
  cut?: true;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Hashes the content of a file without parsing it.
 * @param sizes numbers of bytes at its beginning that are hashed by themselves, too
 */
export async function digestOf(content: AsyncIterable<Buffer>, sizes: readonly number[] = []): Promise<FileDigest> {
  const hash = createHash('sha256');
  const boundaries = [...new Set(sizes)].filter((size) => size > 0).sort((a, b) => a - b);
  const beginnings: BeginningDigest[] = [];
  const breaks = new LineBreaks();
  let bytes = 0;
  let lines = 0;
  let cut = false;
  try {
    for await (const chunk of content) {
      let rest = chunk;
      for (let next = boundaries[0]; next !== undefined && bytes + rest.length >= next; next = boundaries[0]) {
        const piece = rest.subarray(0, next - bytes);
        hash.update(piece);
        lines += breaks.count(piece);
        beginnings.push({ bytes: next, sha256: digestSoFar(hash), lines });
        rest = rest.subarray(piece.length);
        bytes = next;
        boundaries.shift();
      }
      hash.update(rest);
      bytes += rest.length;
      if (boundaries.length > 0) lines += breaks.count(rest);
      else breaks.pass(rest);
    }
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'truncated') throw error;
    cut = true;
  }
  const digest = { sha256: hash.digest('hex'), bytes, beginnings };
  return cut ? { ...digest, finalNewline: false, cut } : { ...digest, finalNewline: breaks.atLineEnd };
}

const digestSoFar = (hash: Hash) => hash.copy().digest('hex');

/**
 * Counts line breaks in bytes that come a piece at a time. A byte order mark tells UTF-16, whose characters are two bytes
 * long: one of these bytes alone may look like a line break.
 */
class LineBreaks {
  #encoding: 'bytes' | 'utf-16le' | 'utf-16be' | undefined;
  #rest = Buffer.alloc(0);
  #last: number | undefined;

  /** The last character is a line break. */
  get atLineEnd(): boolean {
    return this.#rest.length === 0 && (this.#last === lineFeed || this.#last === carriageReturn);
  }

  count(piece: Buffer): number {
    const bytes = this.#whole(piece);
    let lines = 0;
    const step = this.#encoding === 'bytes' ? 1 : 2;
    for (let at = 0; at < bytes.length; at += step) {
      const character = this.#characterAt(bytes, at);
      if (character === carriageReturn || (character === lineFeed && this.#last !== carriageReturn)) lines++;
      this.#last = character;
    }
    return lines;
  }

  /** Reads on without counting. */
  pass(piece: Buffer): void {
    const bytes = this.#whole(piece);
    if (bytes.length > 0) this.#last = this.#characterAt(bytes, bytes.length - (this.#encoding === 'bytes' ? 1 : 2));
  }

  /** The bytes of whole characters; what is left waits for the next piece. */
  #whole(piece: Buffer): Buffer {
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, piece]) : piece;
    this.#rest = Buffer.alloc(0);
    if (this.#encoding === undefined) {
      if (all.length === 1) return this.#keep(all, 0);
      this.#encoding = encodingOf(all);
    }
    return this.#encoding === 'bytes' ? all : this.#keep(all, all.length - (all.length % 2));
  }

  #keep(bytes: Buffer, end: number): Buffer {
    this.#rest = Buffer.from(bytes.subarray(end));
    return bytes.subarray(0, end);
  }

  #characterAt(bytes: Buffer, at: number): number | undefined {
    if (this.#encoding === 'utf-16le') return bytes.readUInt16LE(at);
    return this.#encoding === 'utf-16be' ? bytes.readUInt16BE(at) : bytes[at];
  }
}

function encodingOf([first, second]: Buffer): 'bytes' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'bytes';
}
