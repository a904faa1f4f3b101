import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { processIdentity } from './process-identity.ts';
import { codeOf, StackError } from './stack-error.ts';

const holderSchema = z.object({ pid: z.int().positive(), identity: z.string(), startedAt: z.string() });

export interface Lock {
  /** What the person should know: a stale lock was taken over. */
  note: string | undefined;
  release(): void;
}

/**
 * Takes a folder for this process alone: a second supervisor on the same data would ruin it.
 * @param file the lock, `<data>/lock.json`, with the process and when it began; appears whole or not at all
 * @throws StackError when a living process holds it
 */
export function acquireLock(file: string): Lock {
  const own = JSON.stringify({
    pid: process.pid,
    identity: processIdentity(process.pid) ?? '',
    startedAt: new Date().toISOString(),
  });
  const fresh = `${file}.${String(process.pid)}`;
  writeFileSync(fresh, own, { mode: 0o600 });
  try {
    let note: string | undefined;
    while (!tryLink(fresh, file)) {
      const found = read(file);
      if (found === undefined) continue; // released just now
      const holder = parse(found);
      if (holder && processIdentity(holder.pid) === holder.identity) {
        throw new StackError(
          `Syncline is already running on this data folder: process ${String(holder.pid)}, since ${holder.startedAt} (${file}).\n` +
            'Stop it first (Ctrl-C in its terminal), or set SYNCLINE_DATA_DIR, and other ports, for a second one.',
        );
      }
      note = `The last run${holder ? ` (process ${String(holder.pid)}, since ${holder.startedAt})` : ''} did not end cleanly; this start takes over its lock.`;
      setAside(file, found);
    }
    return {
      note,
      release() {
        if (read(file) === own) rmSync(file, { force: true });
      },
    };
  } finally {
    rmSync(fresh, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the stale lock, and only that: one that another process took in the meantime is put back. */
function setAside(file: string, stale: string): void {
  const aside = `${file}.${String(process.pid)}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (read(aside) !== stale) tryLink(aside, file);
  rmSync(aside, { force: true });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): z.infer<typeof holderSchema> | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
