import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Database } from '../repository/database.ts';
import type { SyncStreams } from './sync-streams.ts';
import type { ExportStore } from '../store/export-store.ts';
import type { Names } from '../workflows/names.ts';

/** What the routes work with; the entry makes it. */
export interface Dependencies {
  db: Database;
  /** A few connections apart: for what has to go on while readers fill the others, health above all. */
  reserve: Database;
  /** Connections apart for downloads, each of which keeps one for as long as it takes. */
  downloads: Database;
  streams: SyncStreams;
  temporal: Client;
  store: ExportStore;
  config: Config;
  log: Logger;
  version: string;
  names: Names;
  /** The UUID of another installation whose workflows have the names of this one, where there is one. */
  takenBy: () => string | undefined;
}
