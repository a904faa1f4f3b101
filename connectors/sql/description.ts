import { tlsFileFaults } from '../outbound/tls-files.ts';
import type { PackageDescription } from '../package.ts';
import { sqlSettings, type SqlSettings } from './settings.ts';

/** Without the drivers, which only a worker loads. */
export const sqlDescription = {
  name: 'sql',
  displayName: 'SQL databases',
  description:
    'Reads tables, views and queries of PostgreSQL, MySQL, MariaDB and SQLite, all from one snapshot. SQL Server is not tested.',
  settings: sqlSettings,
  capabilities: { complete: true, incremental: true, targeted: true, events: false, write: false, groups: true },
  inbound: true,
  outbound: false,
  syncFrequency: 'every few minutes where tables have a watermark; complete reads as the database bears them',
  // a snapshot ends with its connection
  resume: 'none',
  cells: 'structured',
  poll: { interval: '15m', failures: 5, reset: '1h' },
  incrementalGap: ({ tables }: SqlSettings, table?: string) =>
    (table === undefined ? Object.values(tables) : [tables[table] ?? {}]).some(
      ({ watermark }: { watermark?: unknown }) => watermark !== undefined,
    )
      ? undefined
      : table !== undefined
        ? 'The table has no watermark (settings.tables.<table>.watermark), the column that tells changed rows.'
        : 'No table of the connection has a watermark (settings.tables.<table>.watermark), the column that tells changed rows.',
  deletesGap: ({ tables }: SqlSettings, table: string) =>
    tables[table]?.deleted === undefined
      ? 'The table has no query of what is gone (settings.tables.<table>.deleted).'
      : undefined,
  scopeOf: ({ client, host, port, database, user, file, tables }: SqlSettings, table: string) => {
    const { from, query } = tables[table] ?? {};
    return { client, host, port, database, user, file, ...(query === undefined ? { from: from ?? table } : { query }) };
  },
  readingSettings: ['statementTimeout', 'tls'],
  connectionFaults: ({ settings: { tls } }, here) =>
    here && tls.mode === 'verify' ? tlsFileFaults(tls, here.secretFolders, ['settings', 'tls']) : [],
  limits: {},
} as const satisfies PackageDescription<SqlSettings>;
