import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { SFTPWrapper, Stats } from 'ssh2';
import { SyncError } from '../../../domain/errors.ts';
import type { Place } from '../place.ts';
import { changed, type SourceFile } from '../source-file.ts';
import type { SftpSession } from './connect.ts';
import { sftpError } from './errors.ts';

type Connect = () => Promise<SftpSession>;

/** A folder of a server. It is logged in to when something is asked for first. @param directory from the folder of the login on */
export function sftpPlace(connect: Connect, directory: string, signal?: AbortSignal): Place {
  let opened: Promise<SftpSession> | undefined;

  /** Runs a request, and says what its error means. */
  async function ask<Result>(table: string | undefined, run: (sftp: SFTPWrapper) => Promise<Result>): Promise<Result> {
    opened ??= connect();
    const { sftp, where } = await opened;
    try {
      return await run(sftp);
    } catch (error) {
      signal?.throwIfAborted();
      throw sftpError(error, where, table === undefined ? {} : { table });
    }
  }

  const pathOf = (name: string) => posix.join(directory, name);
  const statOf = (sftp: SFTPWrapper, name: string) => promisify(sftp.stat.bind(sftp))(pathOf(name));

  async function filesIn(folder: string, ending: (name: string) => boolean, below: boolean): Promise<string[]> {
    const entries = await ask(undefined, (sftp) => promisify(sftp.readdir.bind(sftp))(pathOf(folder)));
    const found: string[] = [];
    for (const { filename, attrs } of entries) {
      const name = posix.join(folder, filename);
      if (attrs.isFile() && !filename.startsWith('.') && ending(filename.toLowerCase())) found.push(name);
      if (attrs.isDirectory() && below && filename !== '.' && filename !== '..')
        found.push(...(await filesIn(name, ending, false)));
    }
    return found;
  }

  async function open(name: string): Promise<SourceFile> {
    if (name.split('/').some((part) => ['', '.', '..'].includes(part)) || name.includes('\0'))
      throw new SyncError('unsafe-path', `The table ${JSON.stringify(name)} is outside the folder of its connection.`, {
        table: name,
      });
    const handle = await ask(name, (sftp) => promisify(sftp.open.bind(sftp))(pathOf(name), 'r'));
    const before = await ask(name, (sftp) => promisify(sftp.fstat.bind(sftp))(handle));
    if (!before.isFile()) throw new SyncError('unsafe-path', `${name} is not a regular file.`, { table: name });
    const identity = identityOf(before);

    async function* bytes(start: number, end: number, piece: number): AsyncGenerator<Buffer> {
      const { sftp, where } = await (opened ??= connect());
      const stream = sftp.createReadStream(pathOf(name), {
        handle,
        autoClose: false,
        start,
        end: end - 1,
        highWaterMark: piece,
      });
      let at = start;
      try {
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          at += chunk.length;
          yield chunk;
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw sftpError(error, where, { table: name });
      }
      // a file that became shorter ends early
      if (at < end) throw changed(name);
    }

    return {
      name,
      identity,
      size: before.size,
      modifiedAt: new Date(before.mtime * 1000),
      bytes: ({ start = 0, end = before.size, piece = 256 * 1024 } = {}) =>
        Readable.from(start < end ? bytes(start, end, piece) : [], { objectMode: false }),
      async refuseChange() {
        const held = await ask(name, (sftp) => promisify(sftp.fstat.bind(sftp))(handle));
        const named = await ask(name, (sftp) => statOf(sftp, name)).catch((error: unknown) => {
          throw error instanceof SyncError && error.code === 'missing-file' ? changed(name, error) : error;
        });
        if (identityOf(held) !== identity || identityOf(named) !== identity) throw changed(name);
      },
      async close() {
        const { sftp } = await (opened ??= connect());
        // a lost connection has closed it
        sftp.close(handle, () => undefined);
      },
    };
  }

  return {
    async list(endings = ['']) {
      const fits = (name: string) => endings.some((ending) => name.endsWith(ending));
      return (await filesIn('', fits, true)).sort((a, b) => (a < b ? -1 : 1));
    },
    open,
    async identities(names) {
      const found = new Map<string, string>();
      for (const name of names)
        try {
          found.set(name, identityOf(await ask(name, (sftp) => statOf(sftp, name))));
        } catch (error) {
          if (!(error instanceof SyncError) || error.code !== 'missing-file') throw error;
        }
      return found;
    },
    async close() {
      const session = await opened?.catch(() => undefined);
      session?.close();
    },
  };
}

/** The protocol tells no more of a file than its size and the second in which it was written. */
const identityOf = ({ size, mtime }: Stats) => `${String(size)}/${String(mtime)}`;
