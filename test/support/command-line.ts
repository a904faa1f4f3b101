import { vi, type MockInstance } from 'vitest';
import { main } from '../../cli/main.ts';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/**
 * Runs the command line in this process, as `./syncline` runs it in one of its own: starting Node and reading the code takes
 * longer than most commands. What needs a process (a pipe that closes, a signal) starts one.
 * @param env what differs from the environment of the test
 */
export async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const before = process.env;
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(collect);
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(collect);
  process.env = { ...before, ...env };
  process.exitCode = 0;
  try {
    await main(['node', 'syncline', ...args]);
    return { code: exitCode(), out: written(out), err: written(err) };
  } finally {
    out.mockRestore();
    err.mockRestore();
    process.env = before;
    process.exitCode = 0;
  }
}

const exitCode = () => Number(process.exitCode ?? 0);

/** Takes what is written, and says that it was: streams wait for that. */
const collect = (_chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
  const done = rest.at(-1);
  if (typeof done === 'function') (done as () => void)();
  return true;
};

const written = (stream: MockInstance<typeof process.stdout.write>): string =>
  stream.mock.calls
    .map(([chunk]) => (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')))
    .join('');
