import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Connection } from '../../connectors/package.ts';
import { createScimPackage } from '../../connectors/scim/index.ts';
import { scimSettings, type ScimSettings } from '../../connectors/scim/settings.ts';
import { hasKeycloak, Keycloak, needsKeycloak, reader } from '../support/keycloak.ts';
import { byUserName, declaredColumns, shownBy, type Attribute } from './scim-columns.ts';
import { describePackage, read, type Subject } from './suite.ts';

const present = await hasKeycloak();
const core = 'urn:ietf:params:scim:schemas:core:2.0';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const adapter = createScimPackage({
  outbound: { allow: parseOutboundAllow('127.0.0.1') as OutboundAllow, secretFolders: [] },
  pause: 1,
});
let server: Keycloak;
let columns: Subject['columns'] = [];
let group = '';

const connection = (
  more: Record<string, unknown> = {},
  secrets: Record<string, string> = { clientSecret: reader.secret },
): Connection<ScimSettings> => ({
  name: 'hr',
  settings: scimSettings.parse({
    ...{ baseUrl: server.baseUrl, auth: 'oauth2', tokenUrl: server.tokenUrl, clientId: reader.id, pageSize: 3 },
    ...more,
  }),
  secrets,
});

type Resource = { id: string; userName?: string };
const list = async (endpoint: string, query = '') =>
  (await server.ask<{ Resources?: Resource[] }>('GET', `${endpoint}?count=100${query}`)).Resources ?? [];
const named = async (userName: string) => (await list('Users')).find((each) => each.userName === userName);

const person = (userName: string, familyName = 'Family') => ({
  schemas: [`${core}:User`],
  userName,
  active: true,
  name: { givenName: 'Given', familyName },
  emails: [{ value: `${userName}@example.org`, primary: true, type: 'work' }],
});

const changeGroup = (operation: object) =>
  server.ask('PATCH', `Groups/${group}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [operation],
  });

async function reset(): Promise<void> {
  for (const endpoint of ['Users', 'Groups'])
    for (const { id } of await list(endpoint)) await server.ask('DELETE', `${endpoint}/${id}`);
  const ids: string[] = [];
  for (let i = 0; i < 7; i++) ids.push((await server.ask<Resource>('POST', 'Users', person(`user${String(i)}`))).id);
  group = (await server.ask<Resource>('POST', 'Groups', { schemas: [`${core}:Group`], displayName: 'All' })).id;
  await changeGroup({ op: 'add', path: 'members', value: ids.slice(0, 2).map((value) => ({ value })) });
}

const subject = (): Subject => ({
  adapter,
  connection: () => connection(),
  badSettings: [{ settings: { baseUrl: 'https://example.org', auth: 'oauth2', clientId: 'x' }, path: 'tokenUrl' }],
  unreachable: [
    {
      what: 'another secret',
      connection: () => connection({}, { clientSecret: 'canary-wrong' }),
      code: 'credentials',
    },
  ],
  ...byUserName,
  get columns() {
    return columns;
  },
  reset,
  // its lists have groups of a user only if they are asked for
  list: async () => shownBy(columns, await list('Users', `&attributes=${columns.map(({ name }) => name).join()}`)),
  async put(key, value) {
    const found = await named(key);
    await server.ask(found ? 'PUT' : 'POST', found ? `Users/${found.id}` : 'Users', {
      ...person(key, value),
      ...(found ? { id: found.id } : {}),
    });
  },
  async remove(key) {
    const found = await named(key);
    if (found) await server.ask('DELETE', `Users/${found.id}`);
  },
  shows: (row, value) => row['name']?.includes(value) ?? false,
});

describe.skipIf(!present)(`scim of Keycloak${present ? '' : `, ${needsKeycloak}`}`, () => {
  beforeAll(async () => {
    server = await Keycloak.start();
    const schemas = await server.ask<{ Resources: { id: string; attributes: Attribute[] }[] }>('GET', 'Schemas');
    columns = declaredColumns(schemas.Resources.find(({ id }) => id === `${core}:User`)?.attributes ?? [], [
      enterprise,
    ]);
  }, 300_000);
  afterAll(() => server.stop());

  describePackage('scim, of Keycloak', subject);

  it('reads members, which Keycloak gives only where they are asked for by name', async () => {
    await reset();
    const users = await list('Users');
    const idOf = (name: string) => users.find(({ userName }) => userName === name)?.id ?? '';
    const wanted = { columns: ['id', 'displayName', 'members[].value'], key: ['id'] };
    const groups = { ...subject(), table: 'Groups' };
    const { rows, end } = await read(groups, { wanted });
    expect(rows).toHaveLength(1);
    expect(rows[0]?.['displayName']).toBe('All');
    for (const name of ['user0', 'user1']) expect(rows[0]?.['members']).toContain(idOf(name));
    expect(end?.certificate).toEqual({ certified: true });
    // one group by its key has them, too: else a sync of this group would end its memberships
    const keys = [[group]];
    const asked = await adapter.readKeys?.(connection(), { table: 'Groups', wanted, by: ['id'], keys });
    const [answer] = asked?.answers ?? [];
    const members =
      answer?.state === 'found' ? answer.records[0]?.cells[asked?.columns.indexOf('members') ?? -1] : null;
    expect(members).toHaveLength(2);
    await changeGroup({ op: 'remove', path: `members[value eq "${idOf('user0')}"]` });
    const { rows: later } = await read(groups, { wanted });
    expect(later[0]?.['members']).not.toContain(idOf('user0'));
  });

  it('proves at the URL of a resource that it is gone, and tells what changed', async () => {
    await reset();
    const { end } = await read({ ...subject(), connection: () => connection({ incremental: true }) });
    const [first, second] = await list('Users');
    if (!first || !second) throw new Error('no users');
    await server.ask('DELETE', `Users/${second.id}`);
    const wanted = { columns: ['id', 'userName'], key: ['id'] };
    const keys = [[first.id], [second.id]];
    const asked = await adapter.readKeys?.(connection(), { table: 'Users', wanted, by: ['id'], keys });
    expect(asked?.answers.map(({ state }) => state)).toEqual(['found', 'gone']);
    const since = end?.checkpoint;
    if (!since) throw new Error('the read left no checkpoint');
    await subject().put('user4', 'Another');
    const changed = await read(
      { ...subject(), connection: () => connection({ incremental: true }) },
      { mode: 'incremental', since },
    );
    expect(changed.rows.find((row) => row['userName'] === 'user4')?.['name']).toContain('Another');
  });
});
