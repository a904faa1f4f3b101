import { execFile } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import excel from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReadEnd, SourceRecord } from '../../connectors/package.ts';
import { createXlsxPackage } from '../../connectors/xlsx/index.ts';
import { xlsxSettings } from '../../connectors/xlsx/settings.ts';
import { SyncError } from '../../domain/errors.ts';
import { hasDebian, needs } from '../support/debian.ts';
import { textRow, workbook, workbookParts, type HandMade } from '../support/workbook.ts';
import { zip } from '../support/zip.ts';
import { describePackage, type ShownRow } from './suite.ts';

const hasOffice = await hasDebian('libreoffice-calc-nogui');
const roots = mkdtempSync(join(tmpdir(), 'syncline-xlsx-'));
const folder = join(roots, 'hr');
mkdirSync(folder);
afterAll(() => {
  rmSync(roots, { recursive: true, force: true });
});

const adapter = createXlsxPackage({ fileRoots: [roots] });
const connection = (more: Record<string, unknown> = {}) => ({
  name: 'sheets',
  settings: xlsxSettings.parse({ directory: 'hr', ...more }),
  secrets: {},
});
const place = (name: string) => join(folder, name);
const columns = ['id', 'name', 'note'];

/** With another library, as any other program would. */
async function write(rows: readonly ShownRow[], file = 'people.xlsx'): Promise<void> {
  const book = new excel.Workbook();
  const sheet = book.addWorksheet('People');
  sheet.addRow(columns);
  for (const row of rows) sheet.addRow(columns.map((name) => (row[name] === '' ? null : row[name])));
  await book.xlsx.writeFile(place(`${file}.part`));
  await rename(place(`${file}.part`), place(file));
}

async function list(): Promise<ShownRow[]> {
  const book = new excel.Workbook();
  await book.xlsx.readFile(place('people.xlsx'));
  const rows: ShownRow[] = [];
  book.getWorksheet('People')?.eachRow((row, number) => {
    if (number > 1) rows.push(Object.fromEntries(columns.map((name, i) => [name, row.getCell(i + 1).text])));
  });
  return rows;
}

describePackage('xlsx', () => ({
  adapter,
  connection,
  badSettings: [
    { settings: {}, path: 'directory' },
    { settings: { directory: 'hr', headerRow: 0 }, path: 'headerRow' },
  ],
  unreachable: [
    { what: 'no such folder', connection: () => connection({ directory: 'none' }), code: 'missing-file' },
    { what: 'a folder outside the roots', connection: () => connection({ directory: '../hr' }), code: 'unsafe-path' },
  ],
  table: 'people.xlsx',
  tables: ['people.xlsx'],
  key: ['id'],
  columns: columns.map((name) => ({ name, type: 'string', multiValued: false, nullable: true })),
  reset: () =>
    write(
      Array.from({ length: 900 }, (_, i) => ({
        id: String(i),
        name: `name ${String(i)}`,
        note: i === 7 ? 'two\nlines & <more>' : `é😀 ${String(i * 7919)}`,
      })),
    ),
  list,
  async put(key, value) {
    await write([...(await list()).filter(({ id }) => id !== key), { id: key, name: value, note: '' }]);
  },
  async remove(key) {
    await write((await list()).filter(({ id }) => id !== key));
  },
  storedKey: '3',
  freshKey: '9999',
  shows: (row, value) => row['name'] === value,
  incomplete: [],
  alwaysProven: 'an archive that is not whole cannot be read at all',
}));

async function read(table: string, more: Record<string, unknown> = {}, wanted?: string[]) {
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

async function failure(table: string, more: Record<string, unknown> = {}): Promise<SyncError> {
  const error: unknown = await read(table, more).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SyncError);
  return error as SyncError;
}

/** Reads one hand-made sheet whose first row is a header of a, b, c. */
async function made(rows: string, more: Partial<HandMade> = {}, wanted?: string[]) {
  await writeFile(place('made.xlsx'), workbook({ sheets: { One: textRow(1, 'a', 'b', 'c') + rows }, ...more }));
  return read('made.xlsx', {}, wanted);
}

