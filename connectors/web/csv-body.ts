import { Readable, pipeline } from 'node:stream';
import { parse, CsvError } from 'csv-parse';
import { SyncError } from '../../domain/errors.ts';
import type { Certificate, ReadEvent, StructuredRecord, WantedColumns } from '../package.ts';
import { badBody } from './body.ts';
import type { Stream } from './client.ts';

const mostColumns = 2000;
const rowsPerBatch = 1000;

/** How a body of comma-separated values is read. */
export interface CsvBody {
  table: string;
  url: URL;
  wanted: WantedColumns | undefined;
  /** Whether a body needs a line break at its end to be whole. */
  finalNewline: 'required' | 'optional';
}

/** Reads a body of CSV with a header. It is certified if HTTP says that it is whole, and its last line is. */
export async function* readCsvBody(stream: Stream, of: CsvBody): AsyncGenerator<ReadEvent> {
  const { table, url } = of;
  const seen = { last: '', first: true };
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 64 << 20,
  });
  // pipeline hands the error of the body on to the parser
  pipeline(Readable.from(texts(stream, url, seen)), parser, () => undefined);
  let header: string[] | undefined;
  let columns: number[] = [];
  let batch: StructuredRecord[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (!header) {
        header = checkHeader(record, table);
        columns = chosen(header, of.wanted);
        const known = header.filter((name) => name !== '');
        yield { kind: 'segment', source: table, columns: columns.map((at) => header?.[at] ?? ''), known };
        continue;
      }
      batch.push(rowOf(record, header, columns, info.lines));
      if (batch.length >= rowsPerBatch) {
        yield { kind: 'structured', records: batch, resume: '' };
        batch = [];
      }
    }
  } catch (error) {
    throw faultOf(error, table, url);
  } finally {
    parser.destroy();
  }
  if (!header) throw badBody(url, 'answers with an empty body: not even a header');
  if (batch.length > 0) yield { kind: 'structured', records: batch, resume: '' };
  yield { kind: 'end', certificate: certificateOf(stream, seen.last === '\n' || of.finalNewline === 'optional') };
}

const certificateOf = ({ framed }: Stream, isFinal: boolean): Certificate =>
  framed && isFinal
    ? { certified: true }
    : {
        certified: false,
        code: 'not-final',
        reason: framed
          ? 'The last line of the answer has no line break, so it may have been cut short.'
          : 'HTTP does not say where the answer ends, so it may have been cut short.',
      };

/** @throws SyncError `bad-body` for bytes that are no UTF-8, or a page of HTML */
async function* texts({ body }: Stream, url: URL, seen: { last: string; first: boolean }): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw badBody(url, 'answers with bytes that are no UTF-8', cause);
    }
  };
  for await (const bytes of body) {
    const text = decode(bytes);
    if (text === '') continue;
    if (seen.first && /^\s*[<{]/.test(text))
      throw badBody(url, 'answers with something else than CSV: a login, or an error');
    seen.first = false;
    seen.last = text.at(-1) ?? '';
    yield text;
  }
  const rest = decode();
  if (rest !== '') yield rest;
}

function checkHeader(header: readonly string[], table: string): string[] {
  if (header.length > mostColumns)
    throw new SyncError('too-many-columns', `The header has more than ${String(mostColumns)} columns.`, {
      table,
      line: 1,
    });
  const twice = header.find((name, i) => name !== '' && header.indexOf(name) !== i);
  if (twice !== undefined)
    throw new SyncError('duplicate-header', `Two columns are named ${twice}.`, { table, line: 1, column: twice });
  return [...header];
}

/** The columns that are mapped, or all that have a name. */
function chosen(header: readonly string[], wanted: WantedColumns | undefined): number[] {
  const names =
    wanted && new Set([...wanted.columns, ...wanted.key, ...(wanted.identity === undefined ? [] : [wanted.identity])]);
  return header.flatMap((name, i) => (name !== '' && (names?.has(name) ?? true) ? [i] : []));
}

function rowOf(
  record: readonly string[],
  header: readonly string[],
  columns: readonly number[],
  line: number,
): StructuredRecord {
  const position = `line ${String(line)}`;
  if (record.length === header.length) return { cells: columns.map((at) => record[at] ?? ''), position };
  const message = `The row has ${String(record.length)} fields, the header ${String(header.length)}.`;
  return { cells: columns.map(() => null), position, fault: { code: 'row-shape', message } };
}

/** Messages of the parser hold parts of rows, so they are not repeated. */
function faultOf(error: unknown, table: string, url: URL): unknown {
  if (!(error instanceof CsvError)) return error;
  const { lines } = error as unknown as { lines?: number };
  const place = { table, ...(typeof lines === 'number' ? { line: lines } : {}) };
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return new SyncError('unclosed-quote', 'A quote is opened and not closed.', place, { cause: error });
  return new SyncError(
    'bad-body',
    `${url.origin}${url.pathname} answers with CSV that cannot be read (${error.code}).`,
    place,
    { cause: error },
  );
}
