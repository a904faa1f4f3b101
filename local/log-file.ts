import { closeSync, fstatSync, openSync, readSync, renameSync } from 'node:fs';

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

/** The last lines of a log, each indented by two blanks; `''` when it cannot be read or is empty. */
export function tailOf(file: string, lines = 15): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const size = fstatSync(descriptor).size;
      const buffer = Buffer.alloc(Math.min(size, 16_384));
      readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
      const last = buffer.toString('utf8').trimEnd().split('\n').slice(-lines);
      return last
        .map((line) => `  ${line}`)
        .join('\n')
        .trimEnd();
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}
