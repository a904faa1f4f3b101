import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Connection } from '../../connectors/package.ts';
import { createScimPackage } from '../../connectors/scim/index.ts';
import { scimSettings, type ScimSettings } from '../../connectors/scim/settings.ts';
import { hasPython, needsPython } from '../support/python.ts';
import { byUserName, declaredColumns, shownBy, type Attribute } from './scim-columns.ts';
import { Scim2Server } from './scim2-server.ts';
import { describePackage, read, type Subject } from './suite.ts';

const present = await hasPython('scim2-server');
const token = 'canary-41e7';
const core = 'urn:ietf:params:scim:schemas:core:2.0';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const adapter = createScimPackage({
  outbound: { allow: parseOutboundAllow('127.0.0.1') as OutboundAllow, secretFolders: [] },
  pause: 1,
});
let server: Scim2Server;
let columns: Subject['columns'] = [];

const connection = (more: Record<string, unknown> = {}, secrets = { token }): Connection<ScimSettings> => ({
  name: 'hr',
  settings: scimSettings.parse({ baseUrl: `${server.origin}/v2`, pageSize: 3, ...more }),
  secrets,
});

const person = (userName: string, displayName = 'Name') => ({
  schemas: [`${core}:User`, enterprise],
  userName,
  displayName,
  active: true,
  emails: [{ value: `${userName}@example.org`, primary: true, type: 'work' }],
  [enterprise]: { employeeNumber: `00${userName}` },
});

async function reset(): Promise<void> {
  for (const endpoint of ['Users', 'Groups'])
    for (const { id } of await server.list(endpoint)) await server.ask('DELETE', `${endpoint}/${id}`);
  const ids: string[] = [];
  for (let i = 0; i < 7; i++)
    ids.push((await server.ask<{ id: string }>('POST', 'Users', person(`user${String(i)}`))).id);
  const members = ids.slice(0, 2).map((value) => ({ value, type: 'User' }));
  await server.ask('POST', 'Groups', { schemas: [`${core}:Group`], displayName: 'All', members });
}

const named = async (userName: string) => (await server.list('Users')).find((each) => each.userName === userName);

const subject = (): Subject => ({
  adapter,
  connection: () => connection(),
  badSettings: [{ settings: {}, path: 'baseUrl' }],
  unreachable: [
    { what: 'another token', connection: () => connection({}, { token: 'canary-wrong' }), code: 'credentials' },
  ],
  ...byUserName,
  get columns() {
    return columns;
  },
  reset,
  list: async () => shownBy(columns, await server.list('Users')),
  async put(key, value) {
    const found = await named(key);
    await server.ask(found ? 'PUT' : 'POST', found ? `Users/${found.id}` : 'Users', person(key, value));
  },
  async remove(key) {
    const found = await named(key);
    if (found) await server.ask('DELETE', `Users/${found.id}`);
  },
  shows: (row, value) => row['displayName'] === value,
});

describe.skipIf(!present)(`scim on a second server${present ? '' : `, ${needsPython('scim2-server')}`}`, () => {
  beforeAll(async () => {
    server = await Scim2Server.start(token);
    const { attributes } = await server.ask<{ attributes: Attribute[] }>('GET', `Schemas/${core}:User`);
    columns = declaredColumns(attributes, [enterprise]);
  });
  afterAll(() => server.stop());

  describePackage('scim, of scim2-server', subject);

  it('proves at the URL of a resource that it is gone', async () => {
    await reset();
    const [first, second] = await server.list('Users');
    if (!first || !second) throw new Error('no users');
    await server.ask('DELETE', `Users/${second.id}`);
    const asked = await adapter.readKeys?.(connection(), {
      table: 'Users',
      wanted: { columns: ['id', 'userName'], key: ['id'] },
      by: ['id'],
      keys: [[first.id], [second.id]],
    });
    expect(asked?.answers.map(({ state }) => state)).toEqual(['found', 'gone']);
  });

  it('reads what was changed since the last read, and groups with their members', async () => {
    await reset();
    const changing = () => connection({ incremental: true });
    const { end } = await read({ ...subject(), connection: changing });
    const since = end?.checkpoint;
    if (!since) throw new Error('the read left no checkpoint');
    await subject().put('user2', 'Another');
    const changed = await read({ ...subject(), connection: changing }, { mode: 'incremental', since });
    expect(changed.rows.find((row) => row['userName'] === 'user2')).toMatchObject({ displayName: 'Another' });
    const { rows } = await read({ ...subject(), table: 'Groups' });
    expect(rows[0]?.['members']).toContain((await named('user1'))?.id);
  });
});
