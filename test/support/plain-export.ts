import { randomUUID } from 'node:crypto';
import type { ExportedTable } from '../../store/compare-lines.ts';
import type { ExportStore } from '../../store/export-store.ts';

/** An export of a table of one column with these lines, in plain parts of so many. */
export async function exportLines(
  store: ExportStore,
  lines: readonly string[],
  inPart: number,
): Promise<ExportedTable> {
  const reference = { connector: 'c', syncId: 's', attempt: randomUUID() };
  const writer = await store.beginTable(reference, 't.csv');
  for (let at = 0; at < lines.length; at += inPart) {
    const some = lines.slice(at, at + inPart);
    // a part with another quote is another part
    const quote = (at / inPart) % 2 === 0 ? '"' : "'";
    const text = Buffer.from(some.map((line) => `${line}\n`).join(''));
    await writer.writeLines('t.csv', ['x'], { text, rows: some.length, firstLine: at + 2, delimiter: ',', quote });
  }
  const table = { connection: 'files', table: 't.csv', columns: ['x'], certified: true, state: { files: [] } };
  return { reference, table: { ...table, rows: lines.length, parts: await writer.finish() } };
}
