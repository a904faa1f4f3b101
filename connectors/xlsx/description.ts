import type { PackageDescription } from '../package.ts';
import { xlsxSettings, type XlsxSettings } from './settings.ts';

/** Without the reader, which only a worker loads. */
export const xlsxDescription = {
  name: 'xlsx',
  displayName: 'Spreadsheets',
  description: 'Reads sheets of .xlsx files from folders below the configured file roots.',
  settings: xlsxSettings,
  capabilities: { complete: true, incremental: false, targeted: false, events: false, write: false, groups: true },
  inbound: true,
  outbound: false,
  syncFrequency: 'as often as the files are written; a sync of unchanged files only reads them',
  resume: 'table',
  cells: 'text',
  incrementalGap: () => 'A spreadsheet does not tell its changes: it is read completely.',
  scopeOf: ({ directory }: XlsxSettings, table: string) => ({ directory, table }),
  limits: {},
} as const satisfies PackageDescription<XlsxSettings>;
