import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasDebian } from './debian.ts';

const run = promisify(execFile);

/** Servers that tests run against, as PyPI has them, each in an environment of its own. */
const servers = {
  // what its server needs for these two services: all that moto[server] names takes three times as long
  moto_server: ['moto[s3,iam]==5.2.5', 'flask', 'flask-cors'],
  'scim2-server': ['scim2-server==0.8.3'],
} as const;
export type PythonServer = keyof typeof servers;

const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
const folderOf = (server: PythonServer) =>
  join(cache, 'syncline-test', createHash('sha256').update(servers[server].join(' ')).digest('hex').slice(0, 12));

/** The program of a server that the machine has. */
export const programOf = (server: PythonServer): string => join(folderOf(server), 'bin', server);

/**
 * Whether the machine has a server. In CI, or where `SYNCLINE_TEST_INSTALL` is set, it is installed if it is missing, and a machine
 * that cannot install it fails the tests. Elsewhere nothing is installed: the caller skips, and the name of the test says what
 * to install.
 * @throws Error in CI, if it cannot be installed
 */
export async function hasPython(server: PythonServer): Promise<boolean> {
  const folder = folderOf(server);
  const done = join(folder, 'installed');
  if (existsSync(done)) return true;
  if (process.env['CI'] === undefined && process.env['SYNCLINE_TEST_INSTALL'] === undefined) return false;
  if (!(await hasVenv())) await hasDebian('python3-venv');
  await mkdir(folder, { recursive: true });
  // several test files ask at once
  const script = `[ -e "$1/installed" ] || { python3 -m venv "$1" && f=$1 && shift && "$f/bin/pip" install -q --disable-pip-version-check "$@"; }`;
  await run('flock', [`${folder}.lock`, 'sh', '-c', script, 'sh', folder, ...servers[server]], { maxBuffer: 64 << 20 });
  if (!existsSync(programOf(server))) throw new Error(`pip did not bring ${server}.`);
  await writeFile(done, '');
  return true;
}

const hasVenv = () =>
  run('python3', ['-c', 'import venv, ensurepip']).then(
    () => true,
    () => false,
  );

/** What a skipped test says. */
export const needsPython = (server: PythonServer): string =>
  `needs Python: SYNCLINE_TEST_INSTALL=1 installs ${servers[server].join(' ')}`;
