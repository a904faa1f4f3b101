import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Database } from '../repository/database.ts';
import type { LiveFeed } from './live-feed.ts';
import type { SyncStreams } from './sync-streams.ts';
import type { ExportStore } from '../store/export-store.ts';
import type { Names } from '../workflows/names.ts';

/** What the routes work with; the entry makes it. */
export interface Dependencies {
  db: Database;
  /** A few connections of their own, for work that must not wait for readers: above all health. */
  reserve: Database;
  /** Connections for downloads: each download keeps one until it ends. */
  downloads: Database;
  streams: SyncStreams;
  /** Hints of what changes, for all who listen to this process. */
  live: LiveFeed;
  temporal: Client;
  store: ExportStore;
  config: Config;
  log: Logger;
  version: string;
  names: Names;
  /** The UUID of another installation whose workflows have the names of this one, if there is one. */
  takenBy: () => string | undefined;
}
