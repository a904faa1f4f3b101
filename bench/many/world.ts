import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sync } from '../../domain/sync.ts';
import type { Product } from '../product.ts';

/** Many small connectors: each has one file of people. */
export interface World {
  names: readonly string[];
  people: number;
  /** Writes the files of a round: 1 % of the people have another name in each. */
  place: (round: number) => Promise<void>;
}

/** So many are loaded at once. */
const loaders = 8;
const fileName = 'people.csv';

export async function makeWorld(
  product: Product,
  { connectors, people }: { connectors: number; people: number },
  say: (text: string) => void,
): Promise<World> {
  const names = Array.from({ length: connectors }, (_, n) => `many-${String(n + 1).padStart(3, '0')}`);
  const place = async (round: number) => {
    for (const name of names) {
      const folder = join(product.files, name);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, fileName), peopleOf(people, round));
    }
  };
  await place(0);
  const waiting = [...names];
  const load = async (name: string) => {
    await product.api.putConnector(connectorFile(name));
    const held = await settled(product, (await product.api.startSync(name, 'complete')).id, ['queued', 'running']);
    const { status } = await settled(product, (await product.api.resume(held)).id, ['held', 'running']);
    if (status !== 'completed') throw new Error(`the first sync of ${name} ended ${status}`);
  };
  const loader = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await load(name);
  };
  await Promise.all(Array.from({ length: loaders }, loader));
  say(`loaded ${String(connectors)} connectors with ${String(people)} people each`);
  return { names, people, place };
}

/** Asks ten times a second: many at once who ask more often are asked to wait. */
async function settled(product: Product, id: string, awaited: readonly string[]): Promise<Sync> {
  for (;;) {
    const sync = await product.api.call<Sync>('GET', `/v1/syncs/${id}`);
    if (!awaited.includes(sync.status)) return sync;
    await sleep(100);
  }
}

function peopleOf(people: number, round: number): string {
  const lines = ['id,name,department'];
  for (let n = 0; n < people; n++) {
    const name = n % 100 === 0 ? `Person ${String(n)} of round ${String(round)}` : `Person ${String(n)}`;
    lines.push(`P${String(n).padStart(6, '0')},${name},Department ${String(n % 20)}`);
  }
  return `${lines.join('\n')}\n`;
}

const connectorFile = (name: string) => ({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name,
  connections: [{ name: 'files', package: 'csv', settings: { directory: name } }],
  entityTypes: [
    {
      name: `${name.replace('-', '_')}_Person`,
      source: { connection: 'files', table: fileName },
      key: ['id'],
      properties: { id: { column: 'id' }, name: { column: 'name' }, department: { column: 'department' } },
    },
  ],
});
