import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { buildCli } from './temporal-build.ts';
import { downloadCli } from './temporal-download.ts';
import { reasonOf, StackError } from './stack-error.ts';

const execute = promisify(execFile);

/** The version that is downloaded or built: server 1.29.1. */
export const cliVersion = '1.5.1';

/** Priorities and fairness came with server 1.29; an older server ignores them without an error. */
const oldestServer = { major: 1, minor: 29 };

export interface TemporalCli {
  /** Absolute path. */
  path: string;
  /** What it calls itself, as in `1.5.1 (Server 1.29.1, UI 2.42.1)`. */
  version: string;
}

export interface CliSearch {
  /** SYNCLINE_TEMPORAL_CLI */
  configured: string | undefined;
  /** Absolute folder that keeps what was downloaded or built. */
  cacheDir: string;
  /** The PATH. */
  path: string;
}

/** The folder that keeps the CLI for all checkouts of this user. */
export function cliCacheDir(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CACHE_HOME'];
  return join(
    base === undefined || base === '' ? join(homedir(), '.cache') : base,
    'syncline',
    `temporal-cli-${cliVersion}`,
  );
}

/** Paths where a CLI may be, in order; if one is configured, only that path. */
export function cliPlaces({ configured, cacheDir, path }: CliSearch): { path: string; from: string }[] {
  if (configured !== undefined) return [{ path: configured, from: 'SYNCLINE_TEMPORAL_CLI' }];
  const onPath = path
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => ({ path: join(folder, 'temporal'), from: 'the PATH' }));
  return [...onPath, { path: join(cacheDir, 'temporal'), from: 'the cache' }];
}

/**
 * Finds the Temporal CLI, or gets it: by the official download, else built with Go.
 * @param note called with the current work, because this takes from seconds to minutes
 * @throws StackError with everything that was tried, and what to do
 */
export async function obtainTemporalCli(
  search: CliSearch,
  note: (text: string) => void,
  signal?: AbortSignal,
): Promise<TemporalCli> {
  const tried: string[] = [];
  for (const { path, from } of cliPlaces(search)) {
    const found = isExecutable(path) ? await probe(path, signal) : 'is not there, or not executable';
    if (typeof found !== 'string') return found;
    if (search.configured !== undefined) {
      throw new StackError(
        `SYNCLINE_TEMPORAL_CLI: ${path} ${found}.\nName a Temporal CLI ${cliVersion} or later, or unset the variable.`,
      );
    }
    if (isExecutable(path)) tried.push(`${path} (${from}) ${found}`);
  }
  if (tried.length === 0) tried.push(`there is no temporal on the PATH, nor in ${search.cacheDir}`);
  for (const obtain of [downloadCli, buildCli]) {
    try {
      const path = await obtain({
        version: cliVersion,
        cacheDir: search.cacheDir,
        note,
        ...(signal ? { signal } : {}),
      });
      const found = await probe(path, signal);
      if (typeof found !== 'string') return found;
      tried.push(`${path} ${found}`);
    } catch (error) {
      signal?.throwIfAborted();
      tried.push(reasonOf(error));
    }
  }
  throw new StackError(
    `Syncline found no Temporal server and could not install one:\n${tried.map((reason) => `  - ${reason}`).join('\n')}\n` +
      'Do one of these, then start again:\n' +
      '  - install the Temporal CLI (https://docs.temporal.io/cli#install), so that `temporal` is on the PATH\n' +
      '  - set SYNCLINE_TEMPORAL_CLI to the path of a Temporal CLI\n' +
      '  - install Go 1.25 or later (https://go.dev/dl), so that npm start can build the CLI\n' +
      '  - set SYNCLINE_TEMPORAL_ADDRESS to host:port of a Temporal server of your own',
  );
}

/** The version of a CLI, or why it cannot be used. */
async function probe(path: string, signal: AbortSignal | undefined): Promise<TemporalCli | string> {
  let said: string;
  try {
    said = (await execute(path, ['--version'], { timeout: 30_000, ...(signal ? { signal } : {}) })).stdout;
  } catch (error) {
    signal?.throwIfAborted();
    return `does not run: ${reasonOf(error)}`;
  }
  const version = /temporal version (.+)/.exec(said)?.[1]?.trim();
  if (version === undefined) return 'is not a Temporal CLI';
  return serverIsOld(version) ? `is too old: ${version}, but server 1.29 or later is needed` : { path, version };
}

/** @param version such as `1.5.1 (Server 1.29.1, UI 2.42.1)`; a version without a server is accepted */
export function serverIsOld(version: string): boolean {
  const [, major, minor] = /Server (\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return false;
  return (
    Number(major) < oldestServer.major || (Number(major) === oldestServer.major && Number(minor) < oldestServer.minor)
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
