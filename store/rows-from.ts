import { encodeCell } from '../domain/cell.ts';
import type { ExportedTable } from './compare-lines.ts';
import type { ExportStore } from './export-store.ts';

/**
 * The rows of an exported table from one place to another, counted from 0, as texts that are equal for equal rows. Parts that
 * end before are not read. @throws SyncError `export-modified`, `export-missing`
 */
export async function* rowsFrom(
  store: ExportStore,
  { reference, table }: ExportedTable,
  from: number,
  to: number,
): AsyncGenerator<{ text: string; place: number }> {
  let begin = 0;
  for (const part of table.parts) {
    const end = begin + part.rows;
    if (end > from && begin < to) {
      const alone = { reference, table: { ...table, parts: [part] } };
      const texts = (part.plain ? linesOf : recordsOf)(store, alone, from - begin, to - begin);
      for await (const { text, place } of texts) yield { text, place: begin + place };
    }
    begin = end;
  }
}

/** Nothing waits for the lines in front: they are only counted. */
async function* linesOf(
  store: ExportStore,
  { reference, table }: ExportedTable,
  from: number,
  to: number,
): AsyncGenerator<{ text: string; place: number }> {
  let place = 0;
  for await (const { text } of store.readLines(reference, table))
    for (let begin = 0; begin < text.length; place++) {
      if (place >= to) return;
      const end = text.indexOf(0x0a, begin);
      if (place >= from) yield { text: text.toString('utf8', begin, end), place };
      begin = end + 1;
    }
}

async function* recordsOf(
  store: ExportStore,
  { reference, table }: ExportedTable,
  from: number,
  to: number,
): AsyncGenerator<{ text: string; place: number }> {
  let place = 0;
  for await (const { records } of store.readTable(reference, table))
    for (const { cells } of records) {
      if (place >= to) return;
      if (place >= from) yield { text: JSON.stringify(cells.map(encodeCell)), place };
      place++;
    }
}
