import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { Response } from 'express';

/**
 * Streams rows as a CSV file (RFC 4180, UTF-8 with BOM, so that spreadsheets read it), page by page: memory does not grow
 * with the list. Texts that a spreadsheet would take for a formula are escaped.
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
  const csv = stringify({ header: true, columns, bom: true, record_delimiter: 'windows', escape_formulas: true });
  await pipeline(Readable.from(eachRow(pages)), csv, response);
  return undefined;
}

async function* eachRow(pages: AsyncIterable<unknown[][]>): AsyncGenerator<string[]> {
  for await (const page of pages) for (const row of page) yield row.map(cell);
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

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
