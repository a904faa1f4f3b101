import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { processIdentity } from './process-identity.ts';

/** The processes of the stack in the order in which they end; those of one row end together. */
export const endingOrder = [['worker', 'api'], ['temporal'], ['postgres']] as const;
export type ServiceName = (typeof endingOrder)[number][number];

const childSchema = z.object({
  name: z.enum(['worker', 'api', 'temporal', 'postgres']),
  pid: z.int().positive(),
  identity: z.string(),
});
export type Child = z.infer<typeof childSchema>;

/** Records the running processes, so that the next start can end them if this process is killed. */
export function recordChildren(file: string, children: readonly Child[]): void {
  writeFileSync(`${file}.new`, JSON.stringify(children), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * Ends the processes that a killed supervisor left on this data folder, and no others: a process counts only if it is still
 * the recorded one.
 * @param patience milliseconds that each may take to end by itself
 */
export async function endLeftovers(file: string, say: (line: string) => void, patience = 15_000): Promise<void> {
  const children = readChildren(file);
  const lives = ({ pid, identity }: Child) => processIdentity(pid) === identity;
  for (const names of endingOrder) {
    const left = children.filter((child) => (names as readonly string[]).includes(child.name) && lives(child));
    await Promise.all(
      left.map(async (child) => {
        say(`The last run did not end its ${child.name} (process ${String(child.pid)}); ending it now.`);
        send(child.pid, child.name === 'postgres' ? 'SIGINT' : 'SIGTERM');
        const until = Date.now() + patience;
        while (lives(child) && Date.now() < until) await sleep(50);
        if (lives(child)) send(child.pid, 'SIGKILL');
        while (lives(child) && Date.now() < until + 5_000) await sleep(50);
      }),
    );
  }
  recordChildren(file, []);
}

function readChildren(file: string): Child[] {
  try {
    return z.array(childSchema).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone in the meantime
  }
}
