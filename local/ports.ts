import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { codeOf, reasonOf, StackError } from './stack-error.ts';

const execute = promisify(execFile);

export interface PortUse {
  /** What listens there, as in `the API`. */
  what: string;
  /** The variable that changes it. */
  variable: string;
  host: string;
  /** 0: any free one. */
  port: number;
}

/**
 * Checks that a port can be listened on, before anything is started.
 * @returns the port, or a free one for 0
 * @throws StackError naming the port, the variable that changes it and, if it is known, the process that uses it
 */
export async function claimPort(use: PortUse): Promise<number> {
  if (use.port === 0 && use.host === '127.0.0.1') return freePort();
  try {
    return await tryListen(use.port, use.host);
  } catch (error) {
    const where = `${use.host}:${String(use.port)}`;
    const change = `set ${use.variable} to another port (0: any free one)`;
    const code = codeOf(error);
    if (code === 'EADDRINUSE') {
      const holder = await holderOf(use.port);
      throw new StackError(
        `Port ${String(use.port)}, needed for ${use.what}, is in use${holder === undefined ? '' : ` by ${holder}`}.\n` +
          `Stop what uses it, or ${change}.`,
      );
    }
    if (code === 'EACCES')
      throw new StackError(`This user may not listen on ${where}, which ${use.what} needs: ${change}.`);
    throw new StackError(`Syncline cannot listen on ${where}, which ${use.what} needs: ${reasonOf(error)}.`);
  }
}

/** Below the ports that systems give to connections (32768 on Linux, 49152 elsewhere), and above the well-known ones. */
const lowest = 15_000;
const highest = 32_767;

/** What this process has handed out: two callers never get the same port, though neither listens on it yet. */
const given = new Set<number>();

/**
 * A port of the loopback address that is free now. It lies outside the range from which the system takes ports for
 * connections, so that no connection takes it before its server listens.
 */
export async function freePort(): Promise<number> {
  for (let left = 100; left > 0; left -= 1) {
    const port = randomInt(lowest, highest + 1);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  return tryListen(0, '127.0.0.1');
}

export async function isFree(port: number): Promise<boolean> {
  try {
    await tryListen(port, '127.0.0.1');
    return true;
  } catch {
    return false;
  }
}

function tryListen(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address() as AddressInfo;
      server.close(() => {
        resolve(address.port);
      });
    });
  });
}

/** Name and number of the process that listens on a port; undefined if no tool of the system finds it. */
async function holderOf(port: number): Promise<string | undefined> {
  try {
    const { stdout } = await execute('lsof', ['-nP', `-iTCP:${String(port)}`, '-sTCP:LISTEN', '-Fpc']);
    const [, pid, name] = /^p(\d+)\nc(.+)$/m.exec(stdout) ?? [];
    if (pid !== undefined && name !== undefined) return `${name} (process ${pid})`;
  } catch {
    // not installed, or it found nothing this user may see
  }
  try {
    const { stdout } = await execute('ss', ['-ltnpH', `sport = :${String(port)}`]);
    const [, name, pid] = /\("([^"]+)",pid=(\d+)/.exec(stdout) ?? [];
    if (pid !== undefined && name !== undefined) return `${name} (process ${pid})`;
  } catch {
    // the same
  }
  return undefined;
}
