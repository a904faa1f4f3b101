import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import { scimSettings } from '../../connectors/scim/settings.ts';
import { createScimWritePackage } from '../../connectors/scim/write/index.ts';
import { WriteError, type AccountWriter } from '../../connectors/write-package.ts';
import { sendJson, WebServer } from '../support/web-server.ts';
import { WriteProxy, type WriteFault } from '../support/write-proxy.ts';
import { ScimmyServer } from './scimmy-server.ts';

/** What networks, gateways and services do to a request that writes. */

const token = 'canary-90fe';
const allow = parseOutboundAllow('127.0.0.1') as OutboundAllow;
const error = 'urn:ietf:params:scim:api:messages:2.0:Error';
const attributes = ['userName', 'title', 'emails[type eq "work"].value'];
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

const openAt = (origin: string, more: Record<string, unknown> = {}, named = allow): Promise<AccountWriter> =>
  createScimWritePackage({ outbound: { allow: named, secretFolders: [] } }).open(
    {
      name: 'chat',
      settings: scimSettings.parse({ baseUrl: `${origin}/scim/v2`, timeout: '1s', ...more }),
      secrets: { token },
    },
    { kind: 'user', attributes },
  );
const failed = async (what: Promise<unknown>): Promise<WriteError> => {
  const thrown: unknown = await what.then(
    () => new Error('it did not fail'),
    (caught: unknown) => caught,
  );
  if (!(thrown instanceof WriteError)) throw thrown;
  expect(thrown.message).not.toMatch(/canary|Someone/);
  return thrown;
};
const person = { userName: 'Someone', title: 'Engineer' };

