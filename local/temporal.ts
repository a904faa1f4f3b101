import { closeSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { searchAttributes } from '../workflows/names.ts';
import { openLog, sizeOf, tailOf, writtenSince } from './log-file.ts';
import { freePort } from './ports.ts';
import { describeExit, launch, type RunningProcess } from './process.ts';
import { reasonOf, StackError } from './stack-error.ts';

export interface TemporalOptions {
  /** Absolute path of the Temporal CLI, which holds the server. */
  cli: string;
  /** Absolute path of the file that keeps everything; undefined: in memory. */
  dbFile: string | undefined;
  /** 0: any free one. */
  port: number;
  /** 0: any free one; undefined: no Web UI. */
  uiPort: number | undefined;
  namespace: string;
  /** Absolute path; appended to. */
  logFile: string;
  /** Called as soon as the process exists, before it answers. */
  spawned?: (pid: number) => void;
  signal?: AbortSignal;
}

export interface RunningTemporal extends RunningProcess {
  /** host:port */
  address: string;
  port: number;
  uiPort: number | undefined;
}

/** The server's names of the types of search attributes. */
const attributeTypes = { KEYWORD: 'Keyword', INT: 'Int' } as const;

/** Without both, the server ignores priorities and fairness without an error. */
const fairness = ['matching.useNewMatcher=true', 'matching.enableFairness=true'];

/** The server chooses ports for its inner services, and another process can take one of them before it listens. */
const attempts = 3;

/**
 * Starts a Temporal server on the loopback address, with our namespace and search attributes.
 * It is started again where another process took one of its ports meanwhile.
 * @returns when it answers
 * @throws StackError when it does not come up
 */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  for (let attempt = 1; ; attempt += 1) {
    const before = sizeOf(options.logFile);
    try {
      return await startOnce(options);
    } catch (error) {
      const lostPort = writtenSince(options.logFile, before).includes('address already in use');
      if (attempt === attempts || !lostPort || !(error instanceof StackError)) throw error;
    }
  }
}

async function startOnce(options: TemporalOptions): Promise<RunningTemporal> {
  const { namespace, logFile, signal } = options;
  const port = options.port === 0 ? await freePort() : options.port;
  const uiPort = options.uiPort === 0 ? await freePort() : options.uiPort;
  signal?.throwIfAborted();
  const log = openLog(logFile);
  const running = await launch({
    command: options.cli,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'],
      ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
      ...(options.dbFile === undefined ? [] : ['--db-filename', options.dbFile]),
      // the server makes `default` by itself
      ...(namespace === 'default' ? [] : ['--namespace', namespace]),
      ...Object.values(searchAttributes).flatMap((key) => [
        '--search-attribute',
        `${key.name}=${attributeTypes[key.type]}`,
      ]),
      ...fairness.flatMap((value) => ['--dynamic-config-value', value]),
    ],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    stdio: ['ignore', log, log],
    stopWith: [['SIGTERM', 15_000]],
  }).finally(() => {
    closeSync(log);
  });
  options.spawned?.(running.pid);
  try {
    await untilReady(running, port, namespace, logFile, signal);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return { ...running, address: `127.0.0.1:${String(port)}`, port, uiPort };
}

async function untilReady(
  running: RunningProcess,
  port: number,
  namespace: string,
  logFile: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const until = Date.now() + 60_000;
  const log = () => `Its log, ${logFile}, ends with:\n${tailOf(logFile)}`;
  const ended = running.exited.then((exit) => {
    throw new StackError(`The Temporal server did not start (${describeExit(exit)}). ${log()}`);
  });
  ended.catch(() => undefined);
  for (;;) {
    signal?.throwIfAborted();
    try {
      await Promise.race([accepts(port), ended]);
      await Promise.race([answers(`127.0.0.1:${String(port)}`, namespace), ended]);
      return;
    } catch (error) {
      if (error instanceof StackError) throw error;
      if (Date.now() > until) {
        throw new StackError(`The Temporal server does not answer: ${reasonOf(error)}. ${log()}`);
      }
    }
    await Promise.race([sleep(50), ended]);
  }
}

/** A gRPC client that connects too early waits for seconds; a plain connection shows at once whether the server listens. */
function accepts(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

async function answers(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 5_000 });
  try {
    await connection.workflowService.describeNamespace({ namespace });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = Object.values(searchAttributes).find((key) => !(key.name in customAttributes));
    if (missing) throw new Error(`the search attribute ${missing.name} does not exist yet`);
  } finally {
    await connection.close();
  }
}
