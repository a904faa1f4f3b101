import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const largest = 50 * 1024 * 1024;

/**
 * Opens a log for appending; one that has grown beyond 50 MiB is first set aside as `<file>.1`.
 * @returns a file descriptor; the caller closes it
 */
export function openLog(file: string): number {
  const descriptor = openSync(file, 'a', 0o600);
  if (fstatSync(descriptor).size <= largest) return descriptor;
  closeSync(descriptor);
  renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/** Bytes of a log; 0 where there is none. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** What was written to a log since it had a size, at most the last 16 KiB; all of it where it was set aside since. */
export function writtenSince(file: string, size: number): string {
  const now = sizeOf(file);
  return lastBytes(file, now < size ? now : now - size);
}

/** The last lines of a log, each indented by two blanks; `''` when it cannot be read or is empty. */
export function tailOf(file: string, lines = 15): string {
  const last = lastBytes(file, Infinity).trimEnd().split('\n').slice(-lines);
  return last
    .map((line) => `  ${line}`)
    .join('\n')
    .trimEnd();
}

function lastBytes(file: string, most: number): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const size = fstatSync(descriptor).size;
      const buffer = Buffer.alloc(Math.min(size, most, 16_384));
      readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
      return buffer.toString('utf8');
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}
