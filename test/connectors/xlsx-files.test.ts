import { execFile } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import excel from 'exceljs';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasDebian, needs } from '../support/debian.ts';
import { textRow, workbook, workbookParts, type HandMade } from '../support/workbook.ts';
import { zip } from '../support/zip.ts';
import { adapter, connection, failure, place, read, roots } from './xlsx-folder.ts';

const hasOffice = await hasDebian('libreoffice-calc-nogui');

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
    sheet.addRow(['B-1', null, null, 1, true, null, 'shared']);
    sheet.addRow(['B-2', null, null, 2, true, null, null]);
    sheet.mergeCells('G4:G5');
    sheet.getColumn(1).numFmt = '00000';
    sheet.getColumn(2).numFmt = 'dd.mm.yyyy';
    sheet.getColumn(3).numFmt = 'dd.mm.yyyy hh:mm';
    await book.xlsx.writeFile(place('staff.xlsx'));
  });
  const expected = [
    ['00042', '2024-01-31', '2024-01-31T18:30:00', '37.5', 'true', '75', 'é😀'],
    ['A-7', '', '', '0.1', 'false', '', 'rich text'],
    ['B-1', '', '', '1', 'true', '', 'shared'],
    ['B-2', '', '', '2', 'true', '', ''],
  ];
  const codes = [undefined, 'cell-error', undefined, 'cell-merged'];

  it('exceljs', async () => {
    const { records } = await read('staff.xlsx');
    expect(records.map(({ cells }) => cells)).toEqual(expected);
    expect(records.map(({ fault, warning }) => (fault ?? warning)?.code)).toEqual(codes);
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
    expect(records.map(({ fault, warning }) => (fault ?? warning)?.code)).toEqual(codes);
  });
});
