import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { SyncError } from '../../domain/errors.ts';
import type { Patience } from './patience.ts';
import { headerOf, type Headers } from './retry-after.ts';

/** The unpacked body of an answer of at most so many bytes. Ends the patience. */
export async function* bodyOf(
  { headers, body }: Pick<Dispatcher.ResponseData, 'headers' | 'body'>,
  patience: Patience,
  base: URL,
  most: number,
): AsyncGenerator<Uint8Array> {
  if (Number(headerOf(headers, 'content-length') ?? 0) > most) {
    body.destroy();
    patience.end();
    throw tooLarge(base, most);
  }
  const packing = headerOf(headers, 'content-encoding')?.toLowerCase() ?? 'identity';
  if (!['identity', 'gzip', 'x-gzip', ''].includes(packing)) {
    body.destroy();
    patience.end();
    throw badBody(base, 'packs its answer in a way that was not asked for');
  }
  // pipeline hands errors on and ends both
  const unpacked = packing.endsWith('gzip') ? pipeline(body, createGunzip(), () => undefined) : body;
  let bytes = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > most) throw tooLarge(base, most);
      yield chunk;
    }
  } finally {
    patience.end();
    unpacked.destroy();
    body.destroy();
  }
}

/** JSON is UTF-8 unless the answer says otherwise. @throws TypeError or RangeError */
export function decode(bytes: Buffer, headers: Headers): string {
  const [, charset = 'utf-8'] = /;\s*charset="?([^";\s]+)/i.exec(headerOf(headers, 'content-type') ?? '') ?? [];
  return new TextDecoder(charset, { fatal: true }).decode(bytes);
}

/** Whether a text is a page of HTML, or XML. */
export const isPage = (text: string): boolean => /^\s*</.test(text.slice(0, 1000));

/** A connection can be used again once its body has ended; a long one is not worth it. */
export async function end({ body }: Dispatcher.ResponseData): Promise<void> {
  await body.dump({ limit: 1 << 16 }).catch(() => undefined);
}

/** Where an answer came from, without the query: it may hold values. */
export const placeOf = ({ origin, pathname }: URL): string => `${origin}${pathname}`;

export const badBody = (url: URL, what: string, cause?: unknown): SyncError =>
  new SyncError('bad-body', `${placeOf(url)} ${what}.`, {}, { cause });

const tooLarge = (base: URL, bytes: number) =>
  new SyncError(
    'too-large',
    `An answer of ${base.origin} is larger than ${(bytes / (1 << 20)).toLocaleString('en-US')} MiB. Set a smaller page size, or read it as CSV.`,
  );
