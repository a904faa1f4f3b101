import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

export interface FileDigest {
  sha256: string;
  bytes: number;
  /** It ends with a line break, in whichever encoding. */
  finalNewline: boolean;
  /** Of the first bytes that were asked for: their hash, and how many line breaks they have: CRLF is one. */
  head?: { sha256: string; lines: number };
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Hashes a file without parsing it. @param head so many bytes at its beginning are hashed by themselves, too */
export async function digestOf(
  handle: FileHandle,
  head: number | undefined,
  signal?: AbortSignal,
): Promise<FileDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  let end = Buffer.alloc(0);
  let headDigest: FileDigest['head'];
  let lines = 0;
  let previous = 0;
  const stream = handle.createReadStream({
    autoClose: false,
    start: 0,
    highWaterMark: 1 << 20,
  }) as AsyncIterable<Buffer>;
  for await (const chunk of stream) {
    signal?.throwIfAborted();
    let rest = chunk;
    if (head !== undefined && bytes < head) {
      const first = chunk.subarray(0, head - bytes);
      for (const byte of first) {
        // the other half of a line break in UTF-16
        if (byte === 0) continue;
        if (byte === carriageReturn || (byte === lineFeed && previous !== carriageReturn)) lines++;
        previous = byte;
      }
      if (bytes + first.length === head) {
        hash.update(first);
        headDigest = { sha256: hash.copy().digest('hex'), lines };
        rest = chunk.subarray(first.length);
      }
    }
    hash.update(rest);
    bytes += chunk.length;
    end = Buffer.concat([end, chunk.subarray(-2)]).subarray(-2);
  }
  return {
    sha256: hash.digest('hex'),
    bytes,
    finalNewline: endsLine(end),
    ...(headDigest ? { head: headDigest } : {}),
  };
}

/** The last bytes are a line break: one byte, or in UTF-16 two, in either order. */
function endsLine(end: Buffer): boolean {
  const [before, last] = end.length > 1 ? [end[0], end[1]] : [undefined, end[0]];
  const isBreak = (byte: number | undefined) => byte === lineFeed || byte === carriageReturn;
  return isBreak(last) || (last === 0 && isBreak(before));
}
