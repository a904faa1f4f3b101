import type { ConnectorPackage, PackageDescription } from '../package.ts';
import type { WebPackageOptions } from '../web/open.ts';
import { webFaults, webScope } from '../web/settings.ts';
import { discoverHttp, testHttp } from './discover.ts';
import { readHttp } from './read.ts';
import { httpSettings, type HttpSettings } from './settings.ts';

export const httpDescription = {
  name: 'http',
  displayName: 'HTTP',
  description: 'Reads lists of a web API as JSON, or documents of CSV.',
  settings: httpSettings,
  capabilities: { complete: true, incremental: true, targeted: false, events: false, write: false, groups: true },
  inbound: true,
  outbound: false,
  syncFrequency: 'every few minutes where the API can be asked for changes, else every few hours',
  resume: 'table',
  cells: 'structured',
  poll: { interval: '15m', failures: 5, reset: '1h' },
  limits: { requestsPerSecond: 10 },
  deletesGap: () => 'The API does not tell what was deleted.',
  incrementalGap({ tables }: HttpSettings, table?: string) {
    if (!Object.values(tables).some(({ since }) => since))
      return 'No table of the settings has since, so the API is not asked for changes.';
    return table === undefined || (Object.hasOwn(tables, table) && tables[table]?.since)
      ? undefined
      : 'The table has no since, so the API is not asked for its changes.';
  },
  scopeOf(settings: HttpSettings, table: string) {
    const found = Object.hasOwn(settings.tables, table) ? settings.tables[table] : undefined;
    return {
      ...webScope(settings),
      ...(found ? { path: found.path, query: found.query, records: found.records ?? '' } : {}),
    };
  },
  readingSettings: ['tls'],
  connectionFaults: ({ settings, secrets }, here) => webFaults(settings, secrets, here),
} as const satisfies PackageDescription<HttpSettings>;

/** Web APIs. Every table is an entry of the settings. */
export function createHttpPackage(options: WebPackageOptions): ConnectorPackage<HttpSettings> {
  return {
    ...httpDescription,
    test: (connection) => testHttp(options, connection),
    discover: (connection) => discoverHttp(options, connection),
    read: (connection, request) => readHttp(options, connection, request),
  };
}
