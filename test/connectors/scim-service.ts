import { afterAll, beforeAll, expect } from 'vitest';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Connection, ReadRequest } from '../../connectors/package.ts';
import { createScimPackage } from '../../connectors/scim/index.ts';
import { scimSettings, type ScimSettings } from '../../connectors/scim/settings.ts';
import { SyncError } from '../../domain/errors.ts';
import { LyingProxy, type Lie } from '../support/lying-proxy.ts';
import { declaredColumns, shownBy, type Attribute } from './scim-columns.ts';
import { ScimmyServer } from './scimmy-server.ts';
import { read, type Subject } from './suite.ts';

export const token = 'canary-3f9a';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export let scim: ScimmyServer;
export let proxy: LyingProxy;
beforeAll(async () => {
  scim = await ScimmyServer.start(token);
  proxy = await LyingProxy.start(() => scim.origin);
});
afterAll(async () => {
  await proxy.stop();
  await scim.stop();
});

export const outbound = { allow: parseOutboundAllow('127.0.0.1') as OutboundAllow, secretFolders: [] };
export const adapter = createScimPackage({
  outbound,
  pause: 1,
  limits: { headers: 1500, silence: 1000, total: 5000, bytes: 200_000 },
});
export const connection = (more: Record<string, unknown> = {}, secrets = { token }): Connection<ScimSettings> => ({
  name: 'hr',
  settings: scimSettings.parse({ baseUrl: `${proxy.origin}/scim/v2`, pageSize: 3, ...more }),
  secrets,
});

export const person = (i: number) => ({
  userName: `user${String(i)}`,
  externalId: `E${String(i)}`,
  active: i % 2 === 0,
  name: { givenName: 'Given', familyName: `Family ${String(i)}` },
  emails: [{ value: `user${String(i)}@example.org`, primary: true, type: 'work' }],
  [enterprise]: { employeeNumber: `00${String(i)}` },
});
/** Requests before the last lie. */
let requests = 0;
export function tell(lie: Lie): void {
  requests += proxy.asked.length;
  proxy.tell(lie);
}
export function reset(users = 8): void {
  tell({});
  scim.users.clear();
  scim.groups.clear();
  for (let i = 0; i < users; i++) scim.put(scim.users, `u${String(i)}`, person(i));
  scim.put(scim.groups, 'g1', { displayName: 'All', members: [{ value: 'u1' }, { value: 'u2' }] });
}

export let columns: Subject['columns'] = [];
beforeAll(async () => {
  const answer = await fetch(`${scim.origin}/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User`, {
    headers: { authorization: `Bearer ${token}` },
  });
  columns = declaredColumns(((await answer.json()) as { attributes: Attribute[] }).attributes, [enterprise]);
});

export const subject = (): Subject => ({
  adapter: adapter,
  connection: () => connection(),
  badSettings: [
    { settings: {}, path: 'baseUrl' },
    { settings: { baseUrl: 'ftp://example.org' }, path: 'baseUrl' },
    { settings: { baseUrl: 'https://name:word@example.org' }, path: 'baseUrl' },
    { settings: { baseUrl: 'https://example.org?token=1' }, path: 'baseUrl' },
    { settings: { baseUrl: 'https://example.org', auth: 'basic' }, path: 'user' },
    { settings: { baseUrl: 'https://example.org', auth: 'oauth2', clientId: 'x' }, path: 'tokenUrl' },
    { settings: { baseUrl: 'https://example.org', pageSize: 1 }, path: 'pageSize' },
  ],
  unreachable: [
    {
      what: 'nothing listens',
      connection: () => connection({ baseUrl: 'http://127.0.0.1:1/scim' }),
      code: 'connection',
    },
    {
      what: 'another base',
      connection: () => connection({ baseUrl: `${proxy.origin}/elsewhere` }),
      code: 'missing-table',
    },
    { what: 'another token', connection: () => connection({}, { token: 'canary-wrong' }), code: 'credentials' },
    {
      what: 'link-local',
      connection: () => connection({ baseUrl: 'https://169.254.169.254' }),
      code: 'outbound-refused',
    },
    {
      what: 'loopback that is not named',
      connection: () => connection({ baseUrl: 'https://[::1]:1' }),
      code: 'outbound-refused',
    },
  ],
  table: 'Users',
  tables: ['Users', 'Groups'],
  key: ['id'],
  get columns() {
    return columns;
  },
  reset: () => {
    reset();
  },
  async list() {
    const answer = await fetch(`${scim.origin}/scim/v2/Users?count=1000`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { Resources } = (await answer.json()) as { Resources: object[] };
    return shownBy(columns, Resources);
  },
  put(key, value) {
    scim.put(scim.users, key, { ...person(99), displayName: value });
  },
  remove(key) {
    scim.users.delete(key);
  },
  storedKey: 'u3',
  freshKey: 'u99',
  shows: (row, value) => row['displayName'] === value,
  tellsChanges: false,
  requests: () => requests + proxy.asked.length,
  busy(seconds) {
    let told = false;
    tell({
      answer: (_, response) => {
        if (told) return false;
        told = true;
        response.writeHead(429, { 'retry-after': String(seconds) }).end();
        return true;
      },
    });
  },
  targeted: {
    proves: true,
    unproven: [
      { what: 'a proxy answers', make: () => tell(answering(404, '<html>not here</html>', {}, /./)) },
      { what: 'the answer is not in SCIM', make: () => tell(answering(404, '{"message":"no route"}', {}, /./)) },
      { what: 'another resource comes', make: () => tell(answering(200, '{"id":"u2"}', {}, /./)) },
    ],
  },
  incomplete: [
    {
      what: 'an incremental service does not tell what was deleted',
      make: () => undefined,
      code: 'no-tombstones',
      read: { mode: 'incremental', since: { value: '2020-01-01T00:00:00.000Z', name: 'long ago' } },
    },
  ],
});

export const wanted = {
  columns: ['id', 'userName', 'active', 'emails[].value', `["${enterprise}"].employeeNumber`],
  key: ['id'],
};
export const readUsers = (request: Partial<ReadRequest> = {}, more: Record<string, unknown> = {}) =>
  read({ ...subject(), connection: () => connection(more) }, { wanted, ...request });

export async function refused(lie: Lie, more: Record<string, unknown> = {}, request: Partial<ReadRequest> = {}) {
  reset();
  tell(lie);
  const error: unknown = await readUsers(request, more).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(SyncError);
  for (const text of ['canary', 'example.org', 'Family']) expect((error as SyncError).message).not.toContain(text);
  return (error as SyncError).code;
}
export const onUsers = (lie: Lie): Lie => ({
  ...(lie.answer
    ? { answer: (passing, response) => isUsers(passing.url) && (lie.answer?.(passing, response) ?? false) }
    : {}),
  ...(lie.query ? { query: (query, passing) => isUsers(passing.url) && lie.query?.(query, passing) } : {}),
  ...(lie.body ? { body: (body, passing) => (isUsers(passing.url) ? lie.body?.(body, passing) : body) } : {}),
});
export const isUsers = ({ pathname }: URL) => pathname.endsWith('/Users');

export function answering(
  status: number,
  body: string | Buffer,
  headers: Record<string, string>,
  paths = /\/Users$/,
): Lie {
  return {
    answer: ({ url }, response) => {
      if (!paths.test(url.pathname)) return false;
      response.writeHead(status, headers).end(body);
      return true;
    },
  };
}
