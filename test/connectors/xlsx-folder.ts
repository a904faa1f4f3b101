import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import excel from 'exceljs';
import { afterAll, expect } from 'vitest';
import type { ReadEnd, SourceRecord } from '../../connectors/package.ts';
import { createXlsxPackage } from '../../connectors/xlsx/index.ts';
import { xlsxSettings } from '../../connectors/xlsx/settings.ts';
import { SyncError } from '../../domain/errors.ts';
import { textRow, workbook, type HandMade } from '../support/workbook.ts';
import type { ShownRow } from './suite.ts';

export const roots = mkdtempSync(join(tmpdir(), 'syncline-xlsx-'));
export const folder = join(roots, 'hr');
mkdirSync(folder);
afterAll(() => {
  rmSync(roots, { recursive: true, force: true });
});

export const adapter = createXlsxPackage({ fileRoots: [roots] });
export const connection = (more: Record<string, unknown> = {}) => ({
  name: 'sheets',
  settings: xlsxSettings.parse({ directory: 'hr', ...more }),
  secrets: {},
});
export const place = (name: string) => join(folder, name);
export const columns = ['id', 'name', 'note'];

/** With another library, as any other program would. */
export async function write(rows: readonly ShownRow[], file = 'people.xlsx'): Promise<void> {
  const book = new excel.Workbook();
  const sheet = book.addWorksheet('People');
  sheet.addRow(columns);
  for (const row of rows) sheet.addRow(columns.map((name) => (row[name] === '' ? null : row[name])));
  await book.xlsx.writeFile(place(`${file}.part`));
  await rename(place(`${file}.part`), place(file));
}

export async function list(): Promise<ShownRow[]> {
  const book = new excel.Workbook();
  await book.xlsx.readFile(place('people.xlsx'));
  const rows: ShownRow[] = [];
  book.getWorksheet('People')?.eachRow((row, number) => {
    if (number > 1) rows.push(Object.fromEntries(columns.map((name, i) => [name, row.getCell(i + 1).text])));
  });
  return rows;
}

export async function read(table: string, more: Record<string, unknown> = {}, wanted?: string[]) {
  const records: SourceRecord[] = [];
  let shown: string[] = [];
  let end: ReadEnd | undefined;
  const request = { table, tables: [table], mode: 'complete' as const };
  for await (const event of adapter.read(connection(more), {
    ...request,
    ...(wanted ? { wanted: { columns: wanted, key: [] } } : {}),
  })) {
    if (event.kind === 'segment') shown = event.columns;
    if (event.kind === 'records') records.push(...event.records);
    if (event.kind === 'end') end = event;
  }
  return { columns: shown, records, end };
}

export async function failure(table: string, more: Record<string, unknown> = {}): Promise<SyncError> {
  const error: unknown = await read(table, more).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SyncError);
  return error as SyncError;
}

/** Reads one hand-made sheet whose first row is a header of a, b, c. */
export async function made(rows: string, more: Partial<HandMade> = {}, wanted?: string[]) {
  await writeFile(place('made.xlsx'), workbook({ sheets: { One: textRow(1, 'a', 'b', 'c') + rows }, ...more }));
  return read('made.xlsx', {}, wanted);
}

/** The first cell of rows made of cells, each in a row of its own. */
export async function firstCells(cells: string[], more: Partial<HandMade> = {}) {
  // each row has a text beside the cell, so that none is empty
  const beside = '<c t="inlineStr"><is><t>x</t></is></c>';
  const rows = cells.map((cell, i) => `<row r="${String(i + 2)}">${cell}${beside}</row>`).join('');
  const { records } = await made(rows, more);
  return records.map(({ cells: [first], fault }) => fault?.code ?? first);
}
