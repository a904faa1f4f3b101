import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll } from 'vitest';
import { createCsvPackage } from '../../connectors/csv/index.ts';
import { csvSettings } from '../../connectors/csv/settings.ts';
import { describePackage, type ShownRow } from './suite.ts';

let roots: string;
beforeAll(async () => {
  roots = await mkdtemp(join(tmpdir(), 'syncline-csv-'));
  folder.path = join(roots, 'hr');
  await mkdir(folder.path);
});
afterAll(() => rm(roots, { recursive: true, force: true }));

const folder = { path: '' };
const file = () => join(folder.path, 'people.csv');
const names = ['id', 'name', 'note'];
/** Reads the file with a library of others, as any other program would. */
const list = async () => parse<ShownRow>(await readFile(file()), { columns: true });

const field = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const write = (rows: readonly ShownRow[]) =>
  writeFile(
    file(),
    [names, ...rows.map((row) => names.map((name) => field(row[name] ?? '')))]
      .map((cells) => `${cells.join(',')}\n`)
      .join(''),
  );

const connection = (directory: string) => ({ name: 'files', settings: csvSettings.parse({ directory }), secrets: {} });

describePackage('csv', () => ({
  // the roots are known when the tests run
  adapter: createCsvPackage({ fileRoots: [roots] }),
  connection: () => connection('hr'),
  badSettings: [
    { settings: {}, path: 'directory' },
    { settings: { directory: 'hr', delimiter: ',,' }, path: 'delimiter' },
    { settings: { directory: 'hr', delta: { directory: 'd' } }, path: 'delta.commandColumn' },
  ],
  unreachable: [
    { what: 'no such folder', connection: () => connection('none'), code: 'missing-file' },
    { what: 'a folder outside the roots', connection: () => connection('../hr'), code: 'unsafe-path' },
  ],
  table: 'people.csv',
  tables: ['people.csv'],
  key: ['id'],
  columns: names.map((name) => ({ name, type: 'string', multiValued: false, nullable: true })),
  // the long lines make several batches, some of plain lines and some of records
  reset: () =>
    write(
      Array.from({ length: 12 }, (_, i) => ({
        id: String(i),
        name: `name ${String(i)}`,
        note: i === 7 ? 'two\nlines, "quoted"' : 'x'.repeat(90_000 + i),
      })),
    ),
  list,
  async put(key, value) {
    const rows = (await list()).filter(({ id }) => id !== key);
    await write([...rows, { id: key, name: value, note: '' }]);
  },
  async remove(key) {
    await write((await list()).filter(({ id }) => id !== key));
  },
  storedKey: '3',
  freshKey: '99',
  shows: (row, value) => row['name'] === value,
  incomplete: [
    {
      what: 'the last line has no line break',
      async make() {
        await writeFile(file(), (await readFile(file())).subarray(0, -1));
      },
      code: 'not-final',
    },
  ],
}));
