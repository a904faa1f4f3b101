import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { proposeTypes } from './types.ts';
import { writeFile } from './write-file.ts';

const columns = (...names: string[]) => names.map((name) => ({ name, type: 'text' }));

describe('the types that are proposed for tables', () => {
  it('are named after connector and table, with the column that is named like a key and the one that is named like a label', () => {
    const { entityTypes, guesses } = proposeTypes(
      'hr-north',
      [
        { table: 'users.csv', columns: columns('user_id', 'display_name', 'E-Mail') },
        { table: 'Companies', columns: columns('no', 'Name') },
      ],
      false,
    );
    expect(entityTypes).toEqual([
      {
        name: 'HrNorth_User',
        source: { connection: 'source', table: 'users.csv' },
        key: ['userId'],
        label: 'displayName',
        properties: {
          userId: { column: 'user_id' },
          displayName: { column: 'display_name' },
          eMail: { column: 'E-Mail' },
        },
      },
      {
        name: 'HrNorth_Company',
        source: { connection: 'source', table: 'Companies' },
        key: ['no'],
        label: 'name',
        properties: { no: { column: 'no' }, name: { column: 'Name' } },
      },
    ]);
    expect(guesses.map(({ pointer }) => pointer)).toEqual([
      '/entityTypes/0/key',
      '/entityTypes/0/label',
      '/entityTypes/1/key',
      '/entityTypes/1/label',
    ]);
    expect(guesses[2]?.reason).toContain('No column is named like a key');
  });

  it('link a column to all tables whose rows it names by the same property, and to one where it names keys', () => {
    const of = (table: string, by: string, identity?: string) => ({
      table,
      ...(identity === undefined ? { key: ['id'] } : { identity }),
      columns: [...columns('id', 'dn'), { name: 'member', type: 'text', multiValued: true }],
      links: ['people', 'groups'].map((to) => ({ column: 'member', table: to, by })),
    });
    const linksOf = (by: string, identity?: string) =>
      proposeTypes('ad', [of('people', by, identity), of('groups', by, identity)], true).entityTypes.map(
        (type) => type['navigationProperties'],
      );
    const members = { to: ['Ad_People', 'Ad_Group'], column: 'member', by: 'dn', multiValued: true };
    expect(linksOf('dn', 'id')).toEqual([{ member: members }, { member: members }]);
    const keys = { to: 'Ad_People', column: 'member', multiValued: true };
    expect(linksOf('id')).toEqual([{ member: keys }, { member: keys }]);
  });

  it('never have one name twice, and leave out tables without columns', () => {
    const { entityTypes } = proposeTypes(
      'a',
      [
        { table: 'x/users.csv', columns: columns('id', 'a b', 'a-b') },
        { table: 'y/users.csv', columns: columns('id') },
        { table: 'empty', columns: [] },
      ],
      false,
    );
    expect(entityTypes.map(({ name }) => name)).toEqual(['A_User', 'A_User2']);
    expect(Object.keys(entityTypes[0]?.['properties'] as object)).toEqual(['id', 'aB', 'aB2']);
  });

  it('know rows by what the source keeps, link by another property, and have lists where the source has', () => {
    const dn = { name: 'dn', type: 'string', multiValued: false };
    const uuid = { name: 'entryUUID', type: 'string', multiValued: false };
    const list = (name: string, type = 'string') => ({ name, type, multiValued: true });
    const { entityTypes, guesses } = proposeTypes(
      'directory',
      [
        {
          table: 'people',
          columns: [dn, uuid, list('cn'), list('mail'), list('jpegPhoto', 'binary'), list('carLicense')],
          identity: 'entryUUID',
          proposed: { columns: ['dn', 'entryUUID', 'cn', 'mail', 'jpegPhoto'] },
        },
        {
          table: 'groups',
          columns: [dn, uuid, list('cn'), list('member'), { name: 'owner', type: 'string' }],
          identity: 'entryUUID',
          links: [
            { column: 'member', table: 'people', by: 'dn' },
            { column: 'owner', table: 'elsewhere', by: 'dn' },
          ],
        },
      ],
      true,
    );
    expect(entityTypes).toEqual([
      {
        name: 'Directory_People',
        source: { connection: 'source', table: 'people', identity: 'entryUUID' },
        key: ['entryUUID'],
        label: 'cn',
        properties: {
          dn: { column: 'dn', format: 'dn' },
          entryUUID: { column: 'entryUUID', format: 'uuid' },
          cn: { column: 'cn', pick: 'first' },
          mail: { column: 'mail', multiValued: true },
          jpegPhoto: { column: 'jpegPhoto', type: 'binary', multiValued: true },
        },
      },
      {
        name: 'Directory_Group',
        source: { connection: 'source', table: 'groups', identity: 'entryUUID' },
        key: ['entryUUID'],
        label: 'cn',
        properties: {
          dn: { column: 'dn', format: 'dn' },
          entryUUID: { column: 'entryUUID', format: 'uuid' },
          cn: { column: 'cn', pick: 'first' },
          owner: { column: 'owner' },
        },
        navigationProperties: { member: { to: 'Directory_People', column: 'member', by: 'dn', multiValued: true } },
      },
    ]);
    expect(guesses.map(({ pointer }) => pointer)).toContain('/entityTypes/1/navigationProperties/member');
  });

  it('have the key of the source, and links that the names of columns tell', () => {
    const { entityTypes } = proposeTypes(
      'hr',
      [
        { table: 'departments', columns: columns('code', 'id'), key: ['id'] },
        { table: 'employees', columns: columns('number', 'department_id'), key: ['number'] },
      ],
      false,
    );
    expect(entityTypes[1]).toMatchObject({
      key: ['number'],
      properties: { number: { column: 'number' } },
      navigationProperties: { departmentId: { to: 'Hr_Department', column: 'department_id' } },
    });
  });
});

describe('the file of a proposal', () => {
  it('has each guess as a comment above what was guessed, and reads back as what was written', () => {
    const file = { name: 'hr', entityTypes: [{ name: 'Hr_User', key: ['id'] }] };
    const text = writeFile(file, [{ pointer: '/entityTypes/0/key', reason: 'named\nlike a key: [id]' }]);
    expect(parse(text)).toEqual(file);
    expect(text).toMatch(/# Guess: named like a key: \[id\]\n +key:/);
  });
});
