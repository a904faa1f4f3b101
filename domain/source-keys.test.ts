import { describe, expect, it } from 'vitest';
import { checkShape } from './parse-connector-file.ts';
import { keysToAsk } from './source-keys.ts';
import type { SyncScope } from './sync.ts';

/** A connector of people, and of groups with members. */
function fileOf(more: { person?: Record<string, unknown>; group?: Record<string, unknown>; members?: unknown } = {}) {
  const parsed = checkShape({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'hr',
    connections: [{ name: 'db', package: 'sql' }],
    entityTypes: [
      {
        name: 'Person',
        source: { connection: 'db', table: 'people' },
        key: ['number'],
        properties: { number: { column: 'nr', type: 'integer' }, name: { column: 'name' } },
        ...more.person,
      },
      {
        name: 'Group',
        source: { connection: 'db', table: 'groups' },
        key: ['id'],
        properties: { id: { column: 'code' } },
        navigationProperties: {
          members: more.members ?? { to: 'Person', table: 'members', sourceColumn: 'group', targetColumn: 'person' },
        },
        ...more.group,
      },
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.file;
}

const keys = (of: Record<string, string[][]>): SyncScope => ({ keys: of });
const ofGroups = { id: { column: 'code', caseInsensitive: true } };

describe('the keys to ask a table for', () => {
  it('are those of the scope, as the source writes them', () => {
    expect(keysToAsk(fileOf(), keys({ Person: [['7'], ['8']] }), 'db', 'people')).toEqual({
      by: ['nr'],
      asked: [
        { values: ['7'], only: false, of: [{ entityType: 'Person', key: ['7'] }] },
        { values: ['8'], only: false, of: [{ entityType: 'Person', key: ['8'] }] },
      ],
      links: false,
    });
    expect(keysToAsk(fileOf({ group: { properties: ofGroups } }), keys({ Group: [['G1']] }), 'db', 'groups')).toEqual({
      by: ['code'],
      asked: [{ values: ['G1'], only: false, of: [{ entityType: 'Group', key: ['g1'] }] }],
      links: false,
    });
  });

  it('are those of the sources of links, in a table of links', () => {
    expect(keysToAsk(fileOf(), keys({ Group: [['G1']] }), 'db', 'members')).toEqual({
      by: ['group'],
      asked: [{ values: ['G1'], only: true, of: [{ entityType: 'Group', key: ['G1'], link: 'members' }] }],
      links: true,
    });
  });

  it('are those of all readers of the table, each value once', () => {
    const file = fileOf({
      person: { source: { connection: 'db', table: 'groups' }, properties: { number: { column: 'code' } } },
    });
    const found = keysToAsk(file, keys({ Person: [['G1']], Group: [['G1'], ['G2']] }), 'db', 'groups');
    expect(found?.asked.map(({ values, of }) => [...values, ...of.map(({ entityType }) => entityType)])).toEqual([
      ['G1', 'Person', 'Group'],
      ['G2', 'Group'],
    ]);
  });

  it('are those of every part of a key', () => {
    const file = fileOf({ person: { key: ['number', 'name'] } });
    expect(keysToAsk(file, keys({ Person: [['7', 'Ann']] }), 'db', 'people')).toMatchObject({
      by: ['nr', 'name'],
      asked: [{ values: ['7', 'Ann'], only: false }],
    });
  });

  it.each<[string, ReturnType<typeof fileOf>, SyncScope | null, string]>([
    ['the sync is not limited to keys', fileOf(), { entityTypes: ['Person'] }, 'people'],
    ['there is no limit', fileOf(), null, 'people'],
    [
      'the key is an expression',
      fileOf({ person: { properties: { number: { expression: 'row.nr' } } } }),
      keys({ Person: [['7']] }),
      'people',
    ],
    ['a key is no value of its property', fileOf(), keys({ Person: [['7'], ['seven']] }), 'people'],
    [
      'links may be written in several ways',
      fileOf({ group: { properties: ofGroups } }),
      keys({ Group: [['g1']] }),
      'members',
    ],
    [
      'its readers know its rows by different columns',
      fileOf({ members: { to: 'Person', table: 'groups', sourceColumn: 'parent', targetColumn: 'person' } }),
      keys({ Group: [['G1']] }),
      'groups',
    ],
    [
      'there are more than a hundred',
      fileOf(),
      keys({ Person: Array.from({ length: 101 }, (_, i) => [String(i)]) }),
      'people',
    ],
    ['nothing in scope reads it', fileOf(), keys({ Person: [['7']] }), 'groups'],
  ])('are none where %s', (_why, file, scope, table) => {
    expect(keysToAsk(file, scope, 'db', table)).toBeUndefined();
  });

  it('are those of the links that the sync compares', () => {
    const file = fileOf({ members: { to: 'Person', table: 'groups', sourceColumn: 'parent', targetColumn: 'person' } });
    expect(keysToAsk(file, { ...keys({ Group: [['G1']] }), users: 'only' }, 'db', 'groups')?.by).toEqual(['code']);
  });
});
