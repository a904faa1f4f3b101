import { setTimeout as sleep } from 'node:timers/promises';
import type { Product } from '../product.ts';
import { userKey } from '../rows.ts';
import type { World } from './make.ts';

/** Many readers at once, while something else goes on. */
export interface ReadersMeasured {
  what: string;
  requests: number;
  errors: number;
  /** Milliseconds. */
  median: number;
  p99: number;
  worst: number;
}

/** A reader asks again a second after each answer, as a person does who goes through pages. */
const pause = 1000;
const alone = 10_000;

/** Measures readers by themselves, then while a sync of 1 % changed rows is compared and applied. */
export async function measureReaders(
  product: Product,
  world: World,
  readers: number,
  say: (text: string) => void,
): Promise<ReadersMeasured[]> {
  const tell = (measured: ReadersMeasured) => {
    say(
      `${measured.what}: ${String(measured.requests)} requests, ${String(measured.errors)} errors, p99 ${measured.p99.toFixed(0)} ms`,
    );
    return measured;
  };
  const quiet = tell(await readWhile(product, world, readers, `${String(readers)} readers`, sleep(alone)));
  const id = await world.startSync();
  const busy = await readWhile(
    ...([product, world, readers, `${String(readers)} readers while a sync runs`] as const),
    product.api.settled(id).then(({ status }) => {
      if (status !== 'completed') throw new Error(`the sync beside the readers ended ${status}`);
    }),
  );
  return [quiet, tell(busy)];
}

async function readWhile(
  { api: { address } }: Product,
  world: World,
  readers: number,
  what: string,
  until: Promise<unknown>,
): Promise<ReadersMeasured> {
  const taken: number[] = [];
  let errors = 0;
  let going = true;
  const resources = `/v1/entity-types/${world.users}/resources`;
  const paths = [
    (n: number) => `${resources}?cursor=${Buffer.from(JSON.stringify({ key: userKey(n) })).toString('base64url')}`,
    (n: number) => `${resources}/${userKey(n)}`,
    () => `/v1/sync-status`,
    () => `/v1/syncs`,
  ];
  const read = async (reader: number) => {
    await sleep((pause * reader) / readers);
    for (let n = reader; going; n++) {
      const path = paths[n % paths.length]?.((n * 7919) % (world.rows - 100)) ?? '';
      const began = performance.now();
      try {
        const answer = await fetch(`${address}${path}`);
        await answer.arrayBuffer();
        // a user that the sync deletes meanwhile is no longer there
        if (!answer.ok && answer.status !== 404) errors++;
      } catch {
        errors++;
      }
      taken.push(performance.now() - began);
      await sleep(pause);
    }
  };
  const all = Array.from({ length: readers }, (_, reader) => read(reader));
  try {
    await until;
  } finally {
    going = false;
    await Promise.all(all);
  }
  const sorted = taken.sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  return { what, requests: sorted.length, errors, median: at(0.5), p99: at(0.99), worst: at(1) };
}
