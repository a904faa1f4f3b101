import { describe, expect, it } from 'vitest';
import { proposeTypes } from './propose-types.ts';

const columns = (...names: string[]) => names.map((name) => ({ name, type: 'text' }));

describe('the types that are proposed for tables', () => {
  it('are named after connector and table, with the column that is named like a key and the one that is named like a label', () => {
    const { entityTypes, guesses } = proposeTypes('hr-north', [
      { table: 'users.csv', columns: columns('user_id', 'display_name', 'E-Mail') },
      { table: 'Companies', columns: columns('no', 'Name') },
    ]);
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

  it('never have one name twice, and leave out tables without columns', () => {
    const { entityTypes } = proposeTypes('a', [
      { table: 'x/users.csv', columns: columns('id', 'a b', 'a-b') },
      { table: 'y/users.csv', columns: columns('id') },
      { table: 'empty', columns: [] },
    ]);
    expect(entityTypes.map(({ name }) => name)).toEqual(['A_User', 'A_User2']);
    expect(Object.keys(entityTypes[0]?.['properties'] as object)).toEqual(['id', 'aB', 'aB2']);
  });
});
