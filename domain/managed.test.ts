import { describe, expect, it } from 'vitest';
import { connectorFileSchema, type ConnectorFile } from './connector-file.ts';
import { checkConnectorFile } from './check-connector-file.ts';
import { compileManagedRule, hasManaged, managedBy, usersTypes } from './managed.ts';
import { linksInScope, operationsOn, tablesInScope } from './scope.ts';

const file = (group: object = {}, person: object = {}): ConnectorFile =>
  connectorFileSchema.parse({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'ad',
    connections: [{ name: 'files', package: 'csv' }],
    entityTypes: [
      {
        name: 'Person',
        source: { connection: 'files', table: 'people.csv' },
        key: ['id'],
        properties: { id: { column: 'id' } },
        ...person,
      },
      {
        name: 'Group',
        source: { connection: 'files', table: 'groups.csv' },
        key: ['id'],
        properties: {
          id: { column: 'id' },
          kind: { column: 'kind' },
          level: { column: 'level', type: 'integer' },
          open: { column: 'open', type: 'boolean' },
          tags: { column: 'tags', multiValued: true },
        },
        navigationProperties: {
          members: { to: 'Person', table: 'members.csv', sourceColumn: 'group', targetColumn: 'person' },
        },
        ...group,
      },
    ],
  });
const group = (of: ConnectorFile) => of.entityTypes[1] as ConnectorFile['entityTypes'][number];
const ruled = (rule: string) => compileManagedRule(group(file({ managed: { rule } })));

describe('which resources are managed', () => {
  it('is decided by a rule, by hand, or not at all', () => {
    expect(managedBy(group(file()))).toBeNull();
    expect(managedBy(group(file({ managed: { rule: 'true' } })))).toBe('rule');
    expect(managedBy(group(file({ managed: { by: 'hand' } })))).toBe('hand');
    expect([file(), file({ managed: { by: 'hand' } })].map(hasManaged)).toEqual([false, true]);
    expect(compileManagedRule(group(file({ managed: { by: 'hand' } })))).toBeUndefined();
  });

  it.each([
    ["resource.kind == 'app'", { kind: 'app' }, true],
    ["resource.kind == 'app'", {}, false],
    ["resource.level == '5'", { level: '5' }, true],
    ['int(resource.level) > 3', { level: '5' }, true],
    ["'a' in resource.tags", { tags: ['a', 'b'] }, true],
    ["'a' in resource.tags", {}, false],
    ['has(resource.kind)', { kind: 'x' }, true],
    ['has(resource.kind)', {}, false],
    ['has(resource.tags) || resource.kind == null', { kind: 'x' }, false],
    ['resource.open', { open: true }, true],
    ["has(resource.kind) && resource.kind.matches('^A')", { kind: 'App' }, true],
  ] as const)('%s over %j is %j', (rule, attributes, managed) => {
    expect(ruled(rule)?.({ id: 'G1', ...attributes })).toEqual({ managed });
  });

  it('is no where a rule cannot tell, and says why without values', () => {
    const failed = ruled("resource.kind.startsWith('A')")?.({ id: 'G1' });
    expect(failed).toMatchObject({ managed: false });
    expect(failed?.fault).toContain('failed');
    const secret = ruled('int(resource.kind) > 3')?.({ id: 'G1', kind: 'SECRET' });
    expect(secret?.fault).toBeDefined();
    expect(secret?.fault).not.toContain('SECRET');
    expect(ruled('resource.open')?.({ id: 'G1' })).toMatchObject({ managed: false });
  });

  it.each([
    ['resource.nothing == 1', 'There is no property nothing'],
    ["'text'", 'must be true or false'],
    ["row.kind == 'x'", 'cannot be used'],
    ['resource.kind ==', 'cannot be used'],
  ])('%s is refused when the file is loaded', (rule, detail) => {
    const faults = checkConnectorFile(file({ managed: { rule } }), {
      settingsOf: () => undefined,
      pollGap: () => undefined,
      secretFolders: [],
      elsewhere: new Map(),
    }).filter(({ pointer }) => pointer === '/entityTypes/1/managed/rule');
    expect(faults).toHaveLength(1);
    expect(faults[0]?.detail).toContain(detail);
  });
});

describe('a scope with regard to users', () => {
  const of = file({}, { users: true });
  const [person, groups] = of.entityTypes as [
    ConnectorFile['entityTypes'][number],
    ConnectorFile['entityTypes'][number],
  ];

  it('that leaves them makes no updates of them, within what it is limited to', () => {
    expect(usersTypes(of)).toEqual(['Person']);
    expect(operationsOn({ users: 'leave' }, person)).toEqual(['insert', 'delete']);
    expect(operationsOn({ users: 'leave', operations: ['insert', 'update'] }, person)).toEqual(['insert']);
    expect(operationsOn({ users: 'leave' }, groups)).toEqual(['insert', 'update', 'delete']);
    expect(operationsOn(null, person)).toEqual(['insert', 'update', 'delete']);
    expect(linksInScope({ users: 'leave' }, groups).map(([name]) => name)).toEqual(['members']);
    expect(tablesInScope(of, { users: 'leave' }, 'files')).toEqual(['people.csv', 'groups.csv', 'members.csv']);
  });

  it('of them only reads no links', () => {
    const scope = { users: 'only', entityTypes: ['Person'], operations: ['update'] } as const;
    const wanted = { ...scope, entityTypes: [...scope.entityTypes], operations: [...scope.operations] };
    expect(linksInScope(wanted, groups)).toEqual([]);
    expect(tablesInScope(of, wanted, 'files')).toEqual(['people.csv']);
  });
});
