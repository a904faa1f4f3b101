import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sync } from '../domain/sync.ts';
import { connectorFile, typesOf } from './connector.ts';
import { describeChanges, foundChanges, noChanges, sameChanges } from './expected.ts';
import { generate, writeRows, type Files } from './generate.ts';
import { runToEnd } from './measure-sync.ts';
import { place, placeSnapshot } from './place.ts';
import type { BenchPostgres } from './postgres.ts';
import type { Product } from './product.ts';
import { userKey, userNumbers } from './rows.ts';
import type { Shape } from './sizes.ts';

/** What the other connector does before each sync that is measured. */
export const hours = ['nothing', 'attributes', 'everything'] as const;
export type Hour = (typeof hours)[number];
export const linkedScenarios = ['equal', 'reordered', 'changed'] as const;
export type LinkedScenario = (typeof linkedScenarios)[number];

export interface LinkedResult {
  scenario: LinkedScenario;
  hour: Hour;
  seconds: number[];
  /** How many of the syncs compared all rows. */
  whole: number;
  faults: string[];
}

export interface LinkedInput {
  runs: number;
  shape: Shape;
  product: Product;
  postgres: BenchPostgres;
  database: string;
  before: Files;
  after: Files;
  scratch: string;
  say: (line: string) => void;
}

const directory = 'directory';
const hr = 'hr';

/**
 * The people of a directory's users, as another system has them. In an hour 500 of them get another title; 20 get another badge, 20
 * come, and 20 leave, each of whom is a member of ten groups of the directory.
 */
class People {
  readonly #titles = new Map<number, number>();
  readonly #badges = new Map<number, number>();
  readonly #gone = new Set<number>();
  readonly #first: number;
  #all: number;
  #next = 1;

  constructor(shape: Shape) {
    this.#first = this.#all = userNumbers(shape);
  }

  pass(hour: Hour): void {
    if (hour === 'nothing') return;
    for (let n = 0; n < 500; n++) this.#titles.set(this.#pick(), this.#next);
    if (hour === 'attributes') return;
    for (let n = 0; n < 20; n++) this.#badges.set(this.#pick(), 100_000_000 + this.#next);
    for (let n = 0; n < 20; n++) this.#gone.add(this.#pick());
    this.#all += 20;
  }

