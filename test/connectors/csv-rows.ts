import { parse } from 'csv-parse/sync';
import type { ShownRow } from './suite.ts';

/** A table for the contract suite, wherever its file is. */
export const names = ['id', 'name', 'note'];
export const columns = names.map((name) => ({ name, type: 'string' as const, multiValued: false, nullable: true }));

const field = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const written = (rows: readonly ShownRow[]): string =>
  [names, ...rows.map((row) => names.map((name) => field(row[name] ?? '')))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');

/** Long lines make several batches, some of plain lines and some of records. */
export const firstRows = Array.from({ length: 12 }, (_, i) => ({
  id: String(i),
  name: `name ${String(i)}`,
  note: i === 7 ? 'two\nlines, "quoted"' : 'x'.repeat(90_000 + i),
}));

/** Reads a file with a library of others, as any other program would. */
export const listed = (content: Buffer): ShownRow[] => parse<ShownRow>(content, { columns: true });

/** How the suite changes the rows of a file that is read and written as a whole. */
export const rowChanges = (read: () => Promise<Buffer>, write: (content: string) => Promise<void>) => ({
  reset: () => write(written(firstRows)),
  list: async () => listed(await read()),
  async put(key: string, value: string) {
    const rows = listed(await read()).filter(({ id }) => id !== key);
    await write(written([...rows, { id: key, name: value, note: '' }]));
  },
  async remove(key: string) {
    await write(written(listed(await read()).filter(({ id }) => id !== key)));
  },
  storedKey: '3',
  freshKey: '99',
  shows: (row: ShownRow, value: string) => row['name'] === value,
  incomplete: [
    {
      what: 'the last line has no line break',
      make: async () => write((await read()).subarray(0, -1).toString()),
      code: 'not-final' as const,
    },
  ],
});
