import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { to as copyTo } from 'pg-copy-streams';
import { query } from '../postgres.ts';
import type { Product } from '../product.ts';
import { median, timed } from '../statistics.ts';
import { userKey } from '../rows.ts';
import type { World } from './make.ts';

/** One read over HTTP, and the statement that sets its floor. */
export interface Measured {
  what: string;
  /** Median and worst, milliseconds. */
  median: number;
  worst: number;
  /** Milliseconds of the floor; undefined if the read has none. */
  floor: number | undefined;
  aim: string;
  bytes: number;
}

const times = 9;

/** Reads an answer to its end without parsing it: what the client does with it is not measured. The floors are not compressed either. */
async function readAnswer(address: string, path: string): Promise<number> {
  const answer = await fetch(`${address}${path}`, { headers: { 'accept-encoding': 'identity' } });
  let bytes = 0;
  for await (const part of answer.body ?? []) bytes += (part as Uint8Array).length;
  if (!answer.ok) throw new Error(`${path} was answered with ${String(answer.status)}`);
  return bytes;
}

const sink = () => new Writable({ write: (_chunk, _encoding, done) => done() });

/** Measures each read beside its floor, in turns, so that both meet the same machine. */
export async function measureAll(product: Product, world: World, say: (text: string) => void): Promise<Measured[]> {
  const { address } = product.api;
  const found: Measured[] = [];
  await query(product.databaseUrl, async (client) => {
    await client.query('set jit = off');
    const run = (sql: string) => async () => {
      await client.query(sql);
    };
    const copy = (sql: string) => () => pipeline(client.query(copyTo(`copy (${sql}) to stdout csv`)), sink());
    const measure = async (
      what: string,
      aim: string,
      path: string,
      floor?: () => Promise<unknown>,
      repeated = times,
    ) => {
      const read: number[] = [];
      const below: number[] = [];
      let bytes = 0;
      for (let n = 0; n < repeated; n++) {
        const { seconds, result } = await timed(() => readAnswer(address, path));
        read.push(1000 * seconds);
        bytes = result;
        if (floor) below.push(1000 * (await timed(floor)).seconds);
      }
      const each = {
        ...{ what, aim, bytes, median: median(read), worst: Math.max(...read) },
        floor: floor && median(below),
      };
      found.push(each);
      say(
        `${what}: ${each.median.toFixed(1)} ms, worst ${each.worst.toFixed(1)}, floor ${each.floor?.toFixed(1) ?? '-'}`,
      );
    };
    const resources = `/v1/entity-types/${world.users}/resources`;
    const columns = await viewColumns(client, world.view);
    await measure(
      ...(['CSV of all users', '2 × floor', `${resources}.csv`] as const),
      copy(`select ${columns.join(', ')} from ${world.view} order by employee_id`),
      3,
    );
    const cursor = (position: unknown) => `&cursor=${Buffer.from(JSON.stringify(position)).toString('base64url')}`;
    const page = `select id, key, attributes, managed from ${world.table}`;
    const pageAfter = (key: string) => run(`${page} where key > '${key}' order by key limit 501`);
    for (const [where, at] of [
      ['first', ''],
      ['middle', userKey(world.rows / 2)],
      ['last', userKey(world.rows - 502)],
    ] as const) {
      const path = `${resources}?limit=500${at === '' ? '' : cursor({ key: at, value: null })}`;
      await measure(`page of 500, ${where}`, '20 ms', path, pageAfter(at));
    }
    const limited = `${resources}?limit=500`;
    for (const [what, query] of [
      ['filter on a department', 'filter[department]=Finance'],
      ['filter that nobody fits', 'filter[badgeNumber]=1'],
      ['sorted by name', 'sort=lastName'],
      ['sorted by number, descending', 'sort=-badgeNumber'],
    ] as const)
      await measure(`page of 500, ${what} (indexed)`, '20 ms', `${limited}&${query}`);
    await measure('page of 500, filter that nobody fits (no index)', '', `${limited}&filter[phone]=1`);
    await measure('page of 500, sorted by name (no index)', '', `${limited}&sort=firstName`);
    await measure('page of 50, ?q= that nobody has', '', `${resources}?q=olsen`);
    await measure('one resource', '', `${resources}/${userKey(7)}`);
    const scan = run(`select count(*) from syncline.resource_text where text like '%zzz nobody zzz%'`);
    await measure('search, nothing found', '100 ms', '/v1/search?q=zzz%20nobody%20zzz', scan);
    await measure('search, part of an address that nobody has', '100 ms', '/v1/search?q=.55aa@contoso', scan);
    await measure('search, found everywhere', '100 ms', '/v1/search?q=contoso', scan);
    await measure('search, found everywhere, page of 500', '100 ms', '/v1/search?q=contoso&limit=500', scan);
    await measure(`sync-status of ${String(world.connectors)} connectors`, '50 ms', '/v1/sync-status?limit=500');
  });
  return found;
}

async function viewColumns(client: Parameters<Parameters<typeof query>[1]>[0], view: string): Promise<string[]> {
  const found = await client.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute where attrelid = $1::regclass and attnum > 0
       and attname not in ('id', 'key', 'managed') order by attnum`,
    [view],
  );
  return found.rows.map(({ name }) => name);
}
