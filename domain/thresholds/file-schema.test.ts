import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkConnectorFile } from '../check-connector-file.ts';
import { checkShape } from '../parse-connector-file.ts';

/** The pointers of the faults of a file with these parts. */
function faults({ windows, watch, members }: { windows?: unknown; watch?: unknown; members?: unknown }): string[] {
  const parsed = checkShape({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'hr',
    ...(windows === undefined ? {} : { windows }),
    connections: [{ name: 'files', package: 'csv' }],
    entityTypes: [
      {
        name: 'Person',
        source: { connection: 'files', table: 'p.csv' },
        key: ['id'],
        ...(watch === undefined ? {} : { watch }),
        properties: { id: { column: 'id' }, status: { column: 'status' } },
        navigationProperties: {
          groups: { to: 'Group', column: 'g', by: 'name', ...(members === undefined ? {} : { watch: members }) },
        },
      },
      {
        name: 'Group',
        source: { connection: 'files', table: 'g.csv' },
        key: ['realm', 'name'],
        properties: { realm: { column: 'realm' }, name: { column: 'name' } },
      },
    ],
  });
  if (!parsed.ok) return parsed.errors.map(({ pointer }) => pointer);
  return checkConnectorFile(parsed.file, {
    settingsOf: () => z.unknown(),
    pollGap: () => undefined,
    secretFolders: [],
    elsewhere: new Map(),
  }).map(({ pointer }) => pointer);
}

const one = { period: '24h', maximumDeletedLines: 5 };
const person = '/entityTypes/0/watch';
const groups = '/entityTypes/0/navigationProperties/groups/watch';

describe('windows in the connector file', () => {
  it.each<[string, unknown, string[]]>([
    ['are a list with a window for a period', [one, { period: '7d', maxLinkPercentageDeletedLines: 1000 }], []],
    ['may be none', [], []],
    ['have one window for a period', [one, one], ['/windows/1/period']],
    ['have no other period', [{ ...one, period: '48h' }], ['/windows/0/period']],
    ['limit something', [{ period: '24h' }], ['/windows/0']],
    ['limit deletes alone', [{ ...one, maximumInsertedLines: 1 }], ['/windows/0/maximumInsertedLines']],
    ['cannot be turned off', [{ ...one, maximumDeletedLines: null }], ['/windows/0/maximumDeletedLines']],
    ['have at most 1,000,000 lines', [{ ...one, maximumDeletedLines: 1_000_001 }], ['/windows/0/maximumDeletedLines']],
    [
      'have at most 1,000 percent',
      [{ ...one, maxPercentageDeletedLines: 1001 }],
      ['/windows/0/maxPercentageDeletedLines'],
    ],
    ['are no object', {}, ['/windows']],
  ])('%s', (_what, windows, expected) => {
    expect(faults({ windows })).toEqual(expected);
  });
});

describe('watches in the connector file', () => {
  const limit = { maximumLines: 3 };
  it.each<[string, unknown, string[]]>([
    [
      'have values, and one limit or two',
      [{ property: 'status', to: ['off', 5, true], from: ['on'], ...limit, maxPercentageLines: 0 }],
      [],
    ],
    ['name a property', [{ property: 'state', to: ['off'], ...limit }], [`${person}/0/property`]],
    ['need a limit', [{ property: 'status', to: ['off'] }], [`${person}/0`]],
    ['need a value', [{ property: 'status', to: [], ...limit }], [`${person}/0/to`]],
    [
      'cannot be turned off',
      [{ property: 'status', to: ['off'], maxPercentageLines: 100 }],
      [`${person}/0/maxPercentageLines`],
    ],
  ])('of an entity type %s', (_what, watch, expected) => {
    expect(faults({ watch })).toEqual(expected);
  });

  it.each<[string, unknown, string[]]>([
    ['have keys with all parts', [{ to: [['corp', 'admins']], maximumLines: 0 }], []],
    ['refuse a key with too few', [{ to: ['admins', ['corp', 'admins']], maximumLines: 0 }], [`${groups}/0/to/0`]],
    ['refuse numbers, which are no keys', [{ to: [7], maximumLines: 0 }], [`${groups}/0/to/0`]],
    ['have no property', [{ property: 'name', to: [['a', 'b']], maximumLines: 0 }], [`${groups}/0/property`]],
  ])('of a navigation property %s', (_what, members, expected) => {
    expect(faults({ members })).toEqual(expected);
  });
});
