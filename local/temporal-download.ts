import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { reasonOf } from './stack-error.ts';

/** How to get a CLI. */
export interface ObtainOptions {
  version: string;
  /** The folder it goes to, as `temporal`. */
  cacheDir: string;
  note: (text: string) => void;
  signal?: AbortSignal;
}

/** Where an archive is published, and the SHA-256 that it must have. */
export interface Release {
  from: string;
  digests: Readonly<Record<string, string>>;
}

/** SHA-256 of the archives of CLI 1.5.1 at its publisher, by platform. Another version needs digests of its own. */
const official: Release = {
  from: 'https://github.com/temporalio/cli/releases/download',
  digests: {
    'temporal_cli_1.5.1_linux_amd64.tar.gz': 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
    'temporal_cli_1.5.1_linux_arm64.tar.gz': 'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5',
    'temporal_cli_1.5.1_darwin_amd64.tar.gz': 'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
    'temporal_cli_1.5.1_darwin_arm64.tar.gz': 'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
  },
};

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** The name of the archive for a platform and a processor, as Node names them. */
export const archiveOf = (version: string, platform: string, arch: string) =>
  `temporal_cli_${version}_${platform}_${architectures[arch] ?? arch}.tar.gz`;

/**
 * Fetches the official archive for this platform, checks that it is the one that was published, and unpacks the CLI.
 * @returns the path of the CLI
 * @throws an Error that says why; within seconds if there is no internet
 */
export async function downloadCli(
  { version, cacheDir, note, signal }: ObtainOptions,
  { from, digests }: Release = official,
): Promise<string> {
  const archive = archiveOf(version, process.platform, process.arch);
  const expected = digests[archive];
  if (expected === undefined)
    throw new Error(
      `the CLI is not downloaded: Syncline does not know the SHA-256 of ${archive}, so it cannot check the archive`,
    );
  const url = `${from}/v${version}/${archive}`;
  note(`requesting the Temporal CLI ${version} from ${new URL(url).host}`);
  let scratch: string | undefined;
  try {
    const response = await open(url, signal);
    mkdirSync(cacheDir, { recursive: true });
    scratch = mkdtempSync(join(cacheDir, 'download-'));
    const file = join(scratch, archive);
    const found = await save(response, file, note);
    // the archive is not unpacked before this check
    if (found !== expected)
      throw new Error(`the archive is not the published one: its SHA-256 is ${found}, expected ${expected}`);
    await promisify(execFile)('tar', ['-xzf', file, '-C', scratch, 'temporal']);
    // Renaming makes the file appear complete. If two processes do this at once, both make the same file.
    const path = join(cacheDir, 'temporal');
    renameSync(join(scratch, 'temporal'), path);
    return path;
  } catch (error) {
    throw new Error(`the download from ${new URL(url).host} failed: ${reasonOf(error)}`, { cause: error });
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

/** @returns the SHA-256 of what was saved */
async function save(response: Response, file: string, note: (text: string) => void): Promise<string> {
  if (!response.body) throw new Error('the archive is empty');
  const total = Number(response.headers.get('content-length') ?? 0);
  const of = total > 0 ? ` of ${megabytes(total)}` : '';
  const hash = createHash('sha256');
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      note(`downloading the Temporal CLI, ${megabytes(bytes)}${of} MB`);
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), counter, createWriteStream(file, { mode: 0o600 }));
  return hash.digest('hex');
}

const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(0);
