import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runAs, type Account } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { commandLine } from './process-identity.ts';
import { codeOf, reasonOf, StackError } from './stack-error.ts';

const execute = promisify(execFile);

/** The environment of Postgres' programs: without Syncline's variables, and without `PG*`, which would change their settings. */
export const postgresEnvironment: NodeJS.ProcessEnv = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };

/** The major version that made the data in a folder, undefined when there is none yet. */
export function clusterMajor(cluster: string): number | undefined {
  const file = join(cluster, 'PG_VERSION');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}

/**
 * Makes a new, empty database cluster; an interrupted attempt leaves no cluster.
 * @param cluster the folder that appears when all is done
 * @param password of the superuser `postgres`
 */
export async function initCluster(options: {
  cluster: string;
  binaries: PostgresBinaries;
  account: Account | undefined;
  password: string;
  durable: boolean;
  signal: AbortSignal | undefined;
}): Promise<void> {
  const { cluster, binaries, account } = options;
  const unfinished = `${cluster}.new`;
  const passwordFile = `${cluster}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  if (account) for (const path of [unfinished, passwordFile]) chownSync(path, account.uid, account.gid);
  const { command, args, ...ids } = runAs(account, join(binaries.folder, 'initdb'), [
    ...[`--pgdata=${unfinished}`, '--username=postgres', `--pwfile=${passwordFile}`],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions'],
    ...(await localeArguments(binaries.major)),
    ...(options.durable ? [] : ['--no-sync']),
  ]);
  try {
    await execute(command, args, {
      ...ids,
      cwd: '/',
      env: postgresEnvironment,
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    options.signal?.throwIfAborted();
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new StackError(`Postgres' initdb failed in ${cluster}:\n  ${said === '' ? reasonOf(error) : said}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, cluster);
}

/** Text sorts by its bytes, everywhere the same; upper and lower case know all letters where the system lets them. */
async function localeArguments(major: number): Promise<string[]> {
  const sorting = ['--lc-collate=C', '--lc-messages=C', '--lc-monetary=C', '--lc-numeric=C', '--lc-time=C'];
  if (major >= 17) return [...sorting, '--lc-ctype=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const known = await execute('locale', ['-a']).catch(() => ({ stdout: '' }));
  return [...sorting, `--lc-ctype=${/^C\.utf-?8$/im.exec(known.stdout)?.[0] ?? 'C'}`];
}

/**
 * Removes a `postmaster.pid` whose process number now belongs to another program; Postgres itself sees to a dead one.
 * @throws StackError when a Postgres really runs on this folder
 */
export function clearStalePid(cluster: string): void {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (!isTaken(pid)) return;
  if (commandLine(pid)?.includes(cluster)) {
    throw new StackError(
      `A Postgres already runs on ${cluster}: process ${String(pid)}.\nEnd it (kill -INT ${String(pid)}), then start again.`,
    );
  }
  rmSync(file);
}

/** Whether the number is in the process table, as anything: Postgres looks no closer. */
function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