  /** Somebody who is there, spread over all of them. */
  #pick(): number {
    for (;;) {
      const found = (this.#next++ * 7919) % this.#first;
      if (!this.#gone.has(found)) return found;
    }
  }

  async write(path: string): Promise<void> {
    await writeRows(path, ['employee_id', 'badge', 'title'], this.#all, (n) =>
      this.#gone.has(n)
        ? undefined
        : `${userKey(n)},${String(this.#badges.get(n) ?? 1_000_000 + n)},Title ${String(this.#titles.get(n) ?? 0)}`,
    );
  }
}

/** A directory whose users lead to people by their badge, and whose groups have people as members. */
function directoryFile() {
  const { entityTypes, ...file } = connectorFile(directory);
  const types = typesOf(directory);
  return {
    ...file,
    entityTypes: entityTypes.map((type) => ({
      ...type,
      navigationProperties: {
        ...type.navigationProperties,
        ...(type.name === types.users ? { person: { to: 'HR_Person', column: 'badge_number', by: 'badge' } } : {}),
        ...(type.name === types.groups
          ? {
              members: {
                to: 'HR_Person',
                table: 'memberships.csv',
                sourceColumn: 'group_id',
                targetColumn: 'employee_id',
              },
            }
          : {}),
      },
    })),
  };
}

const peopleFile = {
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: hr,
  thresholds: connectorFile(hr).thresholds,
  connections: [{ name: 'files', package: 'csv', settings: { directory: hr } }],
  entityTypes: [
    {
      name: 'HR_Person',
      source: { connection: 'files', table: 'people.csv' },
      key: ['id'],
      properties: { id: { column: 'employee_id' }, badge: { column: 'badge' }, title: { column: 'title' } },
    },
  ],
};

/**
 * Complete syncs of a directory whose links lead to people of another connector: while nothing of these changes, and after each of its
 * hours. Byte-equal files, files in another order, and 1 % changed, forth to the second snapshot and back to the first in turn.
 */
export async function measureLinked(input: LinkedInput): Promise<LinkedResult[]> {
  const { shape, product, say } = input;
  const people = new People(shape);
  const folder = join(input.scratch, 'people');
  await mkdir(folder, { recursive: true });
  const pass = async (hour: Hour) => {
    people.pass(hour);
    await people.write(join(folder, 'people.csv'));
    await place(join(folder, 'people.csv'), join(product.files, hr), 'people.csv');
    await complete(product, hr);
  };
  await mkdir(join(product.files, hr), { recursive: true });
  await product.api.putConnector(peopleFile);
  await pass('nothing');
  let stands = input.before;
  await placeSnapshot(stands.folder, product.files, directory);
  await product.api.putConnector(directoryFile());
  await complete(product, directory);
  const results = hours.flatMap((hour) =>
    linkedScenarios.map((scenario): LinkedResult => ({ scenario, hour, seconds: [], whole: 0, faults: [] })),
  );
  for (let run = 0; run < input.runs; run++)
    for (const result of results) {
      const { scenario, hour } = result;
      if (hour !== 'nothing') await pass(hour);
      if (scenario === 'changed') stands = stands === input.before ? input.after : input.before;
      if (scenario === 'reordered') {
        const snapshot = stands === input.before ? 'before' : 'after';
        const shuffled = join(input.scratch, 'reordered');
        await generate(shape, snapshot, 1 + run + 10 * hours.indexOf(hour), shuffled);
        await placeSnapshot(shuffled, product.files, directory);
      } else if (scenario === 'changed') await placeSnapshot(stands.folder, product.files, directory);
      await input.postgres.settle(input.database);
      const { seconds, sync } = await complete(product, directory);
      result.seconds.push(seconds);
      const how = await howCompared(product, sync);
      if (how.startsWith('whole')) result.whole++;
      say(`${scenario} after ${hour} of the other connector: ${seconds.toFixed(2)} s, ${how}`);
    }
  results[0]?.faults.push(...(await findMissed(product)));
  return results;
}

async function complete(product: Product, connector: string): Promise<{ seconds: number; sync: Sync }> {
  const { sync, seconds } = await runToEnd(product, connector, 'complete');
  if (!sync.status.startsWith('completed'))
    throw new Error(`${connector} ended ${sync.status}: ${sync.error?.message ?? ''}`);
  return { seconds, sync };
}

async function howCompared({ api }: Product, sync: Sync): Promise<string> {
  const { items } = await api.call<{ items: { message: string }[] }>('GET', `/v1/syncs/${sync.id}/log?limit=500`);
  const log = items.map(({ message }) => message).join('\n');
  const refused = /This sync compares all rows, because (.*)/.exec(log)?.[1];
  if (refused !== undefined) return `whole, because ${refused}`;
  if (log.includes('The files are the same')) return 'the same files';
  return /Compared line by line with the last applied export: (.*)/.exec(log)?.[1] ?? 'whole';
}

/** What a comparison of everything finds that the others have missed: a revision of its own has nothing to be compared with. */
async function findMissed(product: Product): Promise<string[]> {
  const file = { ...directoryFile(), displayName: 'Compared whole' };
  await product.api.putConnector(file);
  const { sync } = await complete(product, directory);
  const found = foundChanges(sync.counters);
  // links that stayed for the new name of a target go with the second sync over the same files
  const due = { ...found, links: { ...found.links, deleted: 0 } };
  return sameChanges(due, noChanges) && found.links.deleted <= 20
    ? []
    : [`a sync over all rows still found ${describeChanges(found)}`];
}
