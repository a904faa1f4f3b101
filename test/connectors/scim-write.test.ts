import { afterAll, beforeAll, describe } from 'vitest';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import { scimSettings } from '../../connectors/scim/settings.ts';
import { createScimWritePackage } from '../../connectors/scim/write/index.ts';
import { attributesOf } from '../../connectors/scim/write/changes.ts';
import { parsePath } from '../../connectors/scim/write/paths.ts';
import type { Attributes } from '../../connectors/write-package.ts';
import { hasPython, needsPython } from '../support/python.ts';
import { WriteProxy } from '../support/write-proxy.ts';
import { Scim2Server } from './scim2-server.ts';
import { ScimmyServer } from './scimmy-server.ts';
import { describeWriting, type WriteSubject } from './write-suite.ts';

const token = 'canary-71b0';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const present = await hasPython('scim2-server');
const options = { outbound: { allow: parseOutboundAllow('127.0.0.1') as OutboundAllow, secretFolders: [] } };
const userAttributes = [
  'userName',
  'name.givenName',
  'name.familyName',
  'displayName',
  'title',
  'emails[type eq "work"].value',
  'phoneNumbers[type eq "mobile"].value',
  `${enterprise}:department`,
];

const user = (n: number): Attributes => ({
  userName: `user${String(n)}`,
  'name.givenName': `Given ${String(n)}`,
  'name.familyName': 'Family',
  displayName: `Display ${String(n)}`,
  title: 'Engineer',
  'emails[type eq "work"].value': `user${String(n)}@example.org`,
  'phoneNumbers[type eq "mobile"].value': '+33 1 23 45',
  [`${enterprise}:department`]: 'Eng',
});

interface Server {
  origin: string;
  base: string;
  odd: readonly string[];
  list(endpoint: string): Promise<Record<string, unknown>[]>;
}

function subjectOf(server: () => Server, proxy: () => WriteProxy): WriteSubject {
  const connection = () => ({
    name: 'chat',
    settings: scimSettings.parse({ baseUrl: `${proxy().origin}${server().base}`, timeout: '2s' }),
    secrets: { token },
  });
  const answered = (status: number, headers: Record<string, string>) => () => {
    proxy().spoil({ kind: 'answered', status, headers });
  };
  const clock = 'Thu, 03 Dec 2026 08:00:00 GMT';
  return {
    open: (kind) =>
      createScimWritePackage(options).open(connection(), {
        kind,
        attributes: kind === 'user' ? userAttributes : ['displayName'],
      }),
    async reset() {
      for (const endpoint of ['Groups', 'Users'])
        for (const { id } of await server().list(endpoint))
          await fetch(`${server().origin}${server().base}/${endpoint}/${String(id)}`, {
            method: 'DELETE',
            headers: { authorization: `Bearer ${token}` },
          });
    },
    user,
    group: (n) => ({ displayName: `Group ${String(n)}` }),
    login: 'userName',
    odd: server().odd,
    plain: { attribute: 'emails[type eq "work"].value', value: 'other@example.org' },
    cleared: `${enterprise}:department`,
    async seen(kind) {
      const paths = (kind === 'user' ? userAttributes : ['displayName']).flatMap((each) => parsePath(each) ?? []);
      const all = await server().list(kind === 'user' ? 'Users' : 'Groups');
      return new Map(all.map((each) => [String(each['id']), { attributes: attributesOf(each, paths), enabled: null }]));
    },
    async membersSeen(group) {
      const found = (await server().list('Groups')).find(({ id }) => id === group);
      return ((found?.['members'] ?? []) as { value: string }[]).map(({ value }) => value);
    },
    writes: () => proxy().writes.length,
    loseAnswer: () => proxy().spoil({ kind: 'lost' }),
    busy: [
      { what: 'seconds', make: answered(429, { 'retry-after': '7' }), seconds: 7 },
      {
        what: 'a date',
        make: answered(429, { 'retry-after': 'Thu, 03 Dec 2026 08:00:09 GMT', date: clock }),
        seconds: 9,
      },
      {
        what: 'a second since 1970',
        make: answered(429, { 'x-rate-limit-reset': String(Date.parse(clock) / 1000 + 11), date: clock }),
        seconds: 11,
      },
      { what: 'forbidden', make: answered(403, { 'retry-after': '13' }), seconds: 13 },
      { what: 'away for a while', make: answered(503, { 'retry-after': '17' }), seconds: 17 },
      { what: 'without a time', make: answered(429, {}) },
    ],
    refuseCredentials: answered(401, {}),
    groups: true,
    keepsAnchor: true,
  };
}

describe.skipIf(!present)(`scim2-server${present ? '' : `, ${needsPython('scim2-server')}`}`, () => {
  let server: Scim2Server;
  let proxy: WriteProxy;
  beforeAll(async () => {
    server = await Scim2Server.start(token);
    proxy = await WriteProxy.start(() => server.origin);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });
  const shown = () => ({
    origin: server.origin,
    base: '/v2',
    odd: ['" or userName pr or userName eq "', 'a\\" or \\"', '*'],
    list: (endpoint: string) => server.list(endpoint),
  });
  describeWriting('scim, at scim2-server', () => subjectOf(shown, () => proxy));
});

describe('SCIMMY', () => {
  let server: ScimmyServer;
  let proxy: WriteProxy;
  beforeAll(async () => {
    server = await ScimmyServer.start(token);
    proxy = await WriteProxy.start(() => server.origin);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });
  const shown = () => ({
    origin: server.origin,
    base: '/scim/v2',
    // its filters know no quotes in a value
    odd: ["' or userName pr or userName eq '", '*'],
    list: (endpoint: string) =>
      Promise.resolve([...(endpoint === 'Users' ? server.users : server.groups).values()] as Record<string, unknown>[]),
  });
  describeWriting('scim, at SCIMMY', () => subjectOf(shown, () => proxy));
});
