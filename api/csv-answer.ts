import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
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
  await pipeline(Readable.from(pieces(columns, pages)), response);
  return undefined;
}

/** In bytes: a text would be encoded once to be counted and once to be sent. */
async function* pieces(columns: string[], pages: AsyncIterable<unknown[][]>): AsyncGenerator<Buffer> {
  // a line that is empty would not be a row
  const empty = columns.length === 1 ? '""' : '';
  yield Buffer.from(`\ufeff${line(columns, empty)}`);
  for await (const page of pages) {
    let text = '';
    for (const row of page) text += line(row, empty);
    if (text !== '') yield Buffer.from(text);
  }
}

function line(values: readonly unknown[], empty: string): string {
  let text = field(values[0], empty);
  for (let i = 1; i < values.length; i++) text += `,${field(values[i], empty)}`;
  return `${text}\r\n`;
}

/**
 * More needs quotes than RFC 4180 says: line ends of any kind, delimiters of other spreadsheets, blanks at an end. A value
 * that cannot need them, nor an apostrophe against formulas, is nearly every value: it passes with one look.
 */
function field(value: unknown, empty: string): string {
  if (typeof value === 'string' && harmless.test(value)) return value;
  const text = cell(value);
  if (text === '') return empty;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const harmless = /^[\w\p{L}](?:[^"\r\n\t,;|]*[^\s"\r\n\t,;|])?$/u;
const needsQuotes = /["\r\n\t,;|]|^\s|\s$/;

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
