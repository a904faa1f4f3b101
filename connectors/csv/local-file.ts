import { stat, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { openFile } from '../file-roots.ts';
import { changed, type SourceFile } from './source-file.ts';
import { stampOf } from './stamp.ts';

export interface LocalFile extends SourceFile {
  handle: FileHandle;
}

/** Opens a file below a folder of the roots. */
export async function openLocal(roots: readonly string[], folder: string, name: string): Promise<LocalFile> {
  const { handle, path } = await openFile(roots, folder, name);
  const before = await handle.stat({ bigint: true });
  const identity = stampOf(before);
  return {
    name,
    handle,
    identity,
    size: Number(before.size),
    modifiedAt: before.mtime,
    bytes: ({ start = 0, end, piece = 256 * 1024 } = {}) =>
      end === undefined
        ? handle.createReadStream({ autoClose: false, start, highWaterMark: piece })
        : Readable.from(range(handle, start, end), { objectMode: false }),
    async refuseChange() {
      if (stampOf(await handle.stat({ bigint: true })) !== identity) throw changed(name);
      const named = await stat(path, { bigint: true }).catch((cause: unknown) => {
        throw changed(name, cause);
      });
      if (stampOf(named) !== identity) throw changed(name);
    },
    close: () => handle.close(),
  };
}

/** A stream of the handle would close it when somebody stops to read. */
async function* range(handle: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end;) {
    const buffer = Buffer.allocUnsafe(Math.min(end - at, 256 * 1024));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}
