import { text } from 'node:stream/consumers';
import type { Connection } from '../../connectors/package.ts';
import { sqlPackageFor } from './sql-subject.ts';

/** What the process says. */
export interface Told {
  rows: number;
  /** Bytes of memory. */
  grown: number;
}

/** A process of its own that reads the table `many`, and says by how much its memory has grown meanwhile. */
const connection = JSON.parse(await text(process.stdin)) as Connection;
const before = process.memoryUsage().rss;
let rows = 0;
let grown = 0;
for await (const event of sqlPackageFor().read(connection, { table: 'many', tables: ['many'], mode: 'complete' }))
  if (event.kind === 'structured') {
    rows += event.records.length;
    grown = Math.max(grown, process.memoryUsage().rss - before);
  }
process.stdout.write(JSON.stringify({ rows, grown } satisfies Told));
