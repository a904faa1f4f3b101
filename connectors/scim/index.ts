import type { ConnectorPackage, PackageDescription } from '../package.ts';
import type { WebPackageOptions } from '../web/open.ts';
import { webFaults, webScope } from '../web/settings.ts';
import { discoverScim, testScim } from './discover.ts';
import { readScimKeys } from './read-keys.ts';
import { readScim } from './read.ts';
import { scimSettings, type ScimSettings } from './settings.ts';

export const scimDescription = {
  name: 'scim',
  displayName: 'SCIM 2.0',
  description: 'Reads users, groups and other resources of a SCIM service.',
  settings: scimSettings,
  capabilities: { complete: true, incremental: true, targeted: true, events: false, write: false, groups: true },
  inbound: true,
  outbound: false,
  syncFrequency: 'every few minutes where the service filters by time, else every few hours',
  // the ids that were read prove that nothing is missing; a retry does not have them
  resume: 'table',
  cells: 'structured',
  poll: { interval: '15m', failures: 5, reset: '1h' },
  limits: { requestsPerSecond: 10 },
  deletesGap: () => 'SCIM does not tell what was deleted.',
  incrementalGap: ({ incremental }: ScimSettings) =>
    incremental ? undefined : 'The settings do not say incremental: true, so the service is not asked for changes.',
  scopeOf: (settings: ScimSettings) => webScope(settings),
  readingSettings: ['incremental', 'pageSize', 'paging', 'tls'],
  connectionFaults: ({ settings, secrets }, here) => webFaults(settings, secrets, here),
} as const satisfies PackageDescription<ScimSettings>;

/** SCIM services. Every table is an endpoint. */
export function createScimPackage(options: WebPackageOptions): ConnectorPackage<ScimSettings> {
  return {
    ...scimDescription,
    test: (connection) => testScim(options, connection),
    discover: (connection) => discoverScim(options, connection),
    read: (connection, request) => readScim(options, connection, request),
    readKeys: (connection, request) => readScimKeys(options, connection, request),
  };
}
