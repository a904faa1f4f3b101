import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Priority, Sync, SyncStatus } from '../../domain/sync.ts';
import { query } from '../postgres.ts';
import type { Product } from '../product.ts';
import { median, timed } from '../statistics.ts';
import type { World } from './world.ts';

/** All connectors at once, with so many workers. Times are seconds from the first request on. */
export interface AtOnce {
  workers: number;
  /** Until the last one was recorded: no crash can lose it from then on. */
  recorded: number;
  /** Until the last request was answered: its workflow has begun. */
  answered: number;
  /** Until the last one was held or had ended. */
  ended: number;
  /** The median of when those of each priority had ended. */
  endedBy: Record<Priority, number>;
  faults: string[];
}

/** Each connector alone, one after another. @returns seconds of all of them */
export async function oneAfterAnother(product: Product, world: World, round: number): Promise<number> {
  await world.place(round);
  const { seconds } = await timed(async () => {
    for (const name of world.names) {
      const { status } = await product.api.settled((await product.api.startSync(name, 'complete')).id);
      if (status !== 'completed') throw new Error(`the sync of ${name} ended ${status}`);
    }
  });
  return seconds;
}

interface Times {
  connector: string;
  status: SyncStatus;
  priority: Priority;
  recorded: number;
  ended: number;
}

export async function allAtOnce(product: Product, world: World, workers: number, round: number): Promise<AtOnce> {
  await product.runWorkers(workers);
  await world.place(round);
  const begin = Date.now();
  const asked = await Promise.all(
    world.names.map((name, n) =>
      product.api.call<Sync>('POST', `/v1/connectors/${name}/syncs`, { mode: 'complete', priority: priorityOf(n) }),
    ),
  );
  const answered = (Date.now() - begin) / 1000;
  const times = await query(product.databaseUrl, async (client) => {
    await untilSettled(
      client,
      asked.map(({ id }) => id),
    );
    return timesOf(
      client,
      asked.map(({ id }) => id),
      begin,
    );
  });
  const middle = (priority: Priority) =>
    median(times.filter((each) => each.priority === priority).map((each) => each.ended));
  return {
    workers,
    recorded: Math.max(...times.map((each) => each.recorded)),
    answered,
    ended: Math.max(...times.map((each) => each.ended)),
    endedBy: { high: middle('high'), normal: middle('normal'), low: middle('low') },
    faults: times
      .filter(({ status }) => status !== 'completed')
      .map((each) => `${each.connector} ended ${each.status}`),
  };
}

/** A tenth is urgent, four tenths can wait: mixed, so that the order of the requests says nothing. */
const priorityOf = (n: number): Priority => (n % 10 === 7 ? 'high' : n % 10 < 4 ? 'low' : 'normal');

async function untilSettled(client: Client, ids: string[]): Promise<void> {
  for (;;) {
    const found = await client.query(
      `select 1 from syncline.sync where id = any($1) and status in ('queued', 'running') limit 1`,
      [ids],
    );
    if (found.rows.length === 0) return;
    await sleep(100);
  }
}

async function timesOf(client: Client, ids: string[], begin: number): Promise<Times[]> {
  const since = (column: string) => `extract(epoch from ${column})::float8 - $2::float8 / 1000`;
  const found = await client.query<Times>(
    `select c.name as connector, s.status, s.priority, ${since('s.created_at')} as recorded,
       ${since('s.ended_at')} as ended
     from syncline.sync s join syncline.connector c on c.id = s.connector where s.id = any($1)`,
    [ids, begin],
  );
  return found.rows;
}
