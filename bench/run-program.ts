import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { peakMemory } from './worker-memory.ts';

export interface ProgramRun {
  /** From its start to its end, all of it. */
  seconds: number;
  /** Sum of the peaks of its processes, MB; undefined where the system does not count it. */
  memory: number | undefined;
}

export interface Program {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
}

/** Far beyond what any of them takes; one that hangs must not stop the bench for ever. */
const longest = 30 * 60_000;
const lookEvery = 50;

/**
 * Runs a program to its end.
 * @throws an Error with the end of what it said when it fails
 */
export async function runProgram({ command, args, env, cwd }: Program, signal: AbortSignal): Promise<ProgramRun> {
  const began = performance.now();
  const child = spawn(command, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    timeout: longest,
    ...(cwd === undefined ? {} : { cwd }),
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-4_000);
    });
  const peaks = new Map<number, number>();
  const look = () => {
    for (const pid of child.pid === undefined ? [] : familyOf(child.pid))
      peaks.set(pid, Math.max(peakMemory(pid) ?? 0, peaks.get(pid) ?? 0));
  };
  const timer = setInterval(look, lookEvery);
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, killed) => {
        if (code === 0) resolve();
        else reject(new Error(`${killed ?? `exit code ${String(code)}`}\n${plain(said)}`));
      });
    });
  } finally {
    clearInterval(timer);
  }
  const memory = [...peaks.values()].reduce((sum, peak) => sum + peak, 0);
  return { seconds: (performance.now() - began) / 1000, memory: memory > 0 ? memory : undefined };
}

/** A process and all that it has started. */
function familyOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').trim();
    return [pid, ...(children === '' ? [] : children.split(' ').flatMap((child) => familyOf(Number(child))))];
  } catch {
    return [pid];
  }
}

const escape = String.fromCharCode(27);
/** Without the colours of a terminal, the last lines. */
const plain = (text: string) =>
  text
    .split(escape)
    .map((part, n) => (n === 0 ? part : part.replace(/^\[[0-9;]*m/, '')))
    .join('')
    .trim()
    .split('\n')
    .slice(-8)
    .join('\n');
