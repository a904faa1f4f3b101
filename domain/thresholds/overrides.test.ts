import { describe, expect, it } from 'vitest';
import { checkShape } from '../parse-connector-file.ts';
import { evaluateThresholds } from './evaluate.ts';
import { overrideFault } from './overrides.ts';
import type { SyncOverrides } from './names.ts';
import { nothingDeleted } from './windows.ts';

const parsed = checkShape({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'hr',
  thresholds: { maximumDeletedLines: 10, maxPercentageDeletedLines: 99 },
  connections: [{ name: 'files', package: 'csv' }],
  entityTypes: [
    {
      name: 'Person',
      source: { connection: 'files', table: 'p.csv' },
      key: ['id'],
      thresholds: { maximumDeletedLines: 5 },
      properties: { id: { column: 'id' } },
    },
  ],
});
if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
const { file } = parsed;

function judge(deleted: number, thresholds?: SyncOverrides['thresholds'], more: { zeroRows?: string[] } = {}) {
  const counted = { stored: 1000, inserted: 0, updated: 0, deleted, unchanged: 1000 - deleted };
  const { thresholds: verdicts, holds } = evaluateThresholds({
    file,
    counters: { Person: { ...counted, read: 0, rejected: 0, duplicates: 0, filtered: 0, links: {} } },
    stored: { Person: { resources: 1000, links: {} } },
    others: [],
    rowsRead: 0,
    rowsRejected: 0,
    zeroRows: more.zeroRows ?? [],
    unreadableKeys: [],
    changedFilters: [],
    deleted: nothingDeleted,
    watched: [],
    overrides: thresholds ? { thresholds, reason: 'the branch was closed' } : null,
  });
  return { verdicts, holds: holds.map(({ code, scope }) => `${scope} ${code}`) };
}

describe('an override for one sync', () => {
  it('puts its limits in place of those of the connector and of entity types, and shows both', () => {
    expect(judge(11).holds).toEqual(['connector threshold-exceeded', 'Person threshold-exceeded']);
    expect(judge(11, { maximumDeletedLines: 20 }).holds).toEqual(['Person threshold-exceeded']);
    const both = { maximumDeletedLines: 20, entityTypes: { Person: { maximumDeletedLines: 20 } } };
    const { holds, verdicts } = judge(11, both);
    expect(holds).toEqual([]);
    expect(verdicts.filter(({ configured }) => configured !== undefined)).toMatchObject([
      { scope: 'connector', name: 'maximumDeletedLines', limit: 20, configured: 10, exceeded: false },
      { scope: 'Person', name: 'maximumDeletedLines', limit: 20, configured: 5, exceeded: false },
    ]);
    expect(verdicts.filter(({ configured }) => configured !== undefined)).toHaveLength(2);
  });

  it('changes no window, which is a multiple of the limits of the file, and nothing that is always held', () => {
    const wide = { maximumDeletedLines: 1000, entityTypes: { Person: { maximumDeletedLines: 1000 } } };
    expect(judge(21, wide).holds).toEqual(['connector window-exceeded']);
    expect(judge(1, wide, { zeroRows: ['Person'] }).holds).toEqual(['Person zero-rows']);
  });

  it('has to name limits that there are', () => {
    const fault = (entityTypes: SyncOverrides['thresholds']['entityTypes'] & object) =>
      overrideFault(file, { thresholds: { entityTypes }, reason: 'why' });
    expect(fault({ Person: { maximumDeletedLines: 9 } })).toBeUndefined();
    expect(fault({ Group: { maximumDeletedLines: 9 } })).toMatchObject({ path: ['Group'] });
    expect(fault({ Person: { maximumInsertedLines: 9 } })).toMatchObject({ path: ['Person', 'maximumInsertedLines'] });
  });
});
