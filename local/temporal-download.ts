import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { reasonOf } from './stack-error.ts';

/** How a CLI is to be obtained. */
export interface ObtainOptions {
  version: string;
  /** The folder it goes to, as `temporal`. */
  cacheDir: string;
  note: (text: string) => void;
  signal?: AbortSignal;
}

const source = 'https://temporal.download';
const infoSchema = z.object({ archiveUrl: z.url(), fileToExtract: z.string().min(1) });

/**
 * Fetches the official archive for this platform and unpacks the CLI.
 * @param from the address of the download service
 * @returns the path of the CLI
 * @throws an Error that says why; within seconds where there is no internet
 */
export async function downloadCli({ version, cacheDir, note, signal }: ObtainOptions, from = source): Promise<string> {
  note(`asking ${from} for the Temporal CLI ${version}`);
  const platform = process.platform === 'darwin' ? 'darwin' : 'linux';
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
  let scratch: string | undefined;
  try {
    const query = new URLSearchParams({ arch, platform, format: 'tar.gz' });
    const answer = await open(`${from}/cli/v${version}?${query.toString()}`, signal);
    const info = infoSchema.parse(await answer.json());
    const archive = await open(info.archiveUrl, signal);
    mkdirSync(cacheDir, { recursive: true });
    scratch = mkdtempSync(join(cacheDir, 'download-'));
    await unpack(archive, scratch, info.fileToExtract, note);
    const unpacked = join(scratch, info.fileToExtract);
    chmodSync(unpacked, 0o755);
    // Renamed, it is there whole or not at all; a second one that does the same comes to the same.
    const path = join(cacheDir, 'temporal');
    renameSync(unpacked, path);
    return path;
  } catch (error) {
    throw new Error(`the download from ${from} failed: ${reasonOf(error)}`, { cause: error });
  } finally {
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  }
}

/** Waits at most five seconds for an answer to begin, and as long as it takes for its end. */
async function open(url: string, signal: AbortSignal | undefined): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new Error(`${new URL(url).host} did not answer within 5 s`));
  }, 5_000);
  try {
    const response = await fetch(url, { signal: signal ? AbortSignal.any([late.signal, signal]) : late.signal });
    if (!response.ok) throw new Error(`${new URL(url).host} answered ${String(response.status)}`);
    return response;
  } finally {
    clearTimeout(timer);
  }
}

async function unpack(archive: Response, folder: string, file: string, note: (text: string) => void): Promise<void> {
  if (!archive.body) throw new Error('the archive is empty');
  const total = Number(archive.headers.get('content-length') ?? 0);
  const of = total > 0 ? ` of ${megabytes(total)}` : '';
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      note(`downloading the Temporal CLI, ${megabytes(bytes)}${of} MB`);
      done(null, chunk);
    },
  });
  const tar = spawn('tar', ['-xzf', '-', '-C', folder, file], { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  tar.stderr.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const ended = once(tar, 'close') as Promise<[number | null]>;
  const [fed, [code]] = await Promise.all([
    pipeline(Readable.fromWeb(archive.body), counter, tar.stdin).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error : new Error('the archive broke off')),
    ),
    ended,
  ]);
  if (code !== 0) throw new Error(`tar could not unpack it: ${said.trim()}`);
  if (fed !== undefined) throw fed;
}

const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(0);
