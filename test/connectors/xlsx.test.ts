import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { textRow, workbook } from '../support/workbook.ts';
import { describePackage } from './suite.ts';
import { adapter, columns, connection, failure, firstCells, list, made, place, read, write } from './xlsx-folder.ts';

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
    const formats = ['00000', '0.00', '#,##0.00 "EUR"', '0%', '0.00E+00', '[Red]0', '00000;-0', '[$-409]0000'];
    const cells = formats.map((_format, i) => `<c s="${String(i + 1)}"><v>42.5</v></c>`);
    const whole = ['<c s="1"><v>42</v></c>', '<c s="7"><v>7</v></c>', '<c s="8"><v>7</v></c>'];
    expect(await firstCells([...whole, ...cells], { formats })).toEqual([
      '00042',
      '00007',
      '0007',
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
    const { records } = await made(rows, { behind });
    expect(records.map(({ cells }) => cells)).toEqual([
      ['a2', 'b2', 'c2'],
      ['', 'b3', ''],
      ['a4', '', ''],
    ]);
    // the first column of which the value is missed
    expect(records.map(({ warning }) => warning?.column)).toEqual([undefined, 'a', 'b']);
    expect(records[1]?.warning?.code).toBe('cell-merged');
    const blank = [2, 3].map((n) => textRow(n, '', 'b')).join('');
    const laidOut = await made(blank, { behind: '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>' });
    // a merge of empty cells hides nothing
    expect(laidOut.records.map(({ warning }) => warning)).toEqual([undefined, undefined]);
    const some = (await made(rows, { behind }, ['b'])).records;
    expect(some.map(({ warning }) => warning?.column)).toEqual([undefined, undefined, 'b']);
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
