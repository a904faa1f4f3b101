import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SyncError } from '../domain/errors.ts';
import { reached } from '../domain/marked-points.ts';

/** A file that appears under its name only when it is whole: temporary name, fsync, rename, fsync of the folder. */
export class WholeFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  static async create(path: string): Promise<WholeFile> {
    // a name of its own: a worker that hung and continues must not write into the file of the worker that took over
    const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
    return new WholeFile(path, temporary, await storing(() => open(temporary, 'wx', 0o600)));
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(text: string | Buffer): Promise<void> {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
    this.#bytes += bytes.length;
    const written = storing(() => this.#handle.writeFile(bytes));
    // while another thread writes
    this.#hash.update(bytes);
    await written;
  }

  async finish(): Promise<{ bytes: number; sha256: string }> {
    await reached('export/file-open');
    await storing(async () => {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#temporary, this.#path);
      const folder = await open(dirname(this.#path), 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    });
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#temporary, { force: true }).catch(() => undefined);
  }
}

/** Runs work on the files of the store. An error of the file system becomes `store-unavailable`, which is tried again. */
export async function storing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof SyncError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new SyncError(
      'store-unavailable',
      `The export store cannot be used (${code})${code === 'ENOSPC' ? ': the disk is full. Make room. The sync tries again' : ''}.`,
      {},
      { cause },
    );
  }
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
