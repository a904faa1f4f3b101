import { setTimeout as sleep } from 'node:timers/promises';
import type { Sync } from '../domain/sync.ts';
import { connectorFile, thresholds, typesOf } from './connector.ts';
import type { Files } from './generate.ts';
import { readHistory } from './history.ts';
import { runToEnd } from './measure-sync.ts';
import { place, placeSnapshot } from './place.ts';
import { query, type BenchPostgres } from './postgres.ts';
import type { Product } from './product.ts';
import { userKey } from './rows.ts';
import { timed } from './statistics.ts';

/** How single resources of a connector were synchronised. */
export interface ItemsResult {
  /** `targeted`: the source is asked for the wanted keys alone; `files`: whole files are read. */
  source: 'targeted' | 'files';
  /** One after the other, while nothing else runs: from the request until it is applied. */
  seconds: number[];
  /** Events of Temporal that each of them made. */
  events: number[];
  /** Rows of Postgres' own catalogs that were written while these ran, for each. */
  catalogRows: number;
  /** So many requested at once. */
  burst: number;
  burstSeconds: number;
  faults: string[];
}

export interface ItemsInput {
  product: Product;
  postgres: BenchPostgres;
  database: string;
  before: Files;
  after: Files;
  say: (line: string) => void;
}

const sourceDatabase = 'bench_items_source';
const times = 21;
const burst = 100;
/** The first ones prepare what is prepared once. */
const warmUp = 5;

/** What the product needs to read a database on this machine. */
export const itemsEnvironment = (postgres: BenchPostgres) => ({
  SYNCLINE_OUTBOUND_ALLOW: '127.0.0.0/8,localhost',
  SYNCLINE_SECRET_BENCH: decodeURIComponent(new URL(postgres.adminUrl).password) || 'none',
});

const people = 20_000;

export async function measureItems(input: ItemsInput): Promise<ItemsResult[]> {
  return [await measureTargeted(input), await measureFiles(input)];
}

/** People of a database, each in a unit, and groups with members in a table of their own. */
async function measureTargeted(input: ItemsInput): Promise<ItemsResult> {
  const { product, postgres } = input;
  const url = new URL(postgres.adminUrl);
  await postgres.createDatabase(sourceDatabase);
  url.pathname = `/${sourceDatabase}`;
  await query(url.href, (client) =>
    client.query(`
      create table people (id text primary key, name text, title text, department text, unit text);
      create table units (id text primary key, name text);
      create table groups (id text primary key, name text);
      create table members (group_id text, person text, primary key (group_id, person));
      insert into units select 'U' || n, 'Unit ' || n from generate_series(1, 200) n;
      insert into people select 'P' || n, 'Person ' || n, 'Title 0', 'Department ' || n % 40, 'U' || 1 + n % 200
        from generate_series(1, ${String(people)}) n;
      insert into groups select 'G' || n, 'Group ' || n from generate_series(1, 2000) n;
      insert into members select 'G' || 1 + (p * 7 + m * 31) % 2000, 'P' || p
        from generate_series(1, ${String(people)}) p, generate_series(1, 5) m;
      analyze`),
  );
  await product.api.putConnector(databaseFile(url));
  const change = (numbers: readonly number[], edition: number) =>
    query(url.href, (client) =>
      client.query('update people set title = $1 where id = any($2)', [
        `Title ${String(edition)}`,
        numbers.map((n) => `P${String(n)}`),
      ]),
    );
  try {
    return await measureConnector(input, {
      source: 'targeted',
      connector: 'items',
      type: 'Item_Person',
      key: (n) => `P${String(n)}`,
      change,
    });
  } finally {
    await postgres.dropDatabase(sourceDatabase);
  }
}

function databaseFile(url: URL) {
  const settings = {
    ...{ client: 'postgres', host: url.hostname, port: Number(url.port), database: sourceDatabase },
    ...{ user: url.username, tls: { mode: 'none' } },
  };
  const of = (table: string) => ({ connection: 'db', table });
  const column = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { column: name }]));
  return {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'items',
    thresholds,
    connections: [{ name: 'db', package: 'sql', settings, secrets: { password: 'env:SYNCLINE_SECRET_BENCH' } }],
    entityTypes: [
      { name: 'Item_Unit', source: of('units'), key: ['id'], properties: column('id', 'name') },
      {
        name: 'Item_Person',
        source: of('people'),
        key: ['id'],
        properties: column('id', 'name', 'title', 'department'),
        navigationProperties: { unit: { to: 'Item_Unit', column: 'unit' } },
      },
      {
        name: 'Item_Group',
        source: of('groups'),
        key: ['id'],
        properties: column('id', 'name'),
        navigationProperties: {
          members: { to: 'Item_Person', table: 'members', sourceColumn: 'group_id', targetColumn: 'person' },
        },
      },
    ],
  };
}

