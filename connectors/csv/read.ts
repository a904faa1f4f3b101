import { createHash } from 'node:crypto';
import { stat, type FileHandle } from 'node:fs/promises';
import { SyncError } from '../../domain/errors.ts';
import { chooseDecoder } from './decode.ts';
import { empty } from './header.ts';
import { Reader, type ReaderEvent } from './reader.ts';
import type { CsvSettings } from './settings.ts';

/** `reason`: why the file may have been cut short. */
export type FileEvent = ReaderEvent | { kind: 'end'; reason?: string; sha256: string; bytes: number };

/** One strict streaming pass over an open file: hash, decode, parse, check; closes nothing. Records come in file order. */
export async function* readCsv(
  handle: FileHandle,
  path: string,
  table: string,
  settings: CsvSettings,
  signal?: AbortSignal,
): AsyncGenerator<FileEvent> {
  const before = await handle.stat({ bigint: true });
  if (before.size === 0n) throw empty(table);
  const hash = createHash('sha256');
  const reader = new Reader(table, settings);
  let bytes = 0;
  let decoder: ReturnType<typeof chooseDecoder> | undefined;
  let finalByte: number | undefined;
  // the first chunk is large enough for any byte order mark and the look at UTF-16
  for await (const chunk of handle.createReadStream({
    autoClose: false,
    start: 0,
    highWaterMark: 256 * 1024,
  }) as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    hash.update(chunk);
    bytes += chunk.length;
    let fresh = chunk;
    if (!decoder) {
      decoder = chooseDecoder(chunk, settings.encoding, table);
      fresh = chunk.subarray(decoder.skip);
    }
    const text = decoder.decoder.decode(fresh);
    finalByte = text.at(-1) ?? finalByte;
    yield* reader.take(text);
  }
  const rest = decoder?.decoder.end();
  if (rest && rest.length > 0) {
    finalByte = rest.at(-1);
    yield* reader.take(rest);
  }
  const finalNewline = finalByte === 0x0a || finalByte === 0x0d;
  yield* reader.end(finalNewline);
  await refuseChange(handle, path, table, before);
  const proven = finalNewline || settings.finalNewline === 'optional';
  yield {
    kind: 'end',
    ...(proven ? {} : { reason: 'The last line has no line break: the file may have been cut short.' }),
    sha256: hash.digest('hex'),
    bytes,
  };
}

async function refuseChange(
  handle: FileHandle,
  path: string,
  table: string,
  before: Awaited<ReturnType<typeof bigStat>>,
): Promise<void> {
  const after = await handle.stat({ bigint: true });
  let named;
  try {
    named = await bigStat(path);
  } catch (cause) {
    throw changed(table, cause);
  }
  for (const now of [after, named])
    if (
      now.dev !== before.dev ||
      now.ino !== before.ino ||
      now.size !== before.size ||
      now.mtimeNs !== before.mtimeNs ||
      now.ctimeNs !== before.ctimeNs
    )
      throw changed(table);
}

const bigStat = (path: string) => stat(path, { bigint: true });

export function changed(table: string, cause?: unknown): SyncError {
  return new SyncError(
    'changed-during-read',
    `${table} was changed or replaced while it was read. Write files under another name and rename them when they are complete. Then start the sync again.`,
    { table },
    { cause },
  );
}
