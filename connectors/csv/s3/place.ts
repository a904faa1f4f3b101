import { Readable } from 'node:stream';
import { SyncError } from '../../../domain/errors.ts';
import type { Outbound } from '../../outbound/index.ts';
import { prefixOf, type S3Location } from '../location.ts';
import type { Place } from '../place.ts';
import { changed, type SourceFile } from '../source-file.ts';
import { openS3 } from './client.ts';
import { s3Error, statusOf } from './errors.ts';

/** A list of more objects is not a folder of files. */
const mostObjects = 100_000;

/** The objects of a bucket below a prefix. Each is read in the one version that was found when it was opened. */
export async function s3Place(
  outbound: Outbound,
  location: S3Location,
  secrets: Record<string, string>,
  signal?: AbortSignal,
): Promise<Place> {
  const { sdk, client, where, close } = await openS3(outbound, location, secrets);
  const { bucket } = location;
  const prefix = prefixOf(location.prefix);
  const options = signal ? { abortSignal: signal } : {};

  async function ask<Result>(table: string | undefined, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      throw meaningOf(error, table);
    }
  }

  function meaningOf(error: unknown, table: string | undefined): unknown {
    signal?.throwIfAborted();
    // If-Match: another version has the name now
    if (table !== undefined && statusOf(error) === 412) return changed(table, error);
    return s3Error(error, { where, bucket, ...(table === undefined ? {} : { table }) });
  }

  /** What lies directly below the prefix, or one folder deeper. */
  async function listed(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    let objects = 0;
    await ask(undefined, async () => {
      for await (const page of sdk.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }, options))
        for (const { Key = '', ETag = '', Size = 0 } of page.Contents ?? []) {
          if (++objects > mostObjects)
            throw new SyncError(
              'configuration',
              `The bucket ${bucket} has more than ${mostObjects.toLocaleString('en-US')} objects below its prefix. Set location.s3.prefix to where the files are.`,
            );
          const name = Key.slice(prefix.length);
          const parts = name.split('/');
          if (parts.length <= 2 && !parts.includes('') && !parts.at(-1)?.startsWith('.'))
            found.set(name, identityOf(ETag, Size));
        }
    });
    return found;
  }

  async function open(name: string): Promise<SourceFile> {
    const of = { Bucket: bucket, Key: prefix + name };
    const {
      ETag = '',
      ContentLength: size,
      LastModified,
    } = await ask(name, () => client.send(new sdk.HeadObjectCommand(of), options)).catch(async (error: unknown) => {
      // the answer about an object does not tell whether it is the bucket that is missing
      if (error instanceof SyncError && error.code === 'missing-file') await listed();
      throw error;
    });
    if (ETag === '' || size === undefined)
      throw new SyncError('bad-body', `${where} tells no ETag or no length of ${name}, so its version is not known.`, {
        table: name,
      });

    const whole = size;

    async function* bytes(start: number, end: number): AsyncGenerator<Buffer> {
      const range = start > 0 || end < whole ? { Range: `bytes=${String(start)}-${String(end - 1)}` } : {};
      let left = end - start;
      try {
        const { Body } = await client.send(new sdk.GetObjectCommand({ ...of, IfMatch: ETag, ...range }), options);
        for await (const chunk of Body as Readable as AsyncIterable<Buffer>) {
          left -= chunk.length;
          yield chunk;
        }
      } catch (error) {
        throw meaningOf(error, name);
      }
      if (left !== 0)
        throw new SyncError('connection', `${where} gave another number of bytes of ${name} than it has.`, {
          table: name,
        });
    }

    return {
      name,
      identity: identityOf(ETag, size),
      version: identityOf(ETag, size),
      size,
      modifiedAt: LastModified,
      bytes: ({ start = 0, end = size } = {}) =>
        Readable.from(start < end ? bytes(start, end) : [], { objectMode: false }),
      // each answer is of the version that was opened, or is refused
      refuseChange: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
  }

  return {
    async list(endings = ['']) {
      const names = [...(await listed()).keys()];
      return names
        .filter((name) => endings.some((ending) => name.toLowerCase().endsWith(ending)))
        .sort((a, b) => (a < b ? -1 : 1));
    },
    open,
    async identities(names) {
      const found = await listed();
      return new Map(names.flatMap((name) => (found.has(name) ? [[name, found.get(name) ?? '']] : [])));
    },
    close,
  };
}

const identityOf = (etag: string, size: number) => `${etag}/${String(size)}`;
