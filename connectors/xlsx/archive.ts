import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { SyncError } from '../../domain/errors.ts';

/** The parts of a file, found by the central directory of the archive. */
export interface Archive {
  has(name: string): boolean;
  /** Bytes of a part when it is unpacked. */
  size(name: string): number;
  /** @throws SyncError `archive` if there is no such part, or if its bytes are broken */
  open(name: string): AsyncIterable<Buffer>;
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

/** Reads the directory of the archive. Nothing is unpacked before it has been looked at as a whole. */
export async function openArchive(handle: FileHandle, file: string): Promise<Archive> {
  await refuseOthers(handle, file);
  const entries = new Map<string, Entry>();
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    const options = { lazyEntries: false, autoClose: false, validateEntrySizes: true };
    yauzl.fromFd(handle.fd, options, (error, opened) => {
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
    });
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
  if (unpacked > unpackedLimit) throw broken(file, 'it would have more than 2 GiB');
  if (unpacked > small && unpacked > packed * ratioLimit)
    throw broken(file, `it would be more than ${String(ratioLimit)} times as large`);
  if (entries.has('mimetype') || entries.has('content.xml')) throw unsupported(file, 'an OpenDocument file');
  if (entries.has('xl/workbook.bin')) throw unsupported(file, 'a binary workbook (.xlsb)');
  return {
    has: (name) => entries.has(name),
    size: (name) => entries.get(name)?.uncompressedSize ?? 0,
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

/** Other formats are told by their first bytes, whatever the file is called. */
async function refuseOthers(handle: FileHandle, file: string): Promise<void> {
  const head = Buffer.alloc(8);
  const { bytesRead } = await handle.read(head, 0, 8, 0);
  if (bytesRead === 0)
    throw new SyncError('empty-file', `${file} is empty. A failed export often leaves such a file.`, { table: file });
  if (head.equals(Buffer.from('d0cf11e0a1b11ae1', 'hex'))) {
    if (await contains(handle, Buffer.from('EncryptedPackage', 'utf16le'))) throw protectedFile(file);
    throw unsupported(file, 'a workbook of an old version (.xls)');
  }
  if (head.subarray(0, 4).toString('latin1') !== 'PK\u0003\u0004') throw unsupported(file, 'no workbook');
}

async function contains(handle: FileHandle, bytes: Buffer): Promise<boolean> {
  let rest = Buffer.alloc(0);
  for await (const chunk of handle.createReadStream({ autoClose: false, start: 0 }) as AsyncIterable<Buffer>) {
    const all = Buffer.concat([rest, chunk]);
    if (all.includes(bytes)) return true;
    rest = Buffer.from(all.subarray(-bytes.length));
  }
  return false;
}

const protectedFile = (file: string) =>
  new SyncError('protected-file', `${file} has a password. Save it without one.`, { table: file });

const unsupported = (file: string, what: string) =>
  new SyncError('unsupported-file', `${file} is ${what}. Save it as a workbook (.xlsx).`, { table: file });
