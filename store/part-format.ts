import { parse } from 'csv-parse/sync';

/**
 * A part has one of two formats. Plain: the unchanged lines of the source, if no parser is needed to split them (one record
 * a line, each field without any quote or quoted as a whole, nothing at fault, lines counted without a gap). Else: CSV,
 * UTF-8, lines end with LF, every field that needs it quoted. Two columns of ours come first, the line in the source and the
 * fault or warning (JSON, empty for none); the segment's columns follow by position, since names may repeat. Their names stand
 * in the manifest.
 */
export interface StoredRecord {
  line: number;
  cells: string[];
  fault?: {
    code: 'row-shape' | 'invalid-character' | 'field-too-long' | 'unfinished-line' | 'cell-error' | 'cell-uncalculated';
    column?: string;
    message: string;
  };
  warning?: { code: 'cell-merged'; column: string; message: string };
}

/** Records as plain lines. */
export interface StoredLines {
  text: Buffer;
  rows: number;
  firstLine: number;
  delimiter: string;
  quote: string;
}

const special = /[",\n\r]/;
const quoted = (text: string) => (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function formatRecord(record: StoredRecord): string {
  const said = record.fault ?? record.warning;
  let line = `${String(record.line)},${said ? quoted(JSON.stringify(said)) : ''}`;
  for (const cell of record.cells) line += ',' + quoted(cell);
  return line + '\n';
}

/**
 * Reads a text of whole records that `formatRecord` wrote. A text without any quote needs no parser: no field of it can
 * hold a separator, so it is split (4 to 5 times as fast on directory data).
 */
export function parseRecords(text: string): StoredRecord[] {
  if (text === '') return [];
  if (text.includes('"')) return parse(text, { record_delimiter: '\n', relax_column_count: true }).map(toRecord);
  const lines = text.split('\n');
  lines.pop();
  return lines.map((line) => toRecord(line.split(',')));
}

function toRecord(fields: string[]): StoredRecord {
  const [line, text] = fields;
  const cells = fields.slice(2);
  if (!text) return { line: Number(line), cells };
  const said = JSON.parse(text) as Required<StoredRecord>['fault' | 'warning'];
  return { line: Number(line), cells, ...(said.code === 'cell-merged' ? { warning: said } : { fault: said }) };
}

/** Takes plain lines apart, the first of which is in the line `firstLine` of the source. */
export function splitPlain(text: string, firstLine: number, delimiter: string, quote: string): StoredRecord[] {
  return [...splitInBatches(text, firstLine, delimiter, quote, Infinity)].flat();
}

/** The same, some lines at a time, which leaves less work to the garbage collector. */
export function* splitInBatches(
  text: string,
  firstLine: number,
  delimiter: string,
  quote: string,
  rows = 100,
): Generator<StoredRecord[]> {
  let records: StoredRecord[] = [];
  let begin = 0;
  for (let line = firstLine; begin < text.length; line++) {
    if (records.length === rows) {
      yield records;
      records = [];
    }
    const end = text.indexOf('\n', begin);
    const content = text.slice(begin, end);
    records.push({
      line,
      cells: content.includes(quote) ? splitQuoted(content, delimiter, quote) : content.split(delimiter),
    });
    begin = end + 1;
  }
  if (records.length > 0) yield records;
}

function splitQuoted(line: string, delimiter: string, quote: string): string[] {
  const cells: string[] = [];
  for (let at = 0; ;) {
    let end;
    if (line[at] === quote) {
      let close = line.indexOf(quote, at + 1);
      const doubled = line[close + 1] === quote;
      while (line[close + 1] === quote) close = line.indexOf(quote, close + 2);
      const cell = line.slice(at + 1, close);
      cells.push(doubled ? cell.replaceAll(quote + quote, quote) : cell);
      end = close + 1;
    } else {
      end = line.indexOf(delimiter, at);
      if (end < 0) end = line.length;
      cells.push(line.slice(at, end));
    }
    if (end >= line.length) return cells;
    at = end + 1;
  }
}

/**
 * Where the last whole record of a text ends: the last line break outside quotes. Quotes of whole records are even in
 * number, so a line break is outside when as many quotes stand before it as make pairs.
 */
export function wholeRecords(text: string): number {
  let quotes = 0;
  for (let i = text.indexOf('"'); i >= 0; i = text.indexOf('"', i + 1)) quotes++;
  for (let end = text.length; ;) {
    const lineBreak = text.lastIndexOf('\n', end - 1);
    if (lineBreak < 0) return 0;
    for (let i = lineBreak; i < end; i++) if (text[i] === '"') quotes--;
    if (quotes % 2 === 0) return lineBreak + 1;
    end = lineBreak;
  }
}
