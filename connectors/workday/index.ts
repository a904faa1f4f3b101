import type { ConnectorPackage, PackageDescription } from '../package.ts';
import type { WebPackageOptions } from '../web/open.ts';
import { webFaults, webScope } from '../web/settings.ts';
import { discoverWorkday, testWorkday } from './discover.ts';
import { readReport } from './read.ts';
import { workdaySettings, type WorkdaySettings } from './settings.ts';

export const workdayDescription = {
  name: 'workday',
  displayName: 'Workday',
  description: 'Reads custom reports of Workday (Reports-as-a-Service).',
  settings: workdaySettings,
  capabilities: { complete: true, incremental: false, targeted: false, events: false, write: false, groups: true },
  inbound: true,
  outbound: false,
  syncFrequency: 'every hour or less often: each sync runs the reports',
  resume: 'table',
  cells: 'structured',
  poll: { interval: '15m', failures: 5, reset: '12h' },
  limits: { concurrent: 2, requestsPerSecond: 2 },
  incrementalGap: () => 'Reports are read as a whole.',
  scopeOf(settings: WorkdaySettings, table: string) {
    const found = Object.hasOwn(settings.tables, table) ? settings.tables[table] : undefined;
    return {
      ...webScope(settings),
      ...(found ? { report: found.report, prompts: found.prompts, effective: found.effective ?? null } : {}),
    };
  },
  readingSettings: ['tls'],
  connectionFaults: ({ settings, secrets }, here) => webFaults(settings, secrets, here),
} as const satisfies PackageDescription<WorkdaySettings>;

/** A report runs for minutes before the first byte comes, and is one document. */
const limits = { headers: 30 * 60_000, silence: 5 * 60_000, total: 60 * 60_000, bytes: 2 ** 31 };

/** Reports of Workday. Every table is a report. */
export function createWorkdayPackage(options: WebPackageOptions): ConnectorPackage<WorkdaySettings> {
  const patient = { ...options, limits: { ...limits, ...options.limits } };
  return {
    ...workdayDescription,
    test: (connection) => testWorkday(patient, connection),
    discover: (connection) => discoverWorkday(patient, connection),
    read: (connection, request) => readReport(patient, connection, request),
  };
}
