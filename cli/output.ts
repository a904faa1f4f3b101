import Table from 'cli-table3';
import type { Failure } from './failure.ts';

/** Values come from other systems: no control character of theirs may reach the terminal. */
const safe = (text: string) => text.replace(/[^\P{Cc}\n]/gu, '�');

export const print = (text: string) => {
  process.stdout.write(`${safe(text)}\n`);
};
export const printJson = (value: unknown) => {
  printSafely(JSON.stringify(value, null, 2));
};
/** For streams: one object a line. */
export const printJsonLine = (value: unknown) => {
  printSafely(JSON.stringify(value));
};
const printSafely = (text: string) => {
  process.stdout.write(
    `${text.replace(/[\u007f-\u009f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`,
  );
};

export function printTable(head: string[], rows: (string | number)[][], empty: string): void {
  if (rows.length === 0) {
    print(empty);
    return;
  }
  const table = new Table({
    head,
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: process.stdout.isTTY
      ? { head: ['bold'], border: ['gray'], compact: true }
      : { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => row.map(printable)));
  process.stdout.write(`${table.toString()}\n`);
}

const printable = (cell: string | number) => safe(String(cell)).replaceAll('\n', ' ');

export function fail(failure: Failure, json: boolean): void {
  if (json) {
    process.stderr.write(
      `${JSON.stringify({ code: failure.code, message: failure.message, errors: failure.details })}\n`,
    );
    return;
  }
  process.stderr.write(`${failure.message}\n`);
  for (const { pointer, detail } of failure.details)
    process.stderr.write(`  ${pointer === undefined || pointer === '' ? '' : `${pointer}: `}${detail}\n`);
}

/** Beside the output, for people. */
export const note = (text: string) => {
  process.stderr.write(`${safe(text)}\n`);
};

export const count = (n: number) => n.toLocaleString('en-US');

/** A count with its noun: `1 change`, `1,234 changes`. */
export const amount = (n: number, noun: string) => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;

/** `2026-01-31 10:00:00` in UTC. */
export const time = (text: string | null) => (text === null ? '' : text.slice(0, 19).replace('T', ' '));
