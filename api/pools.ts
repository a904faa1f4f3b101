import { openDatabase } from '../repository/database.ts';
import type { Dependencies } from './dependencies.ts';
import { LiveFeed } from './live-feed.ts';
import { SyncStreams } from './sync-streams.ts';

type Pools = Pick<Dependencies, 'db' | 'reserve' | 'downloads' | 'streams' | 'live'>;

/** Connections in several pools, so that long work takes no connection from other work. */
export function openPools(url: string): Pools {
  const db = openDatabase(url, { applicationName: 'syncline-api', poolSize: 10, statementTimeoutMs: 60_000 });
  return {
    db,
    reserve: openDatabase(url, { applicationName: 'syncline-api-reserve', poolSize: 2, statementTimeoutMs: 5_000 }),
    downloads: openDatabase(url, {
      applicationName: 'syncline-api-downloads',
      poolSize: 4,
      statementTimeoutMs: 60_000,
    }),
    streams: new SyncStreams(db),
    live: new LiveFeed(db),
  };
}

export async function closePools({ db, reserve, downloads }: Pools): Promise<void> {
  await Promise.all([db.destroy(), reserve.destroy(), downloads.destroy()]);
}
