import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Queryable } from './database.ts';

/** What one field of a `COPY` line may be. */
export type CopyValue = string | number | boolean | null | readonly string[] | undefined;

const chunkBytes = 1 << 20;
/** Size of a buffer: a chunk, and the row that completes it. */
const usualBytes = 1.5 * chunkBytes;

/** A connection's chunk that is under way, at most one, and a buffer of the usual size that is free again. */
interface Lane {
  underWay: Promise<void>;
  spare: Buffer | undefined;
}
const lanes = new WeakMap<pg.Client, Lane>();

function laneOf(client: pg.Client): Lane {
  let lane = lanes.get(client);
  if (!lane) lanes.set(client, (lane = { underWay: Promise.resolve(), spare: undefined }));
  return lane;
}

/**
 * Sends rows to one table by `COPY`, about a MiB at a time over a connection that several writers share in turn. One chunk
 * is under way while the next is filled, so that Postgres and we work at once; memory stays bounded, and a slow Postgres
 * slows the reader down. `finishCopies` waits until the last one has arrived. Rows go into one buffer as they come: text
 * that is joined up over thousands of rows costs more to collect again than to make. Buffers are used again and again, since
 * memory outside the heap makes Node collect garbage.
 */
export class CopyWriter {
  rows = 0;
  #buffer: Buffer = none;
  #bytes = 0;
  readonly #client: pg.Client;
  readonly #sql: string;

  /** @param table and columns are trusted identifiers that Syncline itself makes, quoted if needed */
  constructor(client: pg.Client, table: string, columns: readonly string[]) {
    this.#client = client;
    this.#sql = `copy ${table} (${columns.join(', ')}) from stdin`;
  }

  /** Takes a row; true if `flush` is due. */
  add(values: readonly CopyValue[]): boolean {
    let line = field(values[0]);
    for (let i = 1; i < values.length; i++) line += '\t' + field(values[i]);
    line += '\n';
    // a character has at most three bytes for each of its code units
    const most = this.#bytes + line.length * 3;
    if (most > this.#buffer.length) this.#grow(most);
    this.#bytes += this.#buffer.write(line, this.#bytes);
    this.rows++;
    return this.#bytes >= chunkBytes;
  }

  /** Doubles, so that a batch of many megabytes is not copied again for each of its rows. */
  #grow(most: number): void {
    const size = Math.max(most, 2 * this.#buffer.length, usualBytes);
    const lane = laneOf(this.#client);
    const larger = size === usualBytes && lane.spare ? lane.spare : Buffer.allocUnsafe(size);
    if (larger === lane.spare) lane.spare = undefined;
    this.#buffer.copy(larger, 0, 0, this.#bytes);
    this.#buffer = larger;
  }

  /** Sends what is there. @throws the error of the chunk before, of whichever writer of the connection it was */
  async flush(): Promise<void> {
    if (this.#bytes === 0) return;
    const buffer = this.#buffer;
    const chunk = buffer.subarray(0, this.#bytes);
    this.#buffer = none;
    this.#bytes = 0;
    await finishCopies(this.#client);
    const stream = this.#client.query(copyFrom(this.#sql));
    stream.end(chunk);
    const lane = laneOf(this.#client);
    const sent = finished(stream).then(() => {
      if (buffer.length === usualBytes) lane.spare = buffer;
    });
    // the next caller that waits gets the error
    sent.catch(() => undefined);
    lane.underWay = sent;
  }
}

/** Waits until what was flushed has arrived. */
export async function finishCopies(client: pg.Client): Promise<void> {
  await laneOf(client).underWay;
}

const none = Buffer.alloc(0);
const special = /[\\\t\n\r]/;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escape(text: string): string {
  return special.test(text) ? text.replace(/[\\\t\n\r]/g, (c) => escapes[c] ?? c) : text;
}

function field(value: CopyValue): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'string') return escape(value);
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'number') return String(value);
  return escape(`{${value.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
}

/**
 * Works on a connection for `COPY`: that of a transaction, if it is one, since nobody else sees what it has made, else one of its own.
 */
export async function withCopies<Result>(
  db: Queryable,
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  if (db.isTransaction) {
    const { acquireConnection } = db.client as { acquireConnection: () => Promise<pg.Client> };
    return work(await acquireConnection());
  }
  const client = await connectForCopy(databaseUrl);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A connection of its own for `COPY`, which a pool does not lend. End it when done. */
export async function connectForCopy(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({
    ...(databaseUrl === '' ? {} : { connectionString: databaseUrl }),
    application_name: 'syncline-copy',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // one flush is about a MiB: a sender that hangs in the middle of it must not keep its locks
    statement_timeout: 60_000,
  });
  // after an error between two statements (Postgres was killed), the next statement fails; without a listener the error
  // would
  // end the process
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
