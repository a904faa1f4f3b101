import { encodedBatch } from '../encoded-batch.ts';
import type { ReadEvent } from '../package.ts';
import { CanaryWatch, certificateOf } from './canary.ts';
import { EntryEncoder } from './encode-entries.ts';
import { entriesOf, type TableRead } from './table-read.ts';

/** Reads all entries of a table. */
export async function* readComplete(read: TableRead): AsyncGenerator<ReadEvent> {
  const { columns, table } = read;
  yield { kind: 'segment', source: table.name, columns: columns.names };
  const canaries = new CanaryWatch(read);
  const canaryAttributes = Array.isArray(table.canary) ? table.canary.flatMap(({ attributes }) => attributes) : [];
  const encoder = new EntryEncoder(columns);
  let references = 0;
  for await (const page of entriesOf(read, undefined, canaryAttributes, true)) {
    references += page.references;
    for (const entry of page.entries) canaries.see(entry);
    if (page.entries.length > 0) yield encodedBatch(encoder.page(page.entries));
  }
  canaries.end();
  yield { kind: 'end', certificate: certificateOf(read, references) };
}
