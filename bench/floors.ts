import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { finished, pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { inferSchema, initParser, type Parser } from 'udsv';
import { columnsOf, fileOf, tables, type Table } from './generate.ts';
import { query } from './postgres.ts';
import { timed } from './statistics.ts';

/** What a part of the work costs at the least, on the same files and the same Postgres. */
export const floorNames = ['read', 'readAndHash', 'parse', 'parseAndCopy', 'copy'] as const;
export type FloorName = (typeof floorNames)[number];

/** `copy` is R, which everything else is compared with. */
export const floorTitles: Record<FloorName, string> = {
  read: 'read the files',
  readAndHash: 'read and SHA-256',
  parse: 'read and parse (udsv)',
  parseAndCopy: 'read, parse, encode, COPY',
  copy: 'raw COPY into unlogged tables (R)',
};

/** Seconds for all files of a folder, one after the other. */
export async function measureFloor(floor: FloorName, folder: string, databaseUrl: string): Promise<number> {
  const files = tables.map((table) => ({ table, path: fileOf(folder, table) }));
  const each = async (work: (file: { table: Table; path: string }) => Promise<unknown>) =>
    (
      await timed(async () => {
        for (const file of files) await work(file);
      })
    ).seconds;
  switch (floor) {
    case 'read':
      return each(({ path }) => read(path, () => undefined));
    case 'readAndHash':
      return each(async ({ path }) => {
        const hash = createHash('sha256');
        await read(path, (chunk) => {
          hash.update(chunk);
        });
        return hash.digest('hex');
      });
    case 'parse':
      return each(({ path }) => parse(path, () => undefined));
    case 'parseAndCopy':
      return query(databaseUrl, async (client) => {
        await createTables(client);
        return each(({ table, path }) => parseAndCopy(client, table, path));
      });
    case 'copy':
      return query(databaseUrl, async (client) => {
        await createTables(client);
        return each(({ table, path }) =>
          pipeline(open(path), client.query(copyFrom(`copy ${nameOf(table)} from stdin (format csv, header)`))),
        );
      });
  }
}

const open = (path: string) => createReadStream(path, { highWaterMark: 1 << 20 });
const nameOf = (table: Table) => `floor_${table.replace('-', '_')}`;

async function createTables(client: pg.Client): Promise<void> {
  for (const table of tables) {
    const columns = columnsOf[table].map((name) => `${name} text`);
    await client.query(`drop table if exists ${nameOf(table)}`);
    await client.query(`create unlogged table ${nameOf(table)} (${columns.join(', ')})`);
  }
}

async function read(path: string, take: (chunk: Buffer) => void): Promise<void> {
  for await (const chunk of open(path) as AsyncIterable<Buffer>) take(chunk);
}

async function parse(path: string, take: (rows: string[][]) => Promise<unknown> | undefined): Promise<void> {
  let parser: Parser | undefined;
  let rows: string[][] = [];
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, encoding: 'utf8' })) {
    const text = chunk as string;
    parser ??= initParser(inferSchema(text));
    // it keeps the callback of the first chunk for all that follow, so that one must not close over anything of a chunk
    parser.chunk<string[]>(text, parser.stringArrs, (row) => {
      rows.push(row);
    });
    const taken = rows;
    rows = [];
    await take(taken);
  }
  parser?.end();
  await take(rows);
}

async function parseAndCopy(client: pg.Client, table: Table, path: string): Promise<void> {
  const copy = client.query(copyFrom(`copy ${nameOf(table)} from stdin`));
  await parse(path, (rows) => {
    let text = '';
    for (const row of rows) text += `${row.map(encode).join('\t')}\n`;
    return copy.write(text) ? undefined : new Promise((resolve) => copy.once('drain', resolve));
  });
  copy.end();
  await finished(copy);
}

const special = /[\\\t\n\r]/;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function encode(cell: string): string {
  if (cell === '') return '\\N';
  return special.test(cell) ? cell.replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found) : cell;
}
