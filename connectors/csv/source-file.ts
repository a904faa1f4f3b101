import { createHash } from 'node:crypto';
import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, realpath, type FileHandle } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { SyncError } from '../../domain/errors.ts';
import { entriesOf, look, refuseUnsafeName, unreadable, type Folder } from './paths.ts';

/** An open regular file below a root. */
export interface SourceFile {
  /** As messages and results call it: the table, or a delta file's name in its folder. */
  name: string;
  path: string;
  handle: FileHandle;
  bytes: number;
  modifiedAt: Date;
  /** Device, inode, size and times: another text means another file, or the same one written to. */
  identity: string;
}

const defaultChunk = 256 * 1024;

/**
 * Opens a regular file below the folder for reading.
 * @throws SyncError `unsafe-path`, `missing-file`, `connection`
 */
export async function openSourceFile(folder: Folder, name: string): Promise<SourceFile> {
  const place = { table: name };
  refuseUnsafeName(name, `The table ${JSON.stringify(name)} leads out of its folder.`, place);
  if (isAbsolute(name) || name.split('/').includes('.'))
    throw new SyncError('unsafe-path', `The table ${JSON.stringify(name)} is not the name of a file.`, place);
  const path = join(folder.path, name);
  const found = await look(folder.root, path, place);
  if (!found) throw await missing(folder, name, path);
  if (!found.isFile()) throw notRegular(name);
  let handle: FileHandle | undefined;
  try {
    // NONBLOCK: opening a pipe must not wait for its writer. NOFOLLOW: a link put there since the look is refused
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) throw notRegular(name);
    const way = relative(await realpath(folder.root), await realpath(path));
    if (way.split(sep)[0] === '..' || isAbsolute(way))
      throw new SyncError('unsafe-path', `${name} was moved out of the file roots while it was opened.`, place);
    return {
      name,
      path,
      handle,
      bytes: Number(stats.size),
      modifiedAt: stats.mtime,
      identity: identityOf(stats),
    };
  } catch (cause) {
    await handle?.close();
    throw unreadable(name, cause, place);
  }
}

/** The bytes from the start, in chunks that are full but for the last. Each chunk is a buffer of its own. */
export async function* chunksOf(file: SourceFile, signal?: AbortSignal, size = defaultChunk): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    signal?.throwIfAborted();
    const buffer = Buffer.allocUnsafeSlow(size);
    let filled = 0;
    try {
      for (let got = -1; got !== 0 && filled < size; filled += got)
        got = (await file.handle.read(buffer, filled, size - filled, position + filled)).bytesRead;
    } catch (cause) {
      throw unreadable(file.name, cause, { table: file.name });
    }
    if (filled > 0) yield buffer.subarray(0, filled);
    if (filled < size) return;
    position += filled;
  }
}

/** SHA-256 (hex) and size of the whole file. @throws SyncError `changed-during-read` */
export async function hashSourceFile(
  file: SourceFile,
  signal?: AbortSignal,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunksOf(file, signal, 1 << 20)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  await refuseChange(file);
  return { sha256: hash.digest('hex'), bytes };
}

/** @throws SyncError `changed-during-read` where the open file, or what bears its name, is not what was opened */
export async function refuseChange(file: SourceFile): Promise<void> {
  try {
    const [open, named] = [await file.handle.stat({ bigint: true }), await lstat(file.path, { bigint: true })];
    if (identityOf(open) !== file.identity || identityOf(named) !== file.identity) throw changed(file.name);
  } catch (cause) {
    throw unreadable(file.name, cause, { table: file.name });
  }
}

export function changed(name: string): SyncError {
  return new SyncError(
    'changed-during-read',
    `${name} was changed or replaced while it was read. Write files under another name and rename them once they are whole, then start the sync again.`,
    { table: name },
  );
}

const identityOf = (stats: BigIntStats): string =>
  [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join('/');

const notRegular = (name: string) =>
  new SyncError('unsafe-path', `${name} is not a regular file (a folder, pipe, socket or device).`, { table: name });

async function missing(folder: Folder, name: string, path: string): Promise<SyncError> {
  const wanted = basename(path);
  const around = await look(folder.root, dirname(path), { table: name });
  const entries = around?.isDirectory() ? await entriesOf(dirname(path), dirname(name)) : [];
  const near = entries.find((entry) => entry.name.toLowerCase() === wanted.toLowerCase());
  return new SyncError(
    'missing-file',
    `There is no file ${name} in the folder ${folder.name}.${near ? ` There is ${near.name}: names differ by case.` : ''} Put it there, or correct the table in the connector file.`,
    { table: name },
  );
}