describe('a SCIM service that does not answer as it does', () => {
  let users: AccountWriter;
  beforeEach(async () => {
    server.users.clear();
    users = await openAt(proxy.origin);
  });

  const faults: { what: string; fault: WriteFault; kind: string; stored: number }[] = [
    { what: 'done, and the connection is cut', fault: { kind: 'lost' }, kind: 'unknown', stored: 1 },
    { what: 'done, and answered after the time-out', fault: { kind: 'late' }, kind: 'unknown', stored: 1 },
    { what: 'done, and answered 500', fault: { kind: 'failed', status: 500 }, kind: 'unknown', stored: 1 },
    { what: 'done, and the gateway gave up', fault: { kind: 'failed', status: 504 }, kind: 'unknown', stored: 1 },
    {
      what: 'a page of a login',
      fault: { kind: 'answered', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' },
      kind: 'transient',
      stored: 0,
    },
    {
      what: 'an error that says 200',
      fault: { kind: 'answered', status: 200, body: JSON.stringify({ schemas: [error], status: '400', detail: 'no' }) },
      kind: 'terminal',
      stored: 0,
    },
    {
      what: 'a success that names nothing',
      fault: { kind: 'answered', status: 201, body: '{}' },
      kind: 'unknown',
      stored: 0,
    },
    {
      what: 'a redirect',
      fault: { kind: 'answered', status: 307, headers: { location: '/x' } },
      kind: 'terminal',
      stored: 0,
    },
    { what: 'forbidden', fault: { kind: 'answered', status: 403, body: '{}' }, kind: 'credentials', stored: 0 },
  ];
  it.each(faults)('$what: $kind', async ({ fault, kind, stored }) => {
    const before = proxy.writes.length;
    proxy.spoil(fault);
    expect((await failed(users.create(person, { anchor: 'a1' }))).kind).toBe(kind);
    expect(server.users.size).toBe(stored);
    expect(proxy.writes.length - before).toBe(1);
  });

  it('believes a create that was not kept, which a look by its id shows', async () => {
    proxy.spoil({ kind: 'pretended' });
    const { id } = await users.create(person, { anchor: 'a1' });
    expect(await users.readById(id)).toBeNull();
  });

  it('takes an id from the place of what was made', async () => {
    proxy.spoil({ kind: 'answered', status: 201, headers: { location: '/scim/v2/Users/a%20b?x=1' } });
    expect(await users.create(person, { anchor: 'a1' })).toEqual({ id: 'a b' });
  });

  it('takes only an answer in SCIM for a proof that an account is gone', async () => {
    proxy.spoilRead({ kind: 'answered', status: 404, body: '{"message":"no route"}' });
    expect((await failed(users.readById('u1'))).kind).toBe('transient');
    expect(await users.readById('u1')).toBeNull();
    proxy.spoil({ kind: 'answered', status: 404, body: '<html>no</html>' });
    expect((await failed(users.delete('u1'))).kind).toBe('transient');
    expect((await failed(users.delete('u1'))).kind).toBe('missing');
  });

  it.each([
    [{ scimType: 'mutability', detail: 'title cannot change' }, 'immutable-attribute', 'title'],
    [{ detail: 'emails is required' }, 'required-missing', 'emails[type eq "work"].value'],
    [{ scimType: 'invalidValue', detail: 'bad' }, 'target-rejected', undefined],
  ])('tells what is wrong with a value: %j', async (body, code, field) => {
    const { id } = await users.create(person, { anchor: 'a1' });
    proxy.spoil({ kind: 'answered', status: 400, body: JSON.stringify({ schemas: [error], ...body }) });
    expect(await failed(users.update(id, { title: 'x' }))).toMatchObject({ kind: 'terminal', code, field });
  });

  it('cuts the words of the service, and leaves out what was sent', async () => {
    const detail = `SOMEONE may not be Someone: ${'so it is '.repeat(100)}`;
    proxy.spoil({ kind: 'answered', status: 400, body: JSON.stringify({ schemas: [error], detail }) });
    const { message } = await failed(users.create(person, { anchor: 'a1' }));
    expect(message).toContain('… may not be …');
    expect(message).not.toMatch(/someone/i);
    expect(message.length).toBeLessThan(300);
  });

  it('had no effect where nothing could be sent', async () => {
    await users.close();
    const stopped = await WebServer.start();
    const { origin } = stopped;
    await stopped.stop();
    expect((await failed(openAt(origin))).kind).toBe('transient');
    const refused = await failed(openAt(proxy.origin, {}, parseOutboundAllow('elsewhere.example') as OutboundAllow));
    expect(refused.kind).toBe('transient');
    expect(refused.message).toContain('SYNCLINE_OUTBOUND_ALLOW');
    const oauth = { auth: 'oauth2', tokenUrl: `${proxy.origin}/token`, clientId: 'c' };
    expect((await failed(openAt(proxy.origin, oauth))).kind).toBe('credentials');
  });
});

describe('a SCIM service that describes itself', () => {
  let web: WebServer;
  let config: Record<string, unknown> = {};
  let kept: Record<string, unknown> = {};
  const asked: { method: string; ifMatch: string | undefined; body: Record<string, unknown> }[] = [];
  beforeAll(async () => {
    web = await WebServer.start();
    web.answer = (url, response, request) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (url.pathname.endsWith('/ServiceProviderConfig')) {
          sendJson(response, config);
          return;
        }
        if (request.method === 'GET') {
          sendJson(response, kept, { etag: 'W/"7"' });
          return;
        }
        const text = Buffer.concat(chunks).toString('utf8');
        const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
        asked.push({ method: request.method ?? '', ifMatch: request.headers['if-match'], body });
        if (request.headers['if-match'] === 'W/"7"' || config['etag'] === undefined) response.writeHead(204).end();
        else response.writeHead(412).end();
      });
    };
  });
  afterAll(() => web.stop());
  beforeEach(() => {
    asked.length = 0;
    kept = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id: 'u1',
      userName: 'Someone',
      nickName: 'kept',
      groups: [{ value: 'g' }],
      meta: { version: 'W/"6"' },
      emails: [
        { type: 'home', value: 'home@example.org' },
        { type: 'work', value: 'work@example.org', primary: true },
      ],
    };
  });

  it('is told the version that was read, where it has versions', async () => {
    config = { patch: { supported: true }, etag: { supported: true }, filter: { supported: true } };
    const users = await openAt(web.origin);
    await users.update('u1', { title: 'x' });
    await users.disable('u1');
    await users.delete('u1');
    expect(asked.map(({ method, ifMatch }) => [method, ifMatch])).toEqual([
      ['PATCH', 'W/"7"'],
      ['PATCH', 'W/"7"'],
      ['DELETE', 'W/"7"'],
    ]);
  });

  it('is given the whole resource where it knows no PATCH, and keeps what is not ours', async () => {
    config = { patch: { supported: false }, filter: { supported: false } };
    const users = await openAt(web.origin);
    await users.update('u1', { 'emails[type eq "work"].value': 'new@example.org', title: null });
    expect(asked).toEqual([
      {
        method: 'PUT',
        ifMatch: undefined,
        body: {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          id: 'u1',
          userName: 'Someone',
          nickName: 'kept',
          emails: [
            { type: 'home', value: 'home@example.org' },
            { type: 'work', value: 'new@example.org', primary: true },
          ],
        },
      },
    ]);
    await users.disable('u1');
    expect(asked.at(-1)).toMatchObject({ method: 'PUT', body: { active: false, nickName: 'kept' } });
    expect(users.capabilities.canFind('userName')).toBe(false);
    expect(await failed(users.find([{ userName: 'x' }]))).toMatchObject({ code: 'capability-missing' });
  });

  it('changes one item of a list, and sends the others as they were', async () => {
    config = { patch: { supported: true } };
    const users = await openAt(web.origin);
    await users.update('u1', { 'emails[type eq "work"].value': null, title: null, nickName: 'n' });
    expect(asked[0]?.body['Operations']).toEqual([
      { op: 'replace', path: 'emails', value: [{ type: 'home', value: 'home@example.org' }] },
      { op: 'remove', path: 'title' },
      { op: 'replace', path: 'nickName', value: 'n' },
    ]);
  });

  it('is not believed where it answers a filter with everybody', async () => {
    const users = await openAt(web.origin);
    kept = { totalResults: 500, Resources: [{ id: 'u9', userName: 'another' }] };
    expect(await failed(users.find([{ userName: 'x' }]))).toMatchObject({ code: 'capability-missing' });
  });
});
