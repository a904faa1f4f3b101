import { Writable } from 'node:stream';
import type { Response } from 'express';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvSettings } from '../connectors/csv/settings.ts';
import { StrictParser } from '../connectors/csv/strict-parser.ts';
import { cell, sendCsv } from './csv-answer.ts';

/** What a client gets. */
async function download(columns: string[], rows: unknown[][]): Promise<Buffer> {
  const parts: Buffer[] = [];
  const sink = new Writable({
    write(part: Buffer, _encoding, done) {
      parts.push(part);
      done();
    },
  });
  const response = Object.assign(sink, {
    status: () => undefined,
    setHeader: () => undefined,
    setTimeout: () => undefined,
  });
  async function* pages() {
    await Promise.resolve();
    yield rows;
  }
  await sendCsv(response as unknown as Response, 'a.csv', columns, pages());
  return Buffer.concat(parts);
}

/** What a CSV connector reads of it. */
async function readAgain(bytes: Buffer): Promise<string[][]> {
  const parser = new StrictParser('a.csv', csvSettings.parse({ directory: 'x' }));
  const read: string[][] = [];
  // the byte order mark has been taken off by whoever decodes
  for (const step of [parser.take(bytes.subarray(3)), parser.end(true)])
    for await (const event of step)
      if (event.kind === 'header') read.push(event.columns);
      else
        for (const record of event.records) {
          expect(record.fault).toBeUndefined();
          read.push([...record.cells]);
        }
  return read;
}

const awkward = fc.stringMatching(/^["\r\n,;\t |=+\-@'0-9ab\u00a0\ufeff\u{1f600}]{0,12}$/u);

describe('a CSV download', () => {
  it('read again by the product gives the same values, whatever they hold', async () => {
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(awkward, { minLength: width, maxLength: width }), { maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const columns = (rows[0] ?? ['one']).map((_, i) => `c${String(i)}`);
        expect(await readAgain(await download(columns, rows))).toEqual([columns, ...rows.map((row) => row.map(cell))]);
      }),
      { numRuns: 300 },
    );
  });

  it('is byte for byte what csv-stringify writes of the same cells', async () => {
    const value = fc.oneof(
      awkward,
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(null, undefined, true, 12.5, ['a', 'b "c"'], '', ' ', '\u2028', '\ud800', 'é', '_a ', 'a\u00a0'),
    );
    const table = fc
      .integer({ min: 1, max: 3 })
      .chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const columns = (rows[0] ?? ['one']).map((_, i) => `c${String(i)}`);
        const expected = stringify(
          [columns, ...rows].map((row) => row.map(cell)),
          {
            ...{ bom: true, record_delimiter: 'windows', quoted_empty: columns.length === 1 },
            quoted_match: /[\r\n\t;|]|^\s|\s$/,
          },
        );
        expect((await download(columns, rows)).toString()).toBe(Buffer.from(expected).toString());
      }),
      { numRuns: 300 },
    );
  });

  it.each(['', 'plain', '-12.5', '-1,234.00', '+49', '-1e5', 'a=1', "'=1", '5\r\n-7', '2026-01-31', '"quoted"'])(
    'leaves %j as it is',
    (value) => {
      expect(cell(value)).toBe(value);
    },
  );

  it.each([
    ['=1+1', "'=1+1"],
    ['x\n=1+1', "x\n'=1+1"],
    ['x\r@a\r\n+b', "x\r'@a\r\n'+b"],
    ['-cmd', "'-cmd"],
    ['-1+1', "'-1+1"],
    ['\t=1', "'\t=1"],
    ['＝1', "'＝1"],
  ])('escapes what a spreadsheet would calculate, on each line: %j', (value, escaped) => {
    expect(cell(value)).toBe(escaped);
  });

  it('escapes the names of columns as well, and puts what other spreadsheets would split into quotes', async () => {
    const text = (await download(['=a', 'b'], [['x;=1+1', 'y\t=1']])).toString();
    expect(text).toBe('\ufeff\'=a,b\r\n"x;=1+1","y\t=1"\r\n');
  });
});
