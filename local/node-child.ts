import { closeSync, writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { builtFlags } from './built.ts';
import { openLog } from './log-file.ts';
import { launch, type RunningProcess } from './process.ts';

const warning = 40;
/** Rows stream through a process; without a limit Node lets garbage grow with the memory of the machine. */
const heapLimits = ['--max-old-space-size=256', '--max-semi-space-size=4'];
/** glibc keeps memory apart for each thread, of which Temporal's core has many; two parts are enough, and 30 MB less. */
const fewArenas = { MALLOC_ARENA_MAX: '2' };
const repeatAfter = 10_000;
const entrySchema = z.object({ level: z.number(), msg: z.string().default(''), err: z.unknown().optional() });

/**
 * Starts one of our own processes. Its output goes to its log; warnings, errors and what is no log entry also to the
 * terminal, the same message at most every ten seconds.
 * @param entry absolute path of its main file
 */
export async function startNodeChild(options: {
  name: string;
  entry: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  say: (line: string) => void;
  spawned?: (pid: number) => void;
}): Promise<RunningProcess> {
  const { name, say } = options;
  const running = await launch({
    command: process.execPath,
    args: [...heapLimits, ...builtFlags, options.entry],
    cwd: options.cwd,
    env: { ...fewArenas, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    stopWith: [['SIGTERM', 15_000]],
  });
  options.spawned?.(running.pid);
  const log = openLog(options.logFile);
  const said = new Map<string, number>();
  const lines = [running.stdout, running.stderr]
    .flatMap((stream) => (stream ? [stream] : []))
    .map((input) => {
      const reader = createInterface({ input });
      reader.on('line', (line) => {
        writeSync(log, `${line}\n`);
        const message = forTerminal(line);
        if (message === undefined) return;
        const last = said.get(message);
        if (last !== undefined && performance.now() - last < repeatAfter) return;
        said.set(message, performance.now());
        say(`${name}: ${message}`);
      });
      return new Promise((resolve) => reader.once('close', resolve));
    });
  // The last lines are printed before the message about the end.
  const exited = Promise.all([running.exited, ...lines]).then(([exit]) => {
    closeSync(log);
    return exit;
  });
  return { ...running, exited };
}

/** The part of a line that the terminal shows; empty for entries below a warning. */
export function forTerminal(line: string): string | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return line.trim() === '' ? undefined : line;
  }
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) return line;
  const { level, msg, err } = parsed.data;
  if (level < warning) return undefined;
  const detail = z.object({ message: z.string() }).safeParse(err);
  return detail.success && detail.data.message !== msg ? `${msg}: ${detail.data.message}` : msg;
}
