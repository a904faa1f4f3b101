import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { openLog, tailOf } from './log-file.ts';
import { freePort, isFree } from './ports.ts';
import { runAs, settleAccount } from './postgres-account.ts';
import { findPostgres } from './postgres-binaries.ts';
import { clearStalePid, clusterMajor, initCluster, postgresEnvironment } from './postgres-cluster.ts';
import { describeExit, launch, type RunningProcess } from './process.ts';
import { codeOf, reasonOf, StackError } from './stack-error.ts';

const role = 'syncline';

export interface PostgresOptions {
  /** Absolute folder that holds the cluster, its port and its passwords; made when missing. */
  dataDir: string;
  /** 0: the one it had the last time, or any free one. */
  port: number;
  /** Absolute path; appended to. */
  logFile: string;
  /** false: faster, and loses everything when the machine fails. For tests. */
  durable?: boolean;
  /** Called as soon as the process exists, before it answers. */
  spawned?: (pid: number) => void;
  signal?: AbortSignal;
}

export interface RunningPostgres extends RunningProcess {
  /** Of the role and database `syncline`, with its password. */
  url: string;
  /** Of the superuser, on the database `postgres`. */
  adminUrl: string;
  port: number;
  version: string;
}

const accessSchema = z.object({ port: z.int(), adminPassword: z.string(), password: z.string() });

/** For a laptop that loads hundreds of thousands of rows at once. */
const settings = (durable: boolean): Record<string, string> => ({
  listen_addresses: '127.0.0.1',
  // a socket's path may have 107 bytes at most, and a data folder's is often longer
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  maintenance_work_mem: '256MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The log is only about the server. Errors of statements are reported to the client, and their messages can hold
  // people's data.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
});

/**
 * Starts a Postgres on the loopback address, making its cluster, role and database the first time.
 * @returns when it answers
 * @throws StackError when there are no usable programs, or it does not come up
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, logFile, signal } = options;
  const durable = options.durable ?? true;
  const cluster = join(dataDir, 'cluster');
  mkdirSync(dataDir, { recursive: true });
  const binaries = await findPostgres(clusterMajor(cluster), process.env['PATH'] ?? '');
  const account = await settleAccount(dataDir, binaries.folder);
  const access = readAccess(dataDir, cluster);
  if (clusterMajor(cluster) === undefined) {
    await initCluster({ cluster, binaries, account, password: access.adminPassword, durable, signal });
  }
  clearStalePid(cluster);
  const port = await choosePort(options.port, access.port);
  writeAccess(dataDir, { ...access, port });
  signal?.throwIfAborted();

  const log = openLog(logFile);
  const running = await launch({
    ...runAs(account, join(binaries.folder, 'postgres'), [
      ...['-D', cluster, '-p', String(port)],
      ...Object.entries(settings(durable)).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]),
    cwd: '/',
    env: postgresEnvironment,
    stdio: ['ignore', log, log],
    // "fast": running statements are cancelled; then "immediate": as a crash, without loss
    stopWith: [
      ['SIGINT', 30_000],
      ['SIGQUIT', 5_000],
    ],
  }).finally(() => {
    closeSync(log);
  });
  options.spawned?.(running.pid);
  const at = (user: string, password: string, database: string) =>
    `postgresql://${user}:${password}@127.0.0.1:${String(port)}/${database}`;
  const adminUrl = at('postgres', access.adminPassword, 'postgres');
  try {
    await untilReady(running, adminUrl, access.password, logFile, signal);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return { ...running, url: at(role, access.password, role), adminUrl, port, version: binaries.version };
}

async function choosePort(wanted: number, last: number): Promise<number> {
  if (wanted !== 0) return wanted;
  return last !== 0 && (await isFree(last)) ? last : await freePort();
}

function readAccess(dataDir: string, cluster: string): z.infer<typeof accessSchema> {
  const file = join(dataDir, 'access.json');
  if (existsSync(file)) {
    const parsed = accessSchema.safeParse(parseJson(readFileSync(file, 'utf8')));
    if (parsed.success) return parsed.data;
  }
  if (existsSync(cluster)) {
    throw new StackError(
      `${file}, the file with the passwords of the database, is missing or damaged.\n` +
        'Restore it from a backup, or set SYNCLINE_DATA_DIR to a new folder to start empty.',
    );
  }
  return { port: 0, adminPassword: randomBytes(24).toString('hex'), password: randomBytes(24).toString('hex') };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function writeAccess(dataDir: string, access: z.infer<typeof accessSchema>): void {
  const file = join(dataDir, 'access.json');
  writeFileSync(`${file}.new`, JSON.stringify(access), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Waits, also through the recovery after a crash, and makes the role and database if they are missing. */
async function untilReady(
  running: RunningProcess,
  adminUrl: string,
  password: string,
  logFile: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const until = Date.now() + 300_000;
  const ended = running.exited.then((exit) => {
    throw new StackError(
      `Postgres did not start (${describeExit(exit)}). Its log, ${logFile}, ends with:\n${tailOf(logFile)}`,
    );
  });
  ended.catch(() => undefined);
  for (;;) {
    signal?.throwIfAborted();
    try {
      await Promise.race([ensureDatabase(adminUrl, password), ended]);
      return;
    } catch (error) {
      if (error instanceof StackError) throw error;
      // refused: not listening yet; 57P03: still recovering
      const early = ['ECONNREFUSED', 'ECONNRESET', '57P03'].includes(codeOf(error) ?? '');
      if (!early || Date.now() > until) {
        throw new StackError(
          `Postgres refuses the login of Syncline: ${reasonOf(error)}. Its log, ${logFile}, ends with:\n${tailOf(logFile)}`,
        );
      }
    }
    await Promise.race([sleep(100), ended]);
  }
}

async function ensureDatabase(adminUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const exists = async (sql: string) => ((await client.query(sql, [role])).rowCount ?? 0) > 0;
    if (!(await exists('select from pg_roles where rolname = $1'))) {
      await client.query(`create role ${role} login password ${client.escapeLiteral(password)}`);
    }
    if (!(await exists('select from pg_database where datname = $1'))) {
      await client.query(`create database ${role} owner ${role}`);
    }
  } finally {
    await client.end();
  }
}
