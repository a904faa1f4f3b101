import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cliCacheDir, obtainTemporalCli } from '../local/temporal-cli.ts';
import { childEnvironment } from './environment.ts';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '..');

export interface Machine {
  processor: string;
  cores: number;
  /** GiB. */
  memory: number;
  system: string;
  /** Of the minute before the bench began: much above 0 means that others were at work. */
  load: number;
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release().split('.').slice(0, 2).join('.')}`,
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}

export interface Versions {
  syncline: string;
  /** With `+` behind it where the checkout has changes. */
  commit: string | undefined;
  node: string;
  postgres: string;
  temporal: string;
}

/** Finds the Temporal CLI or gets it, which may take minutes and must not fall into what is measured. */
export async function readVersions(
  postgres: string,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<Versions> {
  const env = childEnvironment();
  const cli = await obtainTemporalCli(
    { configured: env['SYNCLINE_TEMPORAL_CLI'], cacheDir: cliCacheDir(env), path: env['PATH'] ?? '' },
    note,
    signal,
  );
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return {
    syncline: version,
    commit: await readCommit(),
    node: process.versions.node,
    postgres,
    temporal: cli.version,
  };
}

async function readCommit(): Promise<string | undefined> {
  try {
    const { stdout } = await execute('git', ['describe', '--always', '--abbrev=10', '--dirty=+'], { cwd: root });
    return stdout.trim();
  } catch {
    // not a checkout
    return undefined;
  }
}