/** The directory of the other scenarios: each sync finds the cells that a user has in the other snapshot. */
async function measureFiles(input: ItemsInput): Promise<ItemsResult> {
  const { product, before, after } = input;
  const connector = 'filed';
  await placeSnapshot(before.folder, product.files, connector);
  await product.api.putConnector(connectorFile(connector));
  const change = () => place(`${after.folder}/users.csv`, `${product.files}/${connector}`, 'users.csv');
  return measureConnector(input, {
    source: 'files',
    connector,
    type: typesOf(connector).users,
    // those that differ between the snapshots
    key: (n) => userKey(n * 100 + 11),
    change,
  });
}

interface Subject {
  source: ItemsResult['source'];
  connector: string;
  type: string;
  key: (n: number) => string;
  change: (numbers: readonly number[], edition: number) => Promise<unknown>;
}

async function measureConnector(
  { product, postgres, database, say }: ItemsInput,
  { source, connector, type, key, change }: Subject,
): Promise<ItemsResult> {
  const { sync: first } = await runToEnd(product, connector, 'complete');
  if (!first.applied) throw new Error(`${connector} could not be loaded: it ended ${first.status}`);
  await postgres.settle(database);
  const result: ItemsResult = {
    ...{ source, seconds: [], events: [], catalogRows: 0, burst, burstSeconds: 0, faults: [] },
  };
  const request = (n: number) => product.api.call<Sync>('POST', `/v1/entity-types/${type}/resources/${key(n)}/sync`);
  const ended = async (n: number) => product.api.settled((await request(n)).id);
  const judge = ({ id, status, counters }: Sync) => {
    if (status !== 'completed' || counters[type]?.updated !== 1)
      result.faults.push(`the item ${id} of ${source} ended ${status} with ${JSON.stringify(counters[type])}`);
  };
  let [next, edition] = [1, 1];
  for (; next <= warmUp; next++) {
    await change([next], edition++);
    judge(await ended(next));
  }
  const catalogBefore = await catalogRows(product.databaseUrl);
  const syncs: Sync[] = [];
  for (; next <= warmUp + times; next++) {
    await change([next], edition++);
    const { seconds, result: sync } = await timed(() => ended(next));
    judge(sync);
    result.seconds.push(seconds);
    syncs.push(sync);
  }
  result.catalogRows = ((await catalogRows(product.databaseUrl)) - catalogBefore) / times;
  for (const { workflowId, runId } of syncs)
    result.events.push((await readHistory(product.temporal, workflowId, runId ?? '')).events);
  const numbers = Array.from({ length: burst }, (_, n) => next + n);
  await change(numbers, edition);
  const { seconds, result: all } = await timed(async () => {
    await Promise.all(numbers.map(request));
    await untilEnded(product);
    return newest(product, connector, burst);
  });
  result.burstSeconds = seconds;
  for (const sync of all) judge(sync);
  say(
    `items of ${source}: ${result.seconds.map((each) => each.toFixed(3)).join(', ')} s; ${String(result.burst)} at once ${seconds.toFixed(2)} s; ${String(result.events[0])} events, ${result.catalogRows.toFixed(0)} catalog rows each`,
  );
  return result;
}

/** Asks the database, since a list of all of them each time would be work for the API. */
async function untilEnded({ databaseUrl }: Product): Promise<void> {
  await query(databaseUrl, async (client) => {
    for (;;) {
      const { rows } = await client.query('select from syncline.sync where ended_at is null limit 1');
      if (rows.length === 0) return;
      await sleep(50);
    }
  });
}

async function newest({ api }: Product, connector: string, count: number): Promise<Sync[]> {
  const path = `/v1/syncs?connector=${connector}&limit=${String(count)}`;
  return (await api.call<{ items: Sync[] }>('GET', path)).items;
}

/** Rows that were ever written to Postgres' own catalogs in a database. */
async function catalogRows(url: string): Promise<number> {
  // sessions tell the statistics a second later
  await sleep(2_000);
  return query(url, async (client) => {
    const { rows } = await client.query<{ n: string }>(
      'select sum(n_tup_ins + n_tup_upd + n_tup_del) as n from pg_stat_sys_tables where schemaname = $1',
      ['pg_catalog'],
    );
    return Number(rows[0]?.n);
  });
}