/** The first cell of rows made of cells, each in a row of its own. */
async function firstCells(cells: string[], more: Partial<HandMade> = {}) {
  // each row has a text beside the cell, so that none is empty
  const beside = '<c t="inlineStr"><is><t>x</t></is></c>';
  const rows = cells.map((cell, i) => `<row r="${String(i + 2)}">${cell}${beside}</row>`).join('');
  const { records } = await made(rows, more);
  return records.map(({ cells: [first], fault }) => fault?.code ?? first);
}

describe('numbers, dates and texts of a sheet', () => {
  it('has 15 digits and no exponent', async () => {
    const values = [
      '0.1',
      '1E3',
      '1.5E-7',
      '0.30000000000000004',
      '123456789012345680',
      '-1E+20',
      '1e300',
      '00123',
      '-0',
    ];
    expect(await firstCells(values.map((value) => `<c><v>${value}</v></c>`))).toEqual([
      '0.1',
      '1000',
      '0.00000015',
      '0.3',
      '123456789012346000',
      '-100000000000000000000',
      `1${'0'.repeat(300)}`,
      '123',
      '0',
    ]);
  });

  it('keeps leading zeros that a format of zeros shows, and nothing of other formats', async () => {
    const formats = ['00000', '0.00', '#,##0.00 "EUR"', '0%', '0.00E+00', '[Red]0', '00000;-0'];
    const cells = formats.map((_format, i) => `<c s="${String(i + 1)}"><v>42.5</v></c>`);
    expect(await firstCells(['<c s="1"><v>42</v></c>', '<c s="7"><v>7</v></c>', ...cells], { formats })).toEqual([
      '00042',
      '00007',
      ...formats.map(() => '42.5'),
    ]);
  });

  it('writes dates and times in one form, whatever their format shows', async () => {
    const formats = [
      ...[
        'yyyy-mm-dd',
        'dd.mm.yy',
        'mmm yy',
        'd/m/yyyy h:mm',
        'hh:mm:ss',
        '[h]:mm',
        'h "day" mm',
        '0 "days"',
        'yyyy\\-mm\\-dd',
        '[$-409]d\\-mmm;@',
        'General',
      ],
    ];
    const cells = formats.map((_format, i) => `<c s="${String(i + 1)}"><v>45322.75</v></c>`);
    expect(await firstCells(cells, { formats })).toEqual([
      '2024-01-31',
      '2024-01-31',
      '2024-01-31',
      '2024-01-31T18:00:00',
      '18:00:00',
      '1087746:00:00',
      '18:00:00',
      '45322.75',
      '2024-01-31',
      '2024-01-31',
      '45322.75',
    ]);
  });

  it('knows both calendars, and the day that one of them invented', async () => {
    const formats = ['yyyy-mm-dd', 'yyyy-mm-dd hh:mm'];
    const cells = ['1', '59', '60', '61', '2958465', '2958466', '-1', '0'].map(
      (value) => `<c s="1"><v>${value}</v></c>`,
    );
    const rounded = '<c s="2"><v>45322.999999999</v></c>';
    expect(await firstCells([...cells, rounded], { formats })).toEqual([
      '1900-01-01',
      '1900-02-28',
      '1900-02-29',
      '1900-03-01',
      '9999-12-31',
      'cell-error',
      'cell-error',
      'cell-error',
      '2024-02-01T00:00:00',
    ]);
    expect(
      await firstCells(['<c s="1"><v>0</v></c>', '<c s="1"><v>43860</v></c>'], {
        formats,
        workbookPr: '<workbookPr date1904="1"/>',
      }),
    ).toEqual(['1904-01-01', '2024-01-31']);
  });

  it('reads texts of every kind, without reading aids', async () => {
    const strings =
      '<si><t>plain</t></si><si><r><t xml:space="preserve">rich </t></r><r><rPr/><t>text</t></r><rPh sb="0" eb="1"><t>aid</t></rPh></si><si><t>a_x0041_b_x005F_x000D_ _x0009_</t></si>';
    const cells = [
      ...[0, 1, 2].map((n) => `<c t="s"><v>${String(n)}</v></c>`),
      '<c t="str"><f>A1</f><v>of a formula</v></c>',
      '<c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c>',
      '<c t="b"><v>1</v></c>',
      '<c t="b"><v>0</v></c>',
      '<c t="str"><f>B1</f><v></v></c>',
      '<c t="inlineStr"><is><t> &amp; spaces &#233; <![CDATA[<x>]]> </t></is></c>',
    ];
    expect(await firstCells(cells, { strings })).toEqual([
      'plain',
      'rich text',
      'aAb_x000D_ \t',
      'of a formula',
      'inline',
      'true',
      'false',
      '',
      ' & spaces é <x> ',
    ]);
  });

  it('rejects a row for an error or a formula without value, in columns that are mapped only', async () => {
    const rows =
      '<row r="2"><c t="e"><v>#N/A</v></c><c><v>1</v></c><c><v>1</v></c></row>' +
      '<row r="3"><c><v>1</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c><f>NOW()</f></c></row>';
    const all = (await made(rows)).records.map(({ line, fault }) => [line, fault?.code, fault?.column]);
    expect(all).toEqual([
      [2, 'cell-error', 'a'],
      [3, 'cell-error', 'b'],
    ]);
    const some = (await made(rows, {}, ['c'])).records.map(({ line, cells, fault }) => [line, cells, fault?.code]);
    expect(some).toEqual([
      [2, ['', '1', '1'], undefined],
      [3, ['1', '', ''], 'cell-uncalculated'],
    ]);
  });

  it('rejects a row for a character that nothing can store', async () => {
    const bad = ['_x0000_', '_xD800_'].map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`);
    expect(await firstCells(bad)).toEqual(['invalid-character', 'invalid-character']);
  });
});

describe('rows of a sheet', () => {
  it('says the row of the sheet, leaves empty rows out, and reads hidden ones', async () => {
    const rows =
      `${textRow(2, '1', '', '')}<row r="3"/><row r="4"><c r="A4" s="0"/><c r="B4" t="inlineStr"><is><t></t></is></c></row>` +
      `<row r="7" hidden="1"><c r="C7"><v>3</v></c></row><row r="9"><c r="D9"><v>beside the table</v></c></row>`;
    const { records, end } = await made(rows, { behind: '<cols><col min="1" max="1" hidden="1"/></cols>' });
    expect(records).toEqual([
      { line: 2, cells: ['1', '', ''] },
      { line: 7, cells: ['', '', '3'] },
    ]);
    expect(end?.certificate).toEqual({ certified: true });
  });

  it('has the value of merged cells in the first of them', async () => {
    const rows = [2, 3, 4].map((n) => textRow(n, `a${String(n)}`, `b${String(n)}`, `c${String(n)}`)).join('');
    const behind = '<mergeCells count="2"><mergeCell ref="A2:A3"/><mergeCell ref="B3:C4"/></mergeCells>';
    expect((await made(rows, { behind })).records.map(({ cells }) => cells)).toEqual([
      ['a2', 'b2', 'c2'],
      ['', 'b3', ''],
      ['a4', '', ''],
    ]);
  });

  it('takes the header from the row that the settings name', async () => {
    await writeFile(
      place('title.xlsx'),
      workbook({
        sheets: { S: textRow(1, 'Staff list') + textRow(3, 'id', '', 'name') + textRow(4, '1', 'x', 'Ann') },
      }),
    );
    expect(await read('title.xlsx', { headerRow: 3 })).toMatchObject({
      columns: ['id', '', 'name'],
      records: [{ line: 4, cells: ['1', '', 'Ann'] }],
    });
    expect(await failure('title.xlsx', { headerRow: 2 })).toMatchObject({ code: 'empty-file' });
    expect(await failure('title.xlsx', { headerRow: 9 })).toMatchObject({ code: 'empty-file' });
  });

  it('refuses a header with a name twice, an error, or too many names', async () => {
    const bad = async (rows: string) => {
      await writeFile(place('bad.xlsx'), workbook({ sheets: { S: rows } }));
      return failure('bad.xlsx');
    };
    const twice = await bad(textRow(1, 'canary', 'b', 'canary'));
    expect(twice).toMatchObject({ code: 'duplicate-header', place: { line: 1 } });
    expect(twice.message).not.toContain('canary');
    expect((await bad('<row r="1"><c t="e"><v>#REF!</v></c></row>')).code).toBe('missing-column');
    expect((await bad(textRow(1, ...Array.from({ length: 2001 }, (_, i) => `c${String(i)}`)))).code).toBe(
      'too-many-columns',
    );
    expect((await bad('')).code).toBe('empty-file');
  });

  it('finds sheets by name, and names them where it does not', async () => {
    await writeFile(place('two.xlsx'), workbook({ sheets: { 'A#1': textRow(1, 'x'), B: textRow(1, 'y') } }));
    expect((await read('two.xlsx#A#1')).columns).toEqual(['x']);
    expect((await read('two.xlsx#B')).columns).toEqual(['y']);
    const which = await failure('two.xlsx');
    expect(which.code).toBe('missing-table');
    expect(which.message).toContain('two.xlsx#A#1, two.xlsx#B');
    expect((await failure('two.xlsx#C')).code).toBe('missing-table');
    const found = await adapter.discover(connection());
    expect(found.filter(({ table }) => table.startsWith('two.xlsx')).map(({ table }) => table)).toEqual([
      'two.xlsx#A#1',
      'two.xlsx#B',
    ]);
  });
});

describe('files that are no workbook, or a dangerous one', () => {
  const good = { sheets: { One: textRow(1, 'a') + textRow(2, '1') } };
  const dtd = '<!DOCTYPE x [<!ENTITY e "e">]><worksheet><sheetData/></worksheet>';
  const sheet = 'xl/worksheets/sheet1.xml';
  const whole = workbook(good);
  const ole = (more: string) =>
    Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(100_000), Buffer.from(more, 'utf16le')]);
  const withParts = (...parts: NonNullable<HandMade['parts']>) => workbook({ ...good, parts });

  it.each([
    ['nothing', Buffer.alloc(0), 'empty-file'],
    ['text', Buffer.from('id,name\n1,Ann\n'), 'unsupported-file'],
    ['an old workbook', ole('Workbook'), 'unsupported-file'],
    ['an encrypted workbook', ole('EncryptedPackage'), 'protected-file'],
    ['a binary workbook', withParts({ name: 'xl/workbook.bin', data: 'x' }), 'unsupported-file'],
    [
      'an OpenDocument file',
      zip([{ name: 'mimetype', data: 'application/vnd.oasis.opendocument.spreadsheet' }]),
      'unsupported-file',
    ],
    ['another archive', zip([{ name: 'readme.txt', data: 'x' }]), 'unsupported-file'],
    ['a file that was cut short', whole.subarray(0, whole.length - 40), 'archive'],
    [
      'a file with broken bytes',
      Buffer.concat([whole.subarray(0, 40), Buffer.alloc(60, 7), whole.subarray(100)]),
      'archive',
    ],
    ['a document type', withParts({ name: sheet, data: dtd }), 'archive'],
    [
      'an unknown entity',
      withParts({ name: sheet, data: '<worksheet><sheetData>&e;</sheetData></worksheet>' }),
      'archive',
    ],
    ['no XML', withParts({ name: sheet, data: '<worksheet><sheetData><row>' }), 'archive'],
    ['no rows element', withParts({ name: sheet, data: '<worksheet/>' }), 'archive'],
    ['rows out of order', workbook({ sheets: { S: textRow(1, 'a') + textRow(3, 'x') + textRow(2, 'y') } }), 'archive'],
    ['a name that leads out', withParts({ name: '../evil.xml', data: 'x' }), 'archive'],
    ['a symbolic link', withParts({ name: 'xl/link', data: '/etc/passwd', mode: 0o120777 }), 'archive'],
    ['an encrypted part', withParts({ name: sheet, data: 'x', flags: 1 }), 'protected-file'],
    ['a part twice', zip([...workbookParts(good), { name: sheet, data: 'x' }]), 'archive'],
    ['a bomb', withParts({ name: 'xl/media/bomb', data: Buffer.alloc(64 << 20) }), 'archive'],
    ['more than 2 GiB', withParts({ name: 'xl/media/big', data: 'x', says: 2 ** 31 + 1 }), 'archive'],
    [
      'a part that is larger than it says',
      withParts({ name: sheet, data: `<worksheet>${' '.repeat(9000)}`, says: 20 }),
      'archive',
    ],
  ])('%s', async (_what, bytes, code) => {
    await writeFile(place('odd.xlsx'), bytes);
    const error = await failure('odd.xlsx');
    expect(error).toMatchObject({ code, place: { table: 'odd.xlsx' } });
    const found = await adapter.discover(connection());
    expect(found.find(({ table }) => table === 'odd.xlsx')?.problem).toMatch(/^[a-z-]+: /);
    await rm(place('odd.xlsx'));
  });

  it('links and places outside of the folder', async () => {
    symlinkSync(place('people.xlsx'), place('link.xlsx'));
    expect((await failure('link.xlsx')).code).toBe('unsafe-path');
    expect((await failure('../hr/people.xlsx')).code).toBe('unsafe-path');
    await rm(place('link.xlsx'));
  });

  it('a file that is replaced while it is read', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => textRow(i + 2, String(i), 'x'.repeat(50))).join('');
    await writeFile(place('moving.xlsx'), workbook({ sheets: { S: textRow(1, 'a', 'b') + many } }));
    const reading = (async () => {
      let replaced = false;
      for await (const event of adapter.read(connection(), { table: 'moving.xlsx', tables: [], mode: 'complete' }))
        if (event.kind === 'records' && !replaced) {
          replaced = true;
          await writeFile(place('other.xlsx'), workbook(good));
          await rename(place('other.xlsx'), place('moving.xlsx'));
        }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'changed-during-read' });
  });
});

describe('a workbook that another program has written', () => {
  beforeAll(async () => {
    const book = new excel.Workbook();
    const sheet = book.addWorksheet('Staff');
    sheet.addRow(['id', 'since', 'at', 'hours', 'active', 'rate', 'note']);
    sheet.addRow([
      42,
      new Date('2024-01-31T00:00:00Z'),
      new Date('2024-01-31T18:30:00Z'),
      37.5,
      true,
      { formula: 'D2*2', result: 75 },
      'é😀',
    ]);
    sheet.addRow([
      'A-7',
      null,
      null,
      0.1,
      false,
      { error: '#N/A' },
      { richText: [{ text: 'rich ' }, { text: 'text' }] },
    ]);
    sheet.getColumn(1).numFmt = '00000';
    sheet.getColumn(2).numFmt = 'dd.mm.yyyy';
    sheet.getColumn(3).numFmt = 'dd.mm.yyyy hh:mm';
    await book.xlsx.writeFile(place('staff.xlsx'));
  });
  const expected = [
    ['00042', '2024-01-31', '2024-01-31T18:30:00', '37.5', 'true', '75', 'é😀'],
    ['A-7', '', '', '0.1', 'false', '', 'rich text'],
  ];

  it('exceljs', async () => {
    const { records } = await read('staff.xlsx');
    expect(records.map(({ cells }) => cells)).toEqual(expected);
    expect(records.map(({ fault }) => fault?.code)).toEqual([undefined, 'cell-error']);
  });

  it.skipIf(!hasOffice)(hasOffice ? 'LibreOffice' : `LibreOffice (${needs('libreoffice-calc-nogui')})`, async () => {
    const out = join(roots, 'converted');
    const profile = `-env:UserInstallation=file://${join(roots, 'profile')}`;
    const words = [
      profile,
      '--headless',
      '--convert-to',
      'xlsx:Calc MS Excel 2007 XML',
      '--outdir',
      out,
      place('staff.xlsx'),
    ];
    await promisify(execFile)('soffice', words, { timeout: 80_000 });
    await writeFile(place('office.xlsx'), await readFile(join(out, 'staff.xlsx')));
    const { records } = await read('office.xlsx');
    expect(records.map(({ cells }) => cells)).toEqual(expected);
    expect(records.map(({ fault }) => fault?.code)).toEqual([undefined, 'cell-error']);
  });
});
