import { lstatSync, type BigIntStats } from 'node:fs';
import { lstat, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { DeltaLook, TakenDelta } from '../../domain/delta.ts';
import { digestOf, type FileDigest } from './digest.ts';

/**
 * The stamp of a file: what its file system says of it without its content. A write changes the times, another file under the
 * same name has another inode, and the time of the last change (ctime) cannot be set back by a program.
 */
export const stampOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats) =>
  `${String(dev)}/${String(ino)}/${String(size)}/${String(mtimeNs)}/${String(ctimeNs)}`;

/**
 * The stamps of regular files, by name. Files that are gone, and symbolic links, have none.
 * @param slice milliseconds that nothing else gets its turn
 */
export async function stampsOf(
  folder: string,
  names: readonly string[],
  signal?: AbortSignal,
  slice = 5,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const keep = (name: string, stats: BigIntStats | undefined) => {
    if (stats?.isFile()) found.set(name, stampOf(stats));
  };
  let next = 0;
  // a call that waits costs five times a call that does not; so a local disk is asked in slices, between which others work
  for (let quick = true; quick && next < names.length;) {
    signal?.throwIfAborted();
    const begun = { at: performance.now(), next };
    while (next < names.length && performance.now() - begun.at < slice) {
      const name = names[next++] ?? '';
      // names are below the folder already: to clean each path would cost as much as the call
      keep(name, quickStats(`${folder}${sep}${name}`));
    }
    quick = next - begun.next >= fewest;
    await setImmediate();
  }
  const others = async () => {
    while (next < names.length) {
      signal?.throwIfAborted();
      const name = names[next++] ?? '';
      keep(name, await lstat(join(folder, name), { bigint: true }).catch(() => undefined));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, others));
  return found;
}

/** undefined where opening the file will say why. */
function quickStats(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** A file system that answers fewer times in a slice is a slow one: then several calls wait at once. */
const fewest = 50;
const atOnce = 32;

/**
 * Hashes the content of an open file, and gives the stamp that the file had all the while; none if it was changed meanwhile.
 * @param content reads the file, and begins when the first bytes are asked for
 */
export async function digestWithStamp(
  handle: FileHandle,
  content: AsyncIterable<Buffer>,
  sizes: readonly number[],
): Promise<FileDigest & { stamp?: string }> {
  const before = stampOf(await handle.stat({ bigint: true }));
  const digest = await digestOf(content, sizes);
  const after = stampOf(await handle.stat({ bigint: true }));
  return before === after ? { ...digest, stamp: before } : digest;
}

/** Whether the stamp alone says that a file has the content that was taken. */
export const isKnown = (before: TakenDelta | undefined, stamp: string | undefined): boolean =>
  before?.proven === true && stamp !== undefined && before.stamp === stamp;

/** What reading a file with the content that was taken has shown. */
export const lookOf = (before: TakenDelta, { stamp }: { stamp?: string }): DeltaLook[] =>
  stamp === undefined
    ? []
    : [
        {
          name: before.name,
          sha256: before.sha256,
          stamp,
          proven: before.rested === true && before.stamp === stamp,
        },
      ];
