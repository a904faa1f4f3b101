import { expect, test } from 'vitest';
import { changedParts, describeChangedFilter, filterFingerprint, linkFilter, typeFilter } from './filters.ts';
import { parseConnectorFile } from './parse-connector-file.ts';
import type { ConnectionFile } from './connector-file.ts';

const scopeOf = ({ settings }: ConnectionFile) => ({ directory: settings['directory'] });

interface Shape {
  settings?: Record<string, unknown>;
  connection?: Record<string, unknown>;
  source?: Record<string, unknown>;
  members?: Record<string, unknown>;
  manager?: Record<string, unknown>;
  type?: Record<string, unknown>;
}

function fileOf({ settings, connection, source, members, manager, type }: Shape = {}) {
  const parsed = parseConnectorFile(
    JSON.stringify({
      apiVersion: 'syncline/v1',
      kind: 'Connector',
      name: 'hr',
      connections: [
        { name: 'files', package: 'csv', settings: { directory: 'hr', ...settings }, ...connection },
        { name: 'other', package: 'csv', settings: { directory: 'other' } },
      ],
      entityTypes: [
        {
          name: 'Person',
          source: { connection: 'files', table: 'p.csv', where: 'row.a == 1', ...source },
          key: ['id'],
          properties: { id: { column: 'id' } },
          navigationProperties: {
            manager: { to: 'Person', column: 'm', ...manager },
            members: {
              to: 'Person',
              table: 'm.csv',
              sourceColumn: 's',
              targetColumn: 't',
              where: 'row.b == 1',
              ...members,
            },
          },
          ...type,
        },
      ],
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.file;
}

/** What has changed of each filter against the file as it was. */
function changes(shape: Shape): Record<string, string[]> {
  const [before, now] = [fileOf(), fileOf(shape)];
  const found: Record<string, string[]> = {};
  const note = (scope: string, parts: string[]) => {
    if (parts.length > 0) found[scope] = parts;
  };
  note('Person', changedParts(typeFilter(before, 'Person', scopeOf) ?? {}, typeFilter(now, 'Person', scopeOf) ?? {}));
  for (const name of ['manager', 'members']) {
    const of = { entityType: 'Person', name };
    note(name, changedParts(linkFilter(before, of, scopeOf) ?? {}, linkFilter(now, of, scopeOf) ?? {}));
  }
  expect(filterFingerprint(before, scopeOf) === filterFingerprint(now, scopeOf)).toBe(Object.keys(found).length === 0);
  return found;
}

test('where, tables, the columns of links and the settings that a package names are what a filter is made of', () => {
  expect(changes({ source: { where: 'row.a == 2' } })).toEqual({ Person: ['where'] });
  expect(changes({ members: { where: undefined } })).toEqual({ members: ['where'] });
  expect(changes({ members: { targetColumn: 'u' } })).toEqual({ members: ['targetColumn'] });
  expect(changes({ manager: { column: 'boss' } })).toEqual({ manager: ['column'] });
  expect(changes({ source: { table: 'q.csv' } })).toEqual({ Person: ['table'], manager: ['table'] });
  expect(changes({ members: { table: 'n.csv' } })).toEqual({ members: ['table'] });
  expect(changes({ members: { connection: 'other' } })).toEqual({ members: ['settings.directory'] });
  const all = { Person: ['settings.directory'], manager: ['settings.directory'], members: ['settings.directory'] };
  expect(changes({ settings: { directory: 'new' } })).toEqual(all);
});

test('how the rows are read, how often, and what is made of them is no part of it', () => {
  const delta = { directory: 'd', commandColumn: 'c' };
  for (const same of [
    { settings: { encoding: 'utf-16', delta } },
    { connection: { poll: {}, limits: { concurrent: 1 }, secrets: { password: 'env:SYNCLINE_SECRET_X' } } },
    { type: { displayName: 'People', thresholds: { maximumDeletedLines: 1 } } },
    { type: { properties: { id: { column: 'id' }, name: { column: 'name' } } } },
    { members: { displayName: 'Members' } },
  ])
    expect(changes(same)).toEqual({});
});

test('what a file does not have has no filter', () => {
  expect(typeFilter(fileOf(), 'Group', scopeOf)).toBeUndefined();
  expect(linkFilter(fileOf(), { entityType: 'Person', name: 'toString' }, scopeOf)).toBeUndefined();
});

test('a filter that changed is told by the names that the connector file has', () => {
  const filter = { scope: 'Person', entityType: 'Person', parts: ['table', 'where'], since: 3 };
  expect(describeChangedFilter(filter)).toBe(
    'table and where of Person differ from revision 3, which the last full comparison of Person used',
  );
});
