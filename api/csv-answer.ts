import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { Response } from 'express';

/** If a client reads nothing for this long, its answer is ended. */
const patience = 60_000;

/**
 * Streams rows as a CSV file (RFC 4180, UTF-8 with BOM, so that spreadsheets read it), page by page: memory does not grow
 * with the list. A CSV connector that reads the file gets the same values, except for lines that a spreadsheet would read as a
 * formula: these are escaped.
 */
export async function sendCsv(
  response: Response,
  fileName: string,
  columns: string[],
  pages: AsyncIterable<unknown[][]>,
): Promise<undefined> {
  response.status(200);
  response.setHeader('content-type', 'text/csv; charset=utf-8');
  response.setHeader('content-disposition', `attachment; filename="${fileName.replace(/[^\w.-]/g, '_')}"`);
  response.setTimeout(patience, () => response.destroy());
  const csv = stringify({
    bom: true,
    record_delimiter: 'windows',
    quoted_match: needsQuotes,
    quoted_empty: columns.length === 1,
  });
  await pipeline(Readable.from(eachRow(columns, pages)), csv, response);
  return undefined;
}

/** More than RFC 4180 needs: line ends of any kind, delimiters of other spreadsheets, blanks at an end. */
const needsQuotes = /[\r\n\t;|]|^\s|\s$/;

async function* eachRow(columns: string[], pages: AsyncIterable<unknown[][]>): AsyncGenerator<string[]> {
  yield columns.map(cell);
  for await (const page of pages) for (const row of page) yield row.map(cell);
}

/** A value as the text of a cell. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return escapeFormulas(typeof value === 'string' ? value : JSON.stringify(value));
}

const formula = /^[=+\-@\t\uff0b\uff0d\uff1d\uff20]/;
const signedNumber = /^[+-]\d+([.,]\d+)*(e[+-]?\d+)?$/i;

/** Puts an apostrophe before each line that a spreadsheet would calculate; numbers with a sign are no formula. */
const escapeFormulas = (text: string): string =>
  text.replace(/[^\r\n]+/g, (line) => (formula.test(line) && !signedNumber.test(line) ? `'${line}` : line));

const pageSize = 2_000;

/** Every page of a list that is read by position. */
export async function* eachPage<Row>(
  read: (after: Row | undefined, limit: number) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  let last: Row | undefined;
  for (;;) {
    const page = await read(last, pageSize);
    if (page.length > 0) yield page;
    if (page.length < pageSize) return;
    last = page.at(-1);
  }
}
