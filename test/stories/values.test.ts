import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowError } from '../../domain/sync.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

describe('values, and what matches what', () => {
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

  const guid = '6f9619ff-8b86-d011-b42d-00c04fc964ff';
  /** People with a number, groups with a GUID, places whose names have no case; links of all kinds between them. */
  const directory = {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'ad',
    thresholds: wide,
    connections: [{ name: 'files', package: 'csv', settings: { directory: 'ad' } }],
    entityTypes: [
      {
        name: 'Ad_Place',
        source: { connection: 'files', table: 'places.csv' },
        key: ['name'],
        properties: {
          name: { column: 'name', caseInsensitive: true },
          opened: { column: 'opened', type: 'date', format: 'dd/MM/yyyy' },
        },
      },
      {
        name: 'Ad_User',
        source: { connection: 'files', table: 'users.csv' },
        key: ['no'],
        properties: {
          no: { column: 'no', type: 'integer' },
          hired: { column: 'hired', type: 'date', format: 'dd/MM/yyyy' },
        },
        navigationProperties: {
          manager: { to: 'Ad_User', column: 'mgr' },
          deputies: { to: 'Ad_User', column: 'deputies', multiValued: true, separator: ';' },
          place: { to: 'Ad_Place', column: 'place', by: 'name' },
          openedWith: { to: 'Ad_Place', column: 'hired', by: 'opened' },
        },
      },
      {
        name: 'Ad_Group',
        source: { connection: 'files', table: 'groups.csv' },
        key: ['id'],
        properties: { id: { column: 'id', format: 'guid' } },
        navigationProperties: {
          members: { to: 'Ad_User', table: 'members.csv', sourceColumn: 'group', targetColumn: 'user' },
        },
      },
    ],
  };
  const files = {
    'places.csv': csv('name,opened', 'Lyon,31/01/2024', 'Graz,01/02/2023'),
    'users.csv': csv(
      'no,hired,mgr,deputies,place',
      '007,31/01/2024,,,LYON',
      '+08,01/02/2023,007,007;+08,graz',
      '9,,8,,Lyon',
    ),
    'groups.csv': csv('id', `{${guid.toUpperCase()}}`),
    'members.csv': csv('group,user', `{${guid.toUpperCase()}},007`, `${guid},+08`),
  };

  it('let the same text in a key and in a link of a source match, whatever type and format the key has', async () => {
    await stack.put(directory, 'ad');
    await stack.place('ad', files);
    const sync = await stack.syncAndResume('ad');
    expect(await errorsOf(sync.id)).toEqual([]);
    expect(sync.status).toBe('completed');
    expect(await linked('Ad_User', '8', 'manager')).toEqual(['7']);
    expect(await linked('Ad_User', '9', 'manager')).toEqual(['8']);
    expect(await linked('Ad_User', '8', 'deputies')).toEqual(['7', '8']);
    expect(await linked('Ad_User', '7', 'place')).toEqual(['lyon']);
    expect(await linked('Ad_User', '8', 'openedWith')).toEqual(['graz']);
    expect(await linked('Ad_Group', guid, 'members')).toEqual(['7', '8']);
  });

  it('lets another connector lead there with the texts that the first one has', async () => {
    const hr = onePerson({ name: 'hr', thresholds: wide });
    const [person] = hr.entityTypes;
    const navigationProperties = {
      account: { to: 'Ad_User', column: 'account' },
      site: { to: 'Ad_Place', column: 'site' },
      since: { to: 'Ad_Place', column: 'since', by: 'opened' },
    };
    await stack.put({ ...hr, entityTypes: [{ ...person, navigationProperties }] }, 'hr');
    await stack.place('hr', {
      'people.csv': csv(
        'id,name,mail,account,site,since',
        'E1,Ada,a@x,007,GRAZ,31/01/2024',
        'E2,Ben,b@x,+8,graz,2023-02-01',
      ),
    });
    const sync = await stack.syncAndResume('hr');
    expect(await errorsOf(sync.id)).toEqual([]);
    expect(await linked('hr_Person', 'E1', 'account')).toEqual(['7']);
    expect(await linked('hr_Person', 'E1', 'site')).toEqual(['graz']);
    expect(await linked('hr_Person', 'E1', 'since')).toEqual(['lyon']);
    // in the form that is stored: another source need not write as the first one does
    expect(await linked('hr_Person', 'E2', 'since')).toEqual(['graz']);
    const { body } = await stack.call('POST', '/v1/connectors/hr/preview', {
      entityType: 'hr_Person',
      row: { id: 'E1', account: '007', site: 'GRAZ', since: 'soon' },
    });
    expect(body).toMatchObject({
      outcome: 'row',
      errors: [{ code: 'format', property: 'since', column: 'since' }],
      resource: { references: { account: '7', site: 'graz', since: null } },
    });
  });

  it('finds resources and limits syncs by a key as its source writes it', async () => {
    expect(await stack.get(`/v1/entity-types/Ad_User/resources/007`)).toMatchObject({ key: ['7'] });
    expect(await stack.get(`/v1/entity-types/Ad_Group/resources/{${guid.toUpperCase()}}`)).toMatchObject({
      key: [guid],
    });
    expect(await stack.all(`/v1/entity-types/Ad_User/resources/+08/history`)).not.toEqual([]);
    expect(await stack.all(`/v1/sync-errors?entityType=Ad_User&key=007`)).toEqual([]);
    await stack.place('ad', { 'users.csv': files['users.csv'].replace('007,31/01/2024', '007,30/01/2024') });
    const limited = await stack.sync('ad', { scope: { keys: { Ad_User: [['007']] } } });
    expect(await errorsOf(limited.id)).toMatchObject([{ code: 'dangling-link', property: 'openedWith' }]);
    expect(limited.counters['Ad_User']).toMatchObject({ updated: 1, deleted: 0 });
    await stack.place('ad', files);
    const item = await stack.call('POST', '/v1/entity-types/Ad_User/resources/%2B007/sync');
    expect(await stack.settled((item.body as { id: string }).id)).toMatchObject({
      status: 'completed',
      scope: { keys: { Ad_User: [['7']] } },
      counters: { Ad_User: { updated: 1 } },
    });
  });

  it('keeps the stored links of a source whose value its format cannot read', async () => {
    await stack.place('ad', {
      'users.csv': csv(
        'no,hired,mgr,deputies,place',
        '007,31/01/2024,,,Lyon',
        '+08,01/02/2023,boss,007;nobody,graz',
        '9,31.01.2024,8,007;x,Lyon',
        '10,,8,x;007,Lyon',
      ),
      'members.csv': csv('group,user', `${guid},7`, `${guid},eight`),
    });
    const sync = await stack.syncAndResume('ad');
    const told = (await errorsOf(sync.id)).map(({ code, effect, property, key, line }) => ({
      code,
      effect,
      property,
      key,
      line,
    }));
    const link = (property: string, key: string, line: number) => ({
      code: 'format',
      effect: 'link-rejected',
      property,
      key: [key],
      line,
    });
    expect(told).toEqual(
      expect.arrayContaining([
        link('manager', '8', 3),
        link('deputies', '8', 3),
        link('deputies', '10', 5),
        link('members', guid, 3),
        { code: 'format', effect: 'row-rejected', property: 'hired', key: ['9'], line: 4 },
      ]),
    );
    expect(told).toHaveLength(5);
    expect(sync.counters['Ad_User']?.links).toMatchObject({
      manager: { rejected: 1, deleted: 0, updated: 0 },
      deputies: { rejected: 2, deleted: 0, inserted: 1 },
    });
    expect(sync.counters['Ad_Group']?.links['members']).toMatchObject({ rejected: 1, deleted: 0 });
    expect(await linked('Ad_User', '8', 'manager')).toEqual(['7']);
    expect(await linked('Ad_User', '8', 'deputies')).toEqual(['7', '8']);
    expect(await linked('Ad_User', '10', 'deputies')).toEqual(['7']);
    expect(await linked('Ad_Group', guid, 'members')).toEqual(['7', '8']);
    // readable again, what is not there any more goes
    await stack.place('ad', { ...files, 'members.csv': csv('group,user', `${guid},7`) });
    await stack.syncAndResume('ad');
    expect(await linked('Ad_Group', guid, 'members')).toEqual(['7']);
    expect(await linked('Ad_User', '8', 'deputies')).toEqual(['7', '8']);
  });

  it('names the value of a link that matches nothing, in answers and nowhere else', async () => {
    const [missing, noGroup] = ['424242424242', '00000000-0000-4000-8000-00000000abcd'];
    await stack.place('ad', {
      ...files,
      'users.csv': files['users.csv'].replace(',007,007;+08,', `,${missing},007;+08,`),
      'members.csv': csv('group,user', `${guid},${missing}`, `${noGroup},7`, `${noGroup},${missing}`),
    });
    const sync = await stack.syncAndResume('ad');
    const messages = (await errorsOf(sync.id)).map(({ message }) => message).sort();
    expect(messages).toEqual([
      `Neither end of the link exists: "${noGroup}" and "${missing}".`,
      `The link begins at "${noGroup}", which does not exist.`,
      `The link leads to "${missing}", which does not exist.`,
      `The link leads to "${missing}", which does not exist.`,
    ]);
    // what is wrong with one source and property is one open error
    const open = (await stack.all<RowError>('/v1/sync-errors?connector=ad')).map(({ message }) => message);
    expect(open).toHaveLength(3);
    expect(messages).toEqual(expect.arrayContaining(open));
    const told =
      JSON.stringify(await stack.all(`/v1/syncs/${sync.id}/log`)) +
      (await (await fetch(`${stack.api}/metrics`)).text());
    const history = await stack.showHistory('sync:ad');
    for (const value of [missing, noGroup])
      for (const place of [stack.output, told, history]) expect(place).not.toContain(value);
    await stack.place('ad', files);
    expect((await stack.syncAndResume('ad')).status).toBe('completed');
  });

  /** Keys of a list whose pages have one item, so that each place in it is a cursor once. */
  async function oneByOne(path: string): Promise<string[]> {
    const keys: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: { key: string[] }[]; nextCursor: string | null } = await stack.get(
        `${path}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      keys.push(...page.items.map(({ key }) => key.join()));
      cursor = page.nextCursor;
    }
    return keys;
  }

  const shown = (stored: Record<string, string>) =>
    csv('id,name,mail,n', ...Object.entries(stored).map(([id, n]) => `${id},x,x,${n}`));

  it('sorts, pages and shows values that do not have the type of their property as if there were none', async () => {
    const typed = (type: string) =>
      onePerson({ name: 'odd', thresholds: wide, properties: { n: { column: 'n', type } } });
    const stored = {
      A: 'abc',
      B: '10',
      C: '9.5',
      D: '2024-02-30',
      E: '2024-02-29',
      F: '0000-01-01',
      G: '2024-05-17T10:00:00Z',
      H: '2024-05-17T10:00:00.5Z',
      I: '0000-12-31T23:00:00Z',
      J: 'true',
      K: 'QQ',
      L: 'QUI=',
      M: 'NaN',
      N: '1e999999',
      O: '2024-05-17T25:00:00Z',
      P: '9'.repeat(140_000),
      Q: '2023-02-29',
    };
    await stack.put(typed('string'), 'odd');
    await stack.place('odd', { 'people.csv': shown(stored) });
    await stack.syncAndResume('odd');
    const first: Record<string, string[]> = {
      integer: ['C', 'B'],
      decimal: ['C', 'B'],
      date: ['E'],
      dateTime: ['G', 'H'],
      boolean: ['J'],
      binary: [],
    };
    for (const [type, keys] of Object.entries(first)) {
      await stack.put(typed(type), 'odd');
      const rest = Object.keys(stored).filter((key) => !keys.includes(key));
      for (const [sort, expected] of [
        ['n', [...keys, ...rest]],
        ['-n', [...keys.toReversed(), ...rest]],
      ] as const) {
        if (type === 'binary') continue;
        const keys = await oneByOne(`/v1/entity-types/odd_Person/resources?sort=${sort}&limit=1`);
        expect(keys, `${type} ${sort}`).toEqual(expected);
      }
      const { rows } = await client.query<{ id: string; n: unknown }>(
        'select * from syncline_views.odd_person order by id',
      );
      const known = rows.filter(({ n }) => n !== null).map(({ id }) => id);
      expect(known, type).toEqual(type === 'binary' ? expect.arrayContaining(['L']) : keys.toSorted());
      expect(rows).toHaveLength(Object.keys(stored).length);
    }
    const csvAnswer = await stack.call('GET', '/v1/entity-types/odd_Person/resources.csv?sort=n');
    expect(csvAnswer.status).toBe(200);
  });

  it('refuses a stored file that this version reads in no way, before anything is read wrongly', async () => {
    const file = onePerson({
      name: 'late',
      thresholds: wide,
      properties: { day: { column: 'day', type: 'date', format: 'dd/MM/yyyy' } },
    });
    await stack.put(file, 'late');
    await stack.place('late', { 'people.csv': csv('id,name,mail,day', 'E1,Ada,a@x,17/05/2024') });
    await stack.syncAndResume('late');
    // as an earlier version took it
    await client.query(
      `update syncline.connector_revision set file = jsonb_set(file, '{entityTypes,0,properties,day,format}', '"dd/mm/yyyy"')
       where connector = (select id from syncline.connector where name = 'late')`,
    );
    await stack.place('late', { 'people.csv': csv('id,name,mail,day', 'E1,Ada,a@x,18/05/2024') });
    const sync = await stack.sync('late');
    expect(sync).toMatchObject({ status: 'failed', error: { code: 'configuration' } });
    expect(sync.error?.message).toContain(
      'late_Person.day cannot be used: dd/mm/yyyy is not a date pattern: it has no month',
    );
    const { status, body } = await stack.call('PUT', '/v1/connectors/late', {
      ...file,
      entityTypes: file.entityTypes.map((type) => ({
        ...type,
        properties: { ...type.properties, day: { column: 'day', type: 'date', format: 'dd/mm/yyyy' } },
      })),
    });
    expect(status).toBe(422);
    expect(body).toMatchObject({ errors: [{ pointer: '/entityTypes/0/properties/day/format' }] });
  });
});
