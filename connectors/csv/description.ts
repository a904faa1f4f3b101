import type { PackageDescription } from '../package.ts';
import { locationFaults, whereOf } from './location.ts';
import { csvSettings, type CsvSettings } from './settings.ts';

/** Without the reader, which only a worker loads. */
export const csvDescription = {
  name: 'csv',
  displayName: 'CSV files',
  description:
    'Reads files of comma-separated values from folders below the configured file roots, from S3 and over SFTP.',
  settings: csvSettings,
  capabilities: { complete: true, incremental: true, targeted: false, events: false, write: false, groups: true },
  inbound: true,
  outbound: false,
  syncFrequency: 'as often as the files are written; a sync of unchanged files only reads them',
  resume: 'page',
  cells: 'text',
  poll: { interval: '15m', failures: 5, reset: '12h' },
  incrementalGap: (settings: CsvSettings) =>
    settings.delta === undefined
      ? 'The connection has no settings.delta, the folder that changes are read from.'
      : undefined,
  scopeOf: (settings: CsvSettings, table: string) => {
    const where = whereOf(settings);
    const { take } = settings.tables[table] ?? {};
    return { ...(typeof where === 'string' ? { directory: where } : where), ...(take === undefined ? {} : { take }) };
  },
  readingSettings: ['delta', 'finalNewline'],
  connectionFaults: ({ settings, secrets }, here) => locationFaults(settings, secrets, here),
  limits: {},
} as const satisfies PackageDescription<CsvSettings>;
