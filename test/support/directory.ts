import { wide, wideWindows } from './connector.ts';
import type { Stack } from './stack.ts';

/** A directory of people and groups, and files of the connectors that feed it. */

export const directoryFile = (more: Record<string, unknown> = {}) => ({
  apiVersion: 'syncline/v1',
  kind: 'Directory',
  name: 'directory',
  thresholds: wide,
  windows: wideWindows,
  entityTypes: [
    {
      name: 'User',
      users: true,
      key: 'generated',
      label: 'displayName',
      properties: {
        employeeId: {},
        email: { caseInsensitive: true },
        displayName: {},
        department: {},
        phone: {},
        login: {},
      },
      navigationProperties: { manager: { to: 'User' } },
    },
    {
      name: 'Group',
      key: 'generated',
      label: 'name',
      properties: { name: {} },
      navigationProperties: { members: { to: ['User', 'Group'], multiValued: true } },
    },
  ],
  ...more,
});

const mapped = (...columns: string[]) => Object.fromEntries(columns.map((column) => [column, { column }]));

export const hrMapping = (more: Record<string, unknown> = {}) => ({
  from: 'hr_Person',
  to: 'User',
  when: "source.type != 'contractor'",
  match: [{ id: 'employeeId' }, { mail: 'email' }],
  create: true,
  priority: 10,
  attributes: {
    employeeId: { property: 'id' },
    email: { property: 'mail' },
    displayName: { expression: "source.first + ' ' + source.last" },
    department: { property: 'department' },
    phone: { property: 'phone' },
    manager: { link: 'manager' },
  },
  ...more,
});

export const hrFile = (mappings: unknown[] = [hrMapping()]) => ({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'hr',
  thresholds: wide,
  windows: wideWindows,
  connections: [{ name: 'files', package: 'csv', settings: { directory: 'hr' } }],
  entityTypes: [
    {
      name: 'hr_Person',
      source: { connection: 'files', table: 'people.csv' },
      key: ['id'],
      label: 'last',
      properties: mapped('id', 'first', 'last', 'mail', 'department', 'phone', 'type'),
      navigationProperties: { manager: { to: 'hr_Person', column: 'manager' } },
    },
  ],
  ...(mappings.length > 0 ? { mappings } : {}),
});

export const adFile = () => ({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'ad',
  thresholds: wide,
  windows: wideWindows,
  connections: [{ name: 'files', package: 'csv', settings: { directory: 'ad' } }],
  entityTypes: [
    {
      name: 'ad_Account',
      source: { connection: 'files', table: 'accounts.csv' },
      key: ['sam'],
      properties: mapped('sam', 'employee', 'mail', 'phone'),
      navigationProperties: {},
    },
    {
      name: 'ad_Group',
      source: { connection: 'files', table: 'groups.csv' },
      key: ['cn'],
      properties: mapped('cn'),
      navigationProperties: {
        members: { to: 'ad_Account', table: 'members.csv', sourceColumn: 'group', targetColumn: 'account' },
      },
    },
  ],
  mappings: [
    {
      from: 'ad_Account',
      to: 'User',
      match: [{ employee: 'employeeId' }, { mail: 'email' }],
      priority: 20,
      attributes: { login: { property: 'sam' }, phone: { property: 'phone' } },
    },
    {
      from: 'ad_Group',
      to: 'Group',
      match: [{ cn: 'name' }],
      create: true,
      priority: 10,
      attributes: { name: { property: 'cn' }, members: { link: 'members' } },
    },
  ],
});

export interface Profile {
  key: string[];
  attributes: Record<string, unknown>;
}

/** Every resource of an entity type of the directory, by a property. */
export async function profiles(stack: Stack, type: string, by: string): Promise<Record<string, Profile['attributes']>> {
  const all = await stack.all<Profile>(`/v1/entity-types/${type}/resources`);
  return Object.fromEntries(
    all
      .map(({ attributes: { id: _id, ...attributes } }): [string, Profile['attributes']] => [
        String(attributes[by]),
        attributes,
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
