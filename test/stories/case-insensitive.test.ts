import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowError } from '../../domain/sync.ts';
import { csv, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

describe('values that differ by case only', () => {
  let stack: Stack;
  let client: pg.Client;
  beforeAll(async () => {
    stack = await Stack.start();
    client = new pg.Client({ connectionString: stack.databaseUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await stack.stop();
  });

  const linked = async (type: string, key: string, navigation: string) =>
    (
      await stack.get<{ items: { key: string[] }[] }>(`/v1/entity-types/${type}/resources/${key}/links/${navigation}`)
    ).items.map((each) => each.key.join());
  const errorsOf = (id: string) => stack.all<RowError>(`/v1/syncs/${id}/errors`);

  /** People found by a mail address whose case nobody keeps, and entries found by their distinguished name. */
  const mails = {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'mails',
    thresholds: wide,
    connections: [
      {
        name: 'files',
        package: 'csv',
        settings: { directory: 'mails', delta: { directory: 'mails-delta', commandColumn: 'command' } },
      },
    ],
    entityTypes: [
      {
        name: 'Mail_Person',
        source: { connection: 'files', table: 'people.csv' },
        key: ['id'],
        properties: {
          id: { column: 'id' },
          mail: { column: 'mail', caseInsensitive: true },
          dn: { column: 'dn', format: 'dn' },
        },
        navigationProperties: {
          manager: { to: 'Mail_Person', column: 'manager', by: 'mail' },
          deputies: { to: 'Mail_Person', column: 'deputies', by: 'mail', multiValued: true, separator: ';' },
        },
      },
      {
        name: 'Mail_Group',
        source: { connection: 'files', table: 'groups.csv' },
        key: ['id'],
        properties: { id: { column: 'id' } },
        navigationProperties: {
          entries: { to: 'Mail_Person', column: 'member', by: 'dn', multiValued: true, separator: '|' },
          members: { to: 'Mail_Person', table: 'members.csv', sourceColumn: 'group', targetColumn: 'mail', by: 'mail' },
        },
      },
    ],
  };
  const mailFiles = {
    'people.csv': csv(
      'id,mail,dn,manager,deputies',
      'E1,Ada@X.com,"CN=King\\, Ada,OU=People,DC=x",,',
      // the same letter, composed and not
      'E2,\u00c9mile@x.com,"cn=Emile+uid=2, ou=People,dc=x",ADA@x.COM,',
      'E3,cyd@x.com,,e\u0301MILE@X.com,ada@x.com;ADA@X.COM;cyd@X.com',
    ),
    'groups.csv': csv(
      'id,member',
      'G1,"CN=King\\2c  Ada,ou=PEOPLE,0.9.2342.19200300.100.1.25=x|UID=2+CN=Emile,OU=people,DC=X"',
    ),
    'members.csv': csv('group,mail', 'G1,ada@x.com', 'G1,ADA@X.COM', 'G1,Cyd@x.com'),
  };

  it('matches links without regard to case where the property says so, and stores its values as they came', async () => {
    await stack.put(mails, 'mails');
    await stack.place('mails', mailFiles);
    await stack.place('mails-delta', {});
    const sync = await stack.syncAndResume('mails');
    expect(await errorsOf(sync.id)).toEqual([]);
    expect(sync.counters['Mail_Group']?.links).toMatchObject({ members: { inserted: 2 }, entries: { inserted: 2 } });
    expect(await stack.get('/v1/entity-types/Mail_Person/resources/E1')).toMatchObject({
      attributes: { mail: 'Ada@X.com', dn: 'cn=king\\, ada,ou=people,dc=x' },
    });
    expect(await linked('Mail_Person', 'E2', 'manager')).toEqual(['E1']);
    expect(await linked('Mail_Person', 'E3', 'manager')).toEqual(['E2']);
    expect(await linked('Mail_Person', 'E3', 'deputies')).toEqual(['E1', 'E3']);
    expect(await linked('Mail_Group', 'G1', 'members')).toEqual(['E1', 'E3']);
    expect(await linked('Mail_Group', 'G1', 'entries')).toEqual(['E1', 'E2']);
    // another way of writing them changes the values, and no link
    await stack.place('mails', {
      'people.csv': mailFiles['people.csv'].replace('Ada@X.com', 'ADA@x.com').replace(',ADA@x.COM,', ',ada@x.com,'),
      'members.csv': csv('group,mail', 'G1,Ada@x.com', 'G1,CYD@x.com'),
      'groups.csv': mailFiles['groups.csv'].toLowerCase().replace('g1', 'G1'),
    });
    const other = await stack.syncAndResume('mails');
    expect(await errorsOf(other.id)).toEqual([]);
    const none = { inserted: 0, updated: 0, deleted: 0 };
    expect(other.counters).toMatchObject({
      Mail_Person: { updated: 1, links: { manager: none, deputies: none } },
      Mail_Group: { links: { members: none, entries: none } },
    });
    expect(await stack.get('/v1/entity-types/Mail_Person/resources/E1')).toMatchObject({
      attributes: { mail: 'ADA@x.com' },
    });
  });

  it('keeps what is stored where values that differ by case only belong to several resources', async () => {
    await stack.place('mails', {
      ...mailFiles,
      'people.csv': `${mailFiles['people.csv']}${csv('E4,ada@X.COM,,,')}`,
      'groups.csv': csv('id,member', 'G1,"King, Ada|UID=2+CN=Emile,OU=people,DC=X"'),
    });
    const sync = await stack.syncAndResume('mails');
    const told = (await errorsOf(sync.id))
      .map(({ code, effect, property }) => [code, effect, property].join(' '))
      .sort();
    expect(told).toEqual([
      ...['deputies', 'deputies', 'manager', 'members', 'members'].map(
        (name) => `ambiguous-link link-rejected ${name}`,
      ),
      'format link-rejected entries',
    ]);
    const kept = { inserted: 0, updated: 0, deleted: 0 };
    expect(sync.counters).toMatchObject({
      Mail_Person: { inserted: 1, links: { manager: kept, deputies: kept } },
      Mail_Group: { links: { members: kept, entries: kept } },
    });
    expect(await linked('Mail_Group', 'G1', 'members')).toEqual(['E1', 'E3']);
    expect(await linked('Mail_Group', 'G1', 'entries')).toEqual(['E1', 'E2']);
    await stack.place('mails', mailFiles);
    await stack.syncAndResume('mails');
  });

  it('takes texts of delta files that differ by case only as one link', async () => {
    await stack.place('mails-delta', {
      'people-1.csv': csv('command,id,mail', 'update,E1,ADA@X.COM'),
      'members-1.csv': csv(
        'command,group,mail',
        'insert,G1,\u00e9mile@x.com',
        'delete,G1,\u00c9MILE@X.COM',
        'delete,G1,CYD@X.COM',
        'delete,G1,ada@x.com',
        'insert,G1,aDa@x.com',
      ),
    });
    const sync = await stack.syncAndResume('mails', { mode: 'incremental' });
    // the address of E1 has another case, so links still lead to its owner
    expect(await errorsOf(sync.id)).toEqual([]);
    expect(sync.mode).toBe('incremental');
    expect(sync.counters['Mail_Person']).toMatchObject({ updated: 1 });
    expect(sync.counters['Mail_Group']?.links['members']).toMatchObject({ inserted: 0, deleted: 1 });
    expect(await linked('Mail_Group', 'G1', 'members')).toEqual(['E1']);
    await stack.place('mails-delta', { 'people-2.csv': csv('command,id,mail', 'update,E1,king@x.com') });
    const moved = await stack.syncAndResume('mails', { mode: 'incremental' });
    expect((await errorsOf(moved.id)).map(({ code, property }) => `${code} ${property ?? ''}`).sort()).toEqual([
      'link-target-moved deputies',
      'link-target-moved manager',
      'link-target-moved members',
    ]);
  });
});
