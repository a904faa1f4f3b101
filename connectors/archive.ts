import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { SyncError } from '../domain/errors.ts';

/** The parts of a zip archive, found by its central directory. */
export interface Archive {
  /** Of all parts; a folder ends with `/`. */
  names: readonly string[];
  has(name: string): boolean;
  /** Bytes of a part when it is unpacked. */
  size(name: string): number;
  /** CRC-32 of a part, as the archive says. */
  checksum(name: string): number;
  /** @throws SyncError `archive` if there is no such part, or if its bytes are broken */
  open(name: string): AsyncIterable<Buffer>;
}

/** Bytes that can be read from any place. */
export interface ByteSource {
  size: number;
  /** @param range from `start` up to `end`, without `end` */
  bytes(range: { start: number; end: number }): Readable;
}

const unpackedLimit = 2 * 2 ** 30;
const ratioLimit = 200;
/** Below so many bytes, nobody cares how well they were packed. */
const small = 4 << 20;
const encryptedFlag = 1;
const linkMode = 0o120000;

export const broken = (file: string, what: string, cause?: unknown): SyncError =>
  new SyncError(
    'archive',
    `${file} cannot be unpacked: ${what}. Export it again, or open it in the program that wrote it and save it again.`,
    { table: file },
    { cause },
  );

export const protectedFile = (file: string): SyncError =>
  new SyncError('protected-file', `${file} has a password. Save it without one.`, { table: file });

/** @throws SyncError `archive` if a file unpacks to more than 2 GiB, or to more than 200 times its size */
export function refuseBomb(file: string, { packed, unpacked }: { packed: number; unpacked: number }): void {
  if (unpacked > unpackedLimit) throw broken(file, 'it would have more than 2 GiB');
  if (unpacked > small && unpacked > packed * ratioLimit)
    throw broken(file, `it would be more than ${String(ratioLimit)} times as large`);
}

/**
 * Reads the directory of the archive. Nothing is unpacked before it has been looked at as a whole: links, names that lead out,
 * passwords and sizes.
 * @throws SyncError `archive` or `protected-file`
 */
export async function openArchive(source: { fd: number } | ByteSource, file: string): Promise<Archive> {
  const entries = new Map<string, Entry>();
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    const options = { lazyEntries: false, autoClose: false, validateEntrySizes: true };
    const look = (error: Error | null, opened: ZipFile) => {
      if (error) {
        reject(error);
        return;
      }
      opened.on('entry', (entry: Entry) => {
        if (entries.has(entry.fileName)) reject(broken(file, 'two of its parts have one name'));
        entries.set(entry.fileName, entry);
      });
      opened.on('error', reject);
      opened.on('end', () => {
        resolve(opened);
      });
    };
    if ('fd' in source) yauzl.fromFd(source.fd, options, look);
    else yauzl.fromRandomAccessReader(new RangeReader(source), source.size, options, look);
  }).catch((error: unknown) => {
    throw error instanceof SyncError ? error : broken(file, 'the archive is damaged or was cut short', error);
  });
  let unpacked = 0;
  let packed = 0;
  for (const entry of entries.values()) {
    if ((entry.generalPurposeBitFlag & encryptedFlag) !== 0) throw protectedFile(file);
    if (((entry.externalFileAttributes >>> 16) & 0o170000) === linkMode) throw broken(file, 'it holds a symbolic link');
    unpacked += entry.uncompressedSize;
    packed += entry.compressedSize;
  }
  refuseBomb(file, { packed, unpacked });
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    size: (name) => entries.get(name)?.uncompressedSize ?? 0,
    checksum: (name) => entries.get(name)?.crc32 ?? 0,
    async *open(name) {
      const entry = entries.get(name);
      if (!entry) throw broken(file, `the part ${name} is missing`);
      try {
        const stream = await new Promise<Readable>((resolve, reject) => {
          zip.openReadStream(entry, (error, opened) => {
            if (error) reject(error);
            else resolve(opened);
          });
        });
        yield* stream as AsyncIterable<Buffer>;
      } catch (error) {
        throw error instanceof SyncError ? error : broken(file, `the part ${name} is damaged`, error);
      }
    },
  };
}

class RangeReader extends yauzl.RandomAccessReader {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.#source.bytes({ start, end });
  }
}
