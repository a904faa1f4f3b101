import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { answering, isUsers, onUsers, proxy, reset, scim, tell, token } from '../connectors/scim-service.ts';
import { wide, wideWindows } from '../support/connector.ts';
import type { Lie } from '../support/lying-proxy.ts';
import { Stack } from '../support/stack.ts';

const connector = (baseUrl: string) => ({
  ...{ apiVersion: 'syncline/v1', kind: 'Connector', name: 'scim', thresholds: wide, windows: wideWindows },
  connections: [
    {
      ...{ name: 'service', package: 'scim', secrets: { token: 'env:SYNCLINE_SECRET_SCIM' } },
      settings: { baseUrl, auth: 'bearer', pageSize: 3 },
      limits: { requestsPerSecond: 1000 },
    },
  ],
  entityTypes: [
    {
      ...{ name: 'SCIM_User', source: { connection: 'service', table: 'Users' }, key: ['id'] },
      properties: { id: { column: 'id' }, login: { column: 'userName' } },
    },
    {
      ...{ name: 'SCIM_Group', source: { connection: 'service', table: 'Groups' }, key: ['id'] },
      properties: { id: { column: 'id' } },
      navigationProperties: { members: { to: 'SCIM_User', column: 'members[].value', multiValued: true } },
    },
  ],
});

describe('a scim service that lies', () => {
  let stack: Stack;
  let before: unknown[];
  beforeAll(async () => {
    reset();
    stack = await Stack.start({ SYNCLINE_OUTBOUND_ALLOW: '127.0.0.1', SYNCLINE_SECRET_SCIM: token });
    await stack.put(connector(`${proxy.origin}/scim/v2`), 'scim');
    expect(await stack.syncAndResume('scim')).toMatchObject({ status: 'completed' });
    before = await stored();
    expect(before).toHaveLength(8);
  }, 180_000);
  afterAll(() => stack.stop());

  const stored = () => stack.all('/v1/entity-types/SCIM_User/resources');
  const isPage = (url: URL) => isUsers(url) && url.searchParams.has('startIndex');

  it.each<[string, Lie, string]>([
    [
      'pages shift each time',
      onUsers({
        body: (body, { before: pages }) => ({
          ...body,
          Resources: (body['Resources'] as { id: string }[]).map(({ id }) => ({ id: `${id}-${String(pages)}` })),
        }),
      }),
      'pages-shifted',
    ],
    ['the total is too large', onUsers({ body: (body) => ({ ...body, totalResults: 9 }) }), 'count-mismatch'],
    ['the total is too small', onUsers({ body: (body) => ({ ...body, totalResults: 6 }) }), 'count-mismatch'],
    ['there is nobody, but a total', onUsers({ body: (body) => ({ ...body, Resources: [] }) }), 'count-mismatch'],
    [
      'a login page comes with status 200',
      answering(200, '<html>login</html>', { 'content-type': 'text/html' }),
      'bad-body',
    ],
    [
      'an error comes with status 200',
      answering(200, '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"500"}', {}),
      'bad-body',
    ],
    [
      'the token ends in the middle',
      onUsers({
        answer: ({ url }, response) => {
          if (['1', null].includes(url.searchParams.get('startIndex'))) return false;
          response.writeHead(401).end('{}');
          return true;
        },
      }),
      'credentials',
    ],
    ['it sends the reader elsewhere', answering(302, '', { location: 'http://127.0.0.1:1/' }), 'outbound-refused'],
  ])('deletes nobody, and says what happened, if %s', async (_, lie, code) => {
    tell(lie);
    const sync = await stack.sync('scim');
    expect(sync, JSON.stringify(sync)).toMatchObject({ status: 'failed', applied: false, error: { code } });
    expect(await stored()).toEqual(before);
  });

  it('deletes nobody if its list moves while it is read, and then the one who is gone', async () => {
    tell(
      onUsers({
        query: (_, { before: pages }) => {
          if (pages === 1) scim.users.delete('u7');
        },
      }),
    );
    const sync = await stack.sync('scim');
    expect(sync).toMatchObject({ status: 'completed' });
    tell({});
    await stack.syncAndResume('scim');
    expect(await stored()).toEqual(before.slice(0, 7));
  });

  it('is waited for if it is busy, whether it says the seconds, a date, or nothing', async () => {
    const says: (() => Record<string, string>)[] = [
      () => ({}),
      () => ({ 'retry-after': '1' }),
      () => ({ 'retry-after': new Date(Date.now() + 1000).toUTCString() }),
    ];
    tell(
      onUsers({
        answer: ({ before: pages }, response) => {
          const headers = says[pages];
          if (headers) response.writeHead(429, headers()).end();
          return headers !== undefined;
        },
      }),
    );
    const sync = await stack.sync('scim');
    expect(sync).toMatchObject({
      ...{ status: 'completed', error: null },
      counters: { SCIM_User: { read: 7, inserted: 0, updated: 0, deleted: 0 } },
    });
    expect(proxy.asked.filter(({ url }) => isPage(url)).length).toBeGreaterThan(says.length);
  });

  // it is waited for half a minute, three times, before it is tried again
  it.runIf(process.env['FAULTS'] === 'all').each<[string, Lie]>([
    ['it is silent', onUsers({ answer: () => true })],
    [
      'it is silent in the body',
      onUsers({
        answer: (_, response) => {
          response.writeHead(200, { 'content-type': 'application/json' }).write('{"totalResults": 8');
          return true;
        },
      }),
    ],
  ])('deletes nobody if %s, and waits for it to speak', { timeout: 300_000 }, async (_, lie) => {
    const there = await stored();
    tell(lie);
    const { id } = await stack.startSync('scim');
    const look = () => stack.get<Sync>(`/v1/syncs/${id}`);
    await stack.until(async () => (await look()).retry !== null, 200);
    expect(await look()).toMatchObject({ status: 'running', retry: { code: 'connection' } });
    expect(await stored()).toEqual(there);
    tell({});
    expect(await stack.settled(id)).toMatchObject({ status: 'completed', counters: { SCIM_User: { deleted: 0 } } });
  });
});
