import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createCsvPackage } from '../../connectors/csv/index.ts';
import { csvSettings } from '../../connectors/csv/settings.ts';
import { columns, rowChanges } from './csv-rows.ts';
import { describePackage } from './suite.ts';

let roots: string;
beforeAll(async () => {
  roots = await mkdtemp(join(tmpdir(), 'syncline-csv-'));
  folder.path = join(roots, 'hr');
  await mkdir(folder.path);
});
afterAll(() => rm(roots, { recursive: true, force: true }));

const folder = { path: '' };
const file = () => join(folder.path, 'people.csv');

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
  columns,
  ...rowChanges(
    () => readFile(file()),
    (content) => writeFile(file(), content),
  ),
}));
