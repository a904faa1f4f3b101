import type { ExportedTable } from './compare-lines.ts';
import type { ExportStore } from './export-store.ts';

const lineFeed = 0x0a;

/** A line of a table whose parts are plain, without its end. */
export interface PlainLine {
  text: string;
  /** Bytes of the table up to the next line. */
  end: number;
}

/** Bytes of all parts of a table. */
export const sizeOf = ({ table }: ExportedTable): number => table.parts.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * The lines that lie whole within some bytes of a table, many at a time. What lies in front of them is not read.
 * @param from bytes from the beginning of the table; below 0 is its beginning
 * @throws SyncError `export-missing`
 */
export async function* plainLines(
  store: ExportStore,
  { reference, table }: ExportedTable,
  from: number,
  to: number,
): AsyncGenerator<PlainLine[]> {
  // the byte in front tells whether a line begins here
  const start = Math.max(0, Math.floor(from) - 1);
  let whole = from <= 0;
  let rest: Buffer = Buffer.alloc(0);
  let place = start;
  for await (const piece of store.readBytes(reference, table, start, Math.ceil(to))) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    let begin = 0;
    const lines: PlainLine[] = [];
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, begin)) {
      if (whole) lines.push({ text: bytes.toString('utf8', begin, at), end: place + at + 1 });
      whole = true;
      begin = at + 1;
    }
    rest = bytes.subarray(begin);
    place += begin;
    yield lines;
  }
}

/** Lines of a table behind some bytes. @throws SyncError `export-missing` */
export async function countPlainLines(store: ExportStore, exported: ExportedTable, from: number): Promise<number> {
  let lines = 0;
  for await (const piece of store.readBytes(exported.reference, exported.table, from, sizeOf(exported)))
    for (let at = piece.indexOf(lineFeed); at >= 0; at = piece.indexOf(lineFeed, at + 1)) lines++;
  return lines;
}
