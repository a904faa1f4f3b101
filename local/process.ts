import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process of ours, from its start to its end. */
export interface RunningProcess {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Asks the process to end, by stronger signals over time; resolves when it has ended. */
  stop(): Promise<Exit>;
  /** SIGKILL. */
  kill(): void;
}

export interface LaunchOptions {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  stdio: StdioOptions;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** What stop() sends, and the milliseconds it then waits; SIGKILL follows the last one. */
  stopWith: readonly (readonly [NodeJS.Signals, number])[];
}

/**
 * Starts a process in a group of its own: a Ctrl-C at the terminal reaches only us, and we end the others in order.
 * @throws the system's error when the command cannot be started
 */
export async function launch(
  options: LaunchOptions,
): Promise<RunningProcess & { stdout: Readable | null; stderr: Readable | null }> {
  const child = spawn(options.command, options.args, {
    detached: true,
    env: options.env,
    stdio: options.stdio,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  const { pid } = child;
  if (pid === undefined) {
    const [error] = (await once(child, 'error')) as [Error];
    throw error;
  }
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
  });
  const gone = () => child.exitCode !== null || child.signalCode !== null;
  // A signal that cannot be sent (the process is gone, or is another user's) shows in `exited`, or in the wait below.
  child.on('error', () => undefined);
  return {
    pid,
    exited,
    stdout: child.stdout,
    stderr: child.stderr,
    async stop() {
      for (const [signal, milliseconds] of options.stopWith) {
        if (gone()) break;
        child.kill(signal);
        const timer = new AbortController();
        await Promise.race([exited, sleep(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined)]);
        timer.abort();
      }
      if (!gone()) child.kill('SIGKILL');
      return exited;
    },
    kill() {
      if (!gone()) child.kill('SIGKILL');
    },
  };
}

export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
}
