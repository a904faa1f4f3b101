import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { problemOf, send } from './client.ts';
import { Failure } from './failure.ts';
import type { Target } from './target.ts';
import { explainAnswer, explainBreak } from './unreachable.ts';

/**
 * Downloads a CSV file to standard output or to a file. The file appears when it is complete: a download that breaks off
 * leaves no part of a file.
 * @param path of the API, with its query
 * @throws Failure with what the API says, or that the download broke
 */
export async function download(target: Target, path: string, file: string | undefined): Promise<void> {
  // the time-out counts until the answer begins: the whole download may take longer
  const begin = new AbortController();
  const timer = setTimeout(() => {
    begin.abort(new DOMException('no answer', 'TimeoutError'));
  }, target.timeout);
  const response = await send(target, new URL(`${target.url}${path}`), begin.signal).finally(() => {
    clearTimeout(timer);
  });
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok && type.includes('json')) throw problemOf(response.status, await response.json());
  if (!response.ok || !type.startsWith('text/csv') || !response.body) throw explainAnswer(target, response);
  const body = Readable.fromWeb(response.body);
  if (file === undefined) {
    await pipeline(body, process.stdout, { end: false }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw broken(target, error);
    });
    return;
  }
  const part = `${file}.part`;
  try {
    await pipeline(body, createWriteStream(part));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    if ((error as NodeJS.ErrnoException).syscall !== undefined && (error as NodeJS.ErrnoException).path !== undefined)
      throw new Failure('missing-file', `The file ${file} cannot be written.`);
    throw broken(target, error);
  }
}

const broken = (target: Target, error: unknown) =>
  new Failure('unavailable', `The download broke off before its end. ${explainBreak(target, error).message}`);
