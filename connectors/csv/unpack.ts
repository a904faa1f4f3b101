import { Readable, pipeline } from 'node:stream';
import { crc32, createGunzip } from 'node:zlib';
import { SyncError } from '../../domain/errors.ts';
import { broken, openArchive, refuseBomb } from '../archive.ts';
import type { Compression } from './settings.ts';
import type { SourceFile } from './source-file.ts';

/** Fewer bytes are joined with the next ones. */
const leastPiece = 64 * 1024;
const piece = 256 * 1024;

/**
 * The content of a file, unpacked if it is packed. `auto` looks at its first bytes, never at its name.
 * @throws SyncError `truncated` for a gzip file that is cut or damaged and for a wrong checksum; `archive` for a zip file that is
 * damaged, is dangerous or does not hold exactly one file
 */
export async function* contentOf(
  file: SourceFile,
  compression: Compression,
  { signal, most = piece }: { signal?: AbortSignal | undefined; most?: number } = {},
): AsyncGenerator<Buffer> {
  signal?.throwIfAborted();
  const kind = compression === 'auto' ? await kindOf(file) : compression;
  if (kind === 'zip') {
    yield* unzipped(file, signal);
    return;
  }
  const stored = joined(file.bytes({ piece: most }), signal);
  yield* kind === 'gzip' ? joined(gunzipped(file.name, stored), signal) : stored;
}

async function kindOf(file: SourceFile): Promise<'none' | 'gzip' | 'zip'> {
  if (file.size < 4) return 'none';
  const head: Buffer[] = [];
  for await (const chunk of file.bytes({ start: 0, end: 4 }) as AsyncIterable<Buffer>) head.push(chunk);
  const [a, b, c, d] = Buffer.concat(head);
  if (a === 0x1f && b === 0x8b && c === 8) return 'gzip';
  // an archive without files begins with the end of its directory
  return a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6)) ? 'zip' : 'none';
}

async function* joined(chunks: AsyncIterable<Buffer>, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  signal?.throwIfAborted();
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    if (size === 0 && chunk.length >= leastPiece) {
      yield chunk;
      continue;
    }
    held.push(chunk);
    size += chunk.length;
    if (size < leastPiece) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}

async function* gunzipped(name: string, packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const sizes = { packed: 0, unpacked: 0 };
  async function* counted() {
    for await (const chunk of packed) {
      sizes.packed += chunk.length;
      yield chunk;
    }
  }
  const unpacker = createGunzip({ chunkSize: piece });
  // pipeline hands the errors of reading on to the unpacker
  pipeline(Readable.from(counted(), { objectMode: false }), unpacker, () => undefined);
  try {
    for await (const chunk of unpacker as AsyncIterable<Buffer>) {
      sizes.unpacked += chunk.length;
      refuseBomb(name, sizes);
      yield chunk;
    }
  } catch (error) {
    throw isOfZlib(error) ? damaged(name, error) : error;
  } finally {
    unpacker.destroy();
  }
}

async function* unzipped(file: SourceFile, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const { name } = file;
  const archive = await openArchive(file, name);
  const parts = archive.names.filter((each) => !each.endsWith('/') && !each.startsWith('__MACOSX/'));
  const [part] = parts;
  if (part === undefined || parts.length > 1)
    throw broken(name, `it holds ${String(parts.length)} files, and a table is read from an archive with one`);
  let checksum = 0;
  for await (const chunk of joined(archive.open(part), signal)) {
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (checksum !== archive.checksum(part)) throw damaged(name);
}

const isOfZlib = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');

const damaged = (file: string, cause?: unknown) =>
  new SyncError(
    'truncated',
    `${file} cannot be unpacked to its end: it was cut short, or its bytes are damaged. Export it again, or copy it again.`,
    { table: file },
    { cause },
  );
