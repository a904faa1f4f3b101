import { describe, expect, it } from 'vitest';
import { changedConfiguration } from './changed-configuration.ts';
import { checkConnectorFile } from './check-connector-file.ts';
import { connectorFileSchema, type ConnectorFile } from './connector-file.ts';
import { linkOrder } from './link-order.ts';
import { isLinkLost } from './lost-since.ts';
import { compileMapping } from './mapping.ts';
import { shownForm } from './match-several.ts';

const property = (column: string, more: Record<string, unknown> = {}) => ({ column, ...more });

function file(navigation: Record<string, unknown>, group: Record<string, unknown> = {}): ConnectorFile {
  return connectorFileSchema.parse({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'ldap',
    connections: [{ name: 'c', package: 'csv', settings: {} }],
    entityTypes: [
      {
        name: 'Person',
        source: { connection: 'c', table: 'people' },
        key: ['id'],
        properties: {
          id: property('id'),
          dn: property('dn', { format: 'dn' }),
          born: property('born', { type: 'date', format: 'dd/MM/yyyy' }),
          mails: property('mails', { multiValued: true, separator: ';' }),
        },
      },
      {
        name: 'Group',
        source: { connection: 'c', table: 'groups' },
        key: ['id'],
        properties: {
          id: property('id', { caseInsensitive: true }),
          dn: property('dn'),
          born: property('born'),
          mails: property('mails'),
        },
        navigationProperties: { members: { column: 'member', multiValued: true, separator: '|', ...navigation } },
        ...group,
      },
    ],
  });
}

const faultsOf = (navigation: Record<string, unknown>, group: Record<string, unknown> = {}) =>
  checkConnectorFile(file(navigation, group), {
    settingsOf: () => undefined,
    pollGap: () => undefined,
    secretFolders: [],
    elsewhere: new Map(),
  })
    .filter(({ pointer }) => pointer.startsWith('/entityTypes'))
    .map(({ pointer, detail }) => `${pointer.replace('/entityTypes/1/navigationProperties/members', '')} ${detail}`);

const both = ['Person', 'Group'];

describe('a navigation property that leads to several entity types', () => {
  it('needs each of them, once, with a key of one property', () => {
    expect(faultsOf({ to: both })).toEqual([]);
    expect(faultsOf({ to: ['Person'] })).toEqual([]);
    expect(faultsOf({ to: ['Person', 'Person', 'Robot'] })).toEqual([
      '/to/1 The entity type Person is in the list twice.',
      '/to/2 There is no entity type Robot. If another connector has it, load that connector first.',
    ]);
    expect(faultsOf({ to: both }, { key: ['id', 'dn'] })).toEqual([
      '/to/1 Group has a key of 2 properties. Name another property to match, in by.',
    ]);
  });

  it('needs the property of by in each of them, with one value', () => {
    expect(faultsOf({ to: both, by: 'dn' }, { key: ['id', 'dn'] })).toEqual([]);
    expect(faultsOf({ to: both, by: 'mails' })).toEqual(['/by The property mails of Person is multi-valued.']);
    expect(faultsOf({ to: both, by: 'dn' }, { properties: { id: property('id') } })).toEqual([
      '/by Group has no property dn.',
    ]);
  });

  it('refuses an empty list', () => {
    expect(() => file({ to: [] })).toThrow(/to/);
  });

  it('reads a value in the form of each of them by itself', () => {
    const match = (by?: string) => {
      const mapping = compileMapping(file({ to: both, ...(by === undefined ? {} : { by }) }), {
        today: new Date('2026-12-02'),
        elsewhere: () => undefined,
      });
      const read = mapping.tables
        .flatMap(({ entityTypes }) => entityTypes)
        .flatMap(({ references }) => references)
        .find(({ name }) => name === 'members');
      if (!read) throw new Error('the property is not mapped');
      return read.match;
    };
    expect(match()('ADA')).toBe('["ADA","ada"]');
    expect(match('dn')('UID=Ada, OU=People')).toBe('["uid=ada,ou=people","UID=Ada, OU=People"]');
    // a text that one format cannot read matches in the other only
    expect(match('born')('yesterday')).toBe('[null,"yesterday"]');
    expect(shownForm('[null,"yesterday"]')).toBe('yesterday');
  });

  it('is an error of the value where no format can read it', () => {
    const mapping = compileMapping(
      file(
        { to: both, by: 'born' },
        { properties: { id: property('id'), born: property('born', { type: 'integer' }) } },
      ),
      { today: new Date('2026-12-02'), elsewhere: () => undefined },
    );
    const read = mapping.tables.flatMap(({ entityTypes }) => entityTypes.flatMap(({ references }) => references))[0];
    expect(() => read?.match('yesterday')).toThrow();
  });

  it('lets a connector wait for all that it leads to', () => {
    const one = { name: 'one', file: file({ to: both }) };
    const people = { ...one.file, entityTypes: one.file.entityTypes.slice(0, 1) };
    const groups = { ...one.file, entityTypes: one.file.entityTypes.slice(1) };
    expect(
      linkOrder([
        { name: 'groups', file: groups },
        { name: 'people', file: people },
      ]),
    ).toEqual([
      { connector: 'people', after: [] },
      { connector: 'groups', after: ['people'] },
    ]);
  });

  it('has changed where another entity type is in the list, in any order', () => {
    const counted = {
      ...{ stored: 1, inserted: 0, updated: 0, deleted: 0, unchanged: 1 },
      ...{ read: 1, rejected: 0, duplicates: 0, filtered: 0 },
      links: { members: { stored: 1, inserted: 1, updated: 0, deleted: 0, rejected: 0 } },
    };
    const changed = (before: unknown, now: unknown) =>
      changedConfiguration(file({ to: before }), file({ to: now }), { Group: counted });
    expect(changed(both, ['Group', 'Person'])).toEqual([]);
    expect(changed('Person', ['Person'])).toEqual([]);
    expect(changed(both, ['Person'])).toEqual(['Group.members']);
    const link = { entityTypeName: 'Group', name: 'members', targetName: 'Group' };
    expect(isLinkLost([file({ to: both })], file({ to: 'Person' }), link)).toBe(true);
    expect(isLinkLost([file({ to: both })], file({ to: 'Person' }), { ...link, targetName: 'Person' })).toBe(false);
  });
});
