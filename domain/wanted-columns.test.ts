import { describe, expect, it } from 'vitest';
import { connectorFileSchema } from './connector-file.ts';
import { wantedColumns } from './wanted-columns.ts';

const file = (people: Record<string, unknown> = {}, source: Record<string, unknown> = {}) =>
  connectorFileSchema.parse({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'directory',
    connections: [{ name: 'c', package: 'roster' }],
    entityTypes: [
      {
        name: 'Person',
        source: { connection: 'c', table: 'people', ...source },
        key: ['org', 'id'],
        properties: {
          id: { column: 'entryUUID' },
          org: { expression: "row['organisation'] + ''" },
          mail: { column: 'emails[].value', multiValued: true },
          ...people,
        },
        navigationProperties: {
          manager: { to: 'Person', column: 'manager', by: 'mail' },
          groups: {
            to: 'Group',
            table: 'members',
            sourceColumn: 'member',
            targetColumn: 'group',
            where: "row.kind == 'direct'",
          },
        },
      },
      {
        name: 'Group',
        source: { connection: 'c', table: 'people', where: "row.objectClass == 'group'" },
        key: ['cn'],
        properties: { cn: { column: 'cn' } },
      },
    ],
  });

describe('the columns that a connector file needs of a table', () => {
  it('are those of properties, links, conditions and expressions, of every entity type that reads the table', () => {
    expect(wantedColumns(file(), 'c', 'people')).toEqual({
      columns: ['entryUUID', 'organisation', 'emails[].value', 'manager', 'objectClass', 'cn'],
      key: ['organisation', 'entryUUID', 'cn'],
    });
    expect(wantedColumns(file(), 'c', 'members')).toEqual({ columns: ['member', 'group', 'kind'], key: [] });
    expect(wantedColumns(file(), 'other', 'people')).toEqual({ columns: [], key: [] });
  });

  it('name the column of the identity', () => {
    const { identity, columns } = wantedColumns(file({}, { identity: 'id' }), 'c', 'people') ?? {};
    expect(identity).toBe('entryUUID');
    expect(columns).toContain('entryUUID');
  });

  it('are all columns where an expression names them only when it runs', () => {
    expect(wantedColumns(file({ any: { expression: 'row[row.which]' } }), 'c', 'people')).toBeUndefined();
    expect(
      wantedColumns(file({ is: { expression: 'has(row.phone) && row.phone != null' } }), 'c', 'people')?.columns,
    ).toContain('phone');
  });
});
