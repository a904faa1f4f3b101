import { createGzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseOutboundAllow, type OutboundAllow } from '../../connectors/outbound/allow.ts';
import type { Connection, ReadRequest } from '../../connectors/package.ts';
import { createScimPackage } from '../../connectors/scim/index.ts';
import { scimSettings, type ScimSettings } from '../../connectors/scim/settings.ts';
import { SyncError } from '../../domain/errors.ts';
import { shownOf } from '../support/cells-of-json.ts';
import { LyingProxy, type Lie } from '../support/lying-proxy.ts';
import { ScimmyServer } from './scimmy-server.ts';
import { pacer } from './suite-reads.ts';
import { describePackage, read, type Subject } from './suite.ts';

const token = 'canary-3f9a';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
let scim: ScimmyServer;
let proxy: LyingProxy;
beforeAll(async () => {
  scim = await ScimmyServer.start(token);
  proxy = await LyingProxy.start(() => scim.origin);
});
afterAll(async () => {
  await proxy.stop();
  await scim.stop();
});

const outbound = { allow: parseOutboundAllow('127.0.0.1') as OutboundAllow, secretFolders: [] };
const adapter = createScimPackage({
  outbound,
  pause: 1,
  limits: { headers: 1500, silence: 1000, total: 5000, bytes: 200_000 },
});
const connection = (more: Record<string, unknown> = {}, secrets = { token }): Connection<ScimSettings> => ({
  name: 'hr',
  settings: scimSettings.parse({ baseUrl: `${proxy.origin}/scim/v2`, pageSize: 3, ...more }),
  secrets,
});

const person = (i: number) => ({
  userName: `user${String(i)}`,
  externalId: `E${String(i)}`,
  active: i % 2 === 0,
  name: { givenName: 'Given', familyName: `Family ${String(i)}` },
  emails: [{ value: `user${String(i)}@example.org`, primary: true, type: 'work' }],
  [enterprise]: { employeeNumber: `00${String(i)}` },
});
/** Requests before the last lie. */
let requests = 0;
function tell(lie: Lie): void {
  requests += proxy.asked.length;
  proxy.tell(lie);
}
function reset(users = 8): void {
  tell({});
  scim.users.clear();
  scim.groups.clear();
  for (let i = 0; i < users; i++) scim.put(scim.users, `u${String(i)}`, person(i));
  scim.put(scim.groups, 'g1', { displayName: 'All', members: [{ value: 'u1' }, { value: 'u2' }] });
}

/** What the server itself says of its attributes. */
async function declaredColumns(): Promise<Subject['columns']> {
  const get = async (path: string) =>
    (await (
      await fetch(`${scim.origin}/scim/v2/${path}`, { headers: { authorization: `Bearer ${token}` } })
    ).json()) as Record<string, never>;
  const user = (await get('Schemas/urn:ietf:params:scim:schemas:core:2.0:User')) as unknown as {
    attributes: { name: string; type: string; multiValued: boolean; required: boolean }[];
  };
  const types: Record<string, string> = {
    complex: 'object',
    reference: 'string',
    integer: 'number',
    decimal: 'number',
  };
  const column = (name: string, type: string, nullable = true) => ({ name, type, multiValued: false, nullable });
  return [
    column('id', 'string', false),
    column('externalId', 'string'),
    ...user.attributes.map(({ name, type, multiValued, required }) => ({
      name,
      type: types[type] ?? type,
      multiValued,
      nullable: !required,
    })),
    column(enterprise, 'object'),
    column('meta', 'object'),
  ] as Subject['columns'];
}

let columns: Subject['columns'] = [];
beforeAll(async () => {
  columns = await declaredColumns();
});

const subject = (): Subject => ({
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
    return Resources.map((each) =>
      shownOf(
        each,
        columns.map(({ name }) => name),
      ),
    );
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
describePackage('scim', subject);

const wanted = {
  columns: ['id', 'userName', 'active', 'emails[].value', `["${enterprise}"].employeeNumber`],
  key: ['id'],
};
const readUsers = (request: Partial<ReadRequest> = {}, more: Record<string, unknown> = {}) =>
  read({ ...subject(), connection: () => connection(more) }, { wanted, ...request });

async function refused(lie: Lie, more: Record<string, unknown> = {}, request: Partial<ReadRequest> = {}) {
  reset();
  tell(lie);
  const error: unknown = await readUsers(request, more).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(SyncError);
  for (const text of ['canary', 'example.org', 'Family']) expect((error as SyncError).message).not.toContain(text);
  return (error as SyncError).code;
}
const onUsers = (lie: Lie): Lie => ({
  ...(lie.answer
    ? { answer: (passing, response) => isUsers(passing.url) && (lie.answer?.(passing, response) ?? false) }
    : {}),
  ...(lie.query ? { query: (query, passing) => isUsers(passing.url) && lie.query?.(query, passing) } : {}),
  ...(lie.body ? { body: (body, passing) => (isUsers(passing.url) ? lie.body?.(body, passing) : body) } : {}),
});
const isUsers = ({ pathname }: URL) => pathname.endsWith('/Users');

describe('columns of scim', () => {
  it('are those that are mapped, as far as the service has them', async () => {
    reset();
    const { columns: found, rows } = await readUsers({
      wanted: { columns: ['userName', 'emails[].value', 'userNmae'], key: ['id'] },
    });
    // a column with a typo is missing, and no empty one
    expect(found).toEqual(['userName', 'emails', 'id']);
    expect(rows[0]).toMatchObject({ id: 'u0', userName: 'user0' });
  });

  it('have active as null where it is null or absent', async () => {
    reset();
    tell(
      onUsers({
        body: (body) => ({
          ...body,
          Resources: (body['Resources'] as Record<string, unknown>[]).map(({ active: _active, ...rest }, i) =>
            i === 0 ? { ...rest, active: null } : rest,
          ),
        }),
      }),
    );
    const { rows } = await readUsers();
    expect(new Set(rows.map((row) => row['active']))).toEqual(new Set(['']));
  });

  it('are guessed where the service does not describe itself', async () => {
    reset();
    tell({
      answer: ({ url }, response) => {
        if (!/Schemas|ResourceTypes|ServiceProvider/.test(url.pathname)) return false;
        response.writeHead(404).end();
        return true;
      },
    });
    const { rows, end } = await readUsers();
    expect([rows.length, end?.certificate]).toEqual([8, { certified: true }]);
    const tables = await adapter.discover(connection());
    expect(tables.map(({ table }) => table)).toEqual(['Users', 'Groups']);
    expect(tables[0]?.columns).toContainEqual({ name: 'emails', type: 'object', multiValued: true, nullable: true });
  });

  it('of groups have their members as a list, and say where they lead', async () => {
    reset();
    const { rows } = await read({ ...subject(), table: 'Groups' });
    expect(rows[0]?.['members']).toContain('["value","u1"');
    const groups = (await adapter.discover(connection())).find(({ table }) => table === 'Groups');
    expect(groups).toMatchObject({ key: ['id'], identity: 'id' });
    expect(groups?.columns.find(({ name }) => name === 'members')).toMatchObject({ multiValued: true, type: 'object' });
  });
});

describe('a scim service that lies', () => {
  it.each([
    [
      'pages shift each time',
      onUsers({
        body: (body, { before }) => ({
          ...body,
          Resources: (body['Resources'] as { id: string }[]).map((each) => ({
            ...each,
            id: `${each.id}-${String(before)}`,
          })),
        }),
      }),
      'pages-shifted',
    ],
    [
      'pages repeat, whatever is asked for',
      onUsers({
        query: (query) => {
          query.set('startIndex', '1');
        },
      }),
      'pages-shifted',
    ],
    ['the total is too large', onUsers({ body: (body) => ({ ...body, totalResults: 9 }) }), 'count-mismatch'],
    ['the total is too small', onUsers({ body: (body) => ({ ...body, totalResults: 6 }) }), 'count-mismatch'],
    [
      'the total changes from page to page',
      onUsers({ body: (body, { before }) => ({ ...body, totalResults: 8 + (before % 2) }) }),
      'count-mismatch',
    ],
    [
      'indexes begin at 0',
      onUsers({
        query: (query) => {
          query.set('startIndex', String(Number(query.get('startIndex')) + 1));
        },
      }),
      'count-mismatch',
    ],
    ['there is no total', onUsers({ body: ({ totalResults: _total, ...body }) => body }), 'bad-body'],
    ['entries have no id', onUsers({ body: (body) => ({ ...body, Resources: [{}] }) }), 'bad-body'],
    ['there is no list', onUsers({ body: () => ({ hello: 1 }) }), 'bad-body'],
    [
      'an error comes with status 200',
      onUsers({
        body: () => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '500', detail: 'canary' }),
      }),
      'bad-body',
    ],
    [
      'a login page comes with status 200',
      answering(200, '<html>canary</html>', { 'content-type': 'text/html' }),
      'bad-body',
    ],
    ['the body is no JSON', answering(200, '{"totalResults": 8, canary', {}), 'bad-body'],
    ['the body is no UTF-8', answering(200, Buffer.from([0x22, 0xff, 0x22]), {}), 'bad-body'],
    ['the body is empty', answering(200, '', {}), 'bad-body'],
    ['there is no such table', answering(404, '{}', {}), 'missing-table'],
    ['the server fails', answering(500, '{}', {}), 'connection'],
    ['the rights are gone', answering(403, '{}', {}), 'credentials'],
    ['the body is larger than the limit', answering(200, JSON.stringify('x'.repeat(300_000)), {}), 'too-large'],
    [
      'it sends the reader elsewhere',
      answering(302, '', { location: 'http://127.0.0.1:1/canary' }),
      'outbound-refused',
    ],
    [
      'it sends the reader to metadata',
      answering(307, '', { location: 'http://169.254.169.254/latest' }),
      'outbound-refused',
    ],
    ['it redirects without an end', answering(302, '', { location: '/scim/v2/Users' }), 'bad-body'],
    ['it is silent', onUsers({ answer: () => true }), 'connection'],
    [
      'it is silent in the body',
      onUsers({
        answer: (_, response) => {
          response.writeHead(200, { 'content-type': 'application/json' }).write('{"totalResults": 8');
          return true;
        },
      }),
      'connection',
    ],
    [
      'it sends a byte from time to time',
      onUsers({
        answer: (_, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          const timer = setInterval(() => response.write(' '), 100);
          response.once('close', () => {
            clearInterval(timer);
          });
          return true;
        },
      }),
      'connection',
    ],
    [
      'it breaks off in the body',
      onUsers({
        answer: (_, response) => {
          response.writeHead(200, { 'content-length': '1000' }).write('{"totalResults": 8');
          setTimeout(() => response.destroy(), 10);
          return true;
        },
      }),
      'connection',
    ],
    [
      'it packs a bomb',
      onUsers({
        answer: (_, response) => {
          response.writeHead(200, { 'content-encoding': 'gzip' });
          const zip = createGzip();
          zip.pipe(response);
          zip.end(Buffer.alloc(20 << 20));
          return true;
        },
      }),
      'too-large',
    ],
    [
      'what it packs is damaged',
      answering(200, Buffer.from('1f8b08000000000000ffabcd', 'hex'), { 'content-encoding': 'gzip' }),
      'bad-body',
    ],
  ] as [string, Lie, string][])('fails if %s', async (_, lie, code) => {
    expect(await refused(lie)).toBe(code);
  });

  it('is asked again in the middle of a page that was lost', async () => {
    reset();
    tell(
      onUsers({
        answer: ({ before }, response) => {
          if (before % 2 === 1) response.destroy();
          return before % 2 === 1;
        },
      }),
    );
    const { rows, end } = await readUsers();
    expect([rows.length, end?.certificate]).toEqual([8, { certified: true }]);
  });

  it('whose list moves once is read again, and each entry comes once', async () => {
    reset();
    tell(
      onUsers({
        query: (_, { before }) => {
          if (before === 1) scim.users.delete('u0');
        },
      }),
    );
    const { rows, end } = await readUsers();
    expect(rows.map((row) => row['id']).sort()).toEqual(['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7']);
    expect(end?.certificate).toEqual({ certified: true });
  });

  it('gets the token at its own origin only, also by a redirect there', async () => {
    reset();
    tell(
      onUsers({
        answer: ({ url, before }, response) => {
          if (before > 0) return false;
          response.writeHead(308, { location: `${url.pathname}${url.search}` }).end();
          return true;
        },
      }),
    );
    expect((await readUsers()).rows.length).toBe(8);
    expect(new Set(proxy.asked.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${token}`]));
  });
});

function answering(status: number, body: string | Buffer, headers: Record<string, string>, paths = /\/Users$/): Lie {
  return {
    answer: ({ url }, response) => {
      if (!paths.test(url.pathname)) return false;
      response.writeHead(status, headers).end(body);
      return true;
    },
  };
}

describe('a scim service that is busy', () => {
  const busy = (headers: Record<string, string>, times = 1): Lie =>
    onUsers({
      answer: ({ before }, response) => {
        if (before >= times) return false;
        response.writeHead(429, headers).end();
        return true;
      },
    });

  it.each([
    ['seconds', { 'retry-after': '7' }, [7]],
    ['a date', { date: 'Tue, 01 Dec 2026 07:00:00 GMT', 'retry-after': 'Tue, 01 Dec 2026 07:00:20 GMT' }, [20]],
    ['nothing', {}, [undefined, undefined, undefined]],
  ] as [string, Record<string, string>, (number | undefined)[]][])('is waited for: %s', async (_, headers, waits) => {
    reset();
    tell(busy(headers, waits.length));
    const { keeps, asked } = pacer();
    const { rows, end } = await readUsers({ pacer: keeps });
    expect([rows.length, end?.certificate]).toEqual([8, { certified: true }]);
    expect(asked.busy).toEqual(waits);
  });
});

describe('cursors of scim', () => {
  /** Gives the list of the server by cursors. */
  const cursors = (change: (answer: Record<string, unknown>, asked: number) => unknown = (answer) => answer): Lie =>
    onUsers({
      query: (query) => {
        const cursor = query.get('cursor');
        query.set('startIndex', cursor ? cursor.slice(1) : '1');
        query.delete('cursor');
      },
      body: (body, { url, before }) => {
        const at = Number((url.searchParams.get('cursor') || 'c1').slice(1)) + 3;
        const total = body['totalResults'] as number;
        const { totalResults: _total, startIndex: _start, ...rest } = body;
        return change({ ...rest, ...(at <= total ? { nextCursor: `c${String(at)}` } : {}) }, before);
      },
    });

  it('are followed to the page without one, which proves the end', async () => {
    reset();
    tell(cursors());
    const { rows, end } = await readUsers({}, { paging: 'cursor' });
    expect(rows.length).toBe(8);
    expect(end?.certificate).toEqual({ certified: true });
    expect(proxy.asked.filter(({ url }) => isUsers(url)).map(({ url }) => url.searchParams.get('cursor'))).toEqual([
      '',
      'c4',
      'c7',
    ]);
  });

  it('are used by themselves where the service has nothing else', async () => {
    reset();
    const lie = cursors();
    tell({
      ...lie,
      body: (body, passing) =>
        passing.url.pathname.endsWith('/ServiceProviderConfig')
          ? { ...body, pagination: { cursor: true, index: false } }
          : lie.body?.(body, passing),
    });
    expect((await readUsers()).rows.length).toBe(8);
  });

  it('that come again fail', async () => {
    expect(
      await refused(
        cursors((answer) => ({ ...answer, nextCursor: 'c4' })),
        { paging: 'cursor' },
      ),
    ).toBe('pages-shifted');
  });

  it('that are ignored fail, since the total is larger', async () => {
    const ignoring = onUsers({
      query: (query) => {
        query.delete('cursor');
        query.set('startIndex', '1');
      },
    });
    expect(await refused(ignoring, { paging: 'cursor' })).toBe('count-mismatch');
  });

  it('that expire begin the list again', async () => {
    reset();
    const lie = cursors();
    let expired = 0;
    tell({
      ...lie,
      answer: ({ url }, response) => {
        if (url.searchParams.get('cursor') !== 'c7' || expired++ > 0) return false;
        response.writeHead(400, { 'content-type': 'application/scim+json' });
        response.end(
          '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"expiredCursor"}',
        );
        return true;
      },
    });
    const { rows, end } = await readUsers({}, { paging: 'cursor' });
    expect(rows.map((row) => row['id']).sort()).toEqual(['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7']);
    expect(end?.certificate).toEqual({ certified: true });
  });
});

describe('incremental scim', () => {
  it('reads what was changed since the largest time of the read before, never deletes', async () => {
    reset();
    const { end: first } = await readUsers({}, { incremental: true });
    expect(first?.checkpoint?.value).toBe(scim.users.get('u7')?.meta.lastModified);
    // times of the service lie 5 minutes apart at least
    for (let i = 0; i < 301; i++) scim.now();
    scim.put(scim.users, 'u2', { ...person(2), displayName: 'another' });
    scim.put(scim.users, 'u9', person(9));
    scim.users.delete('u1');
    const since = { value: scim.users.get('u7')?.meta.lastModified ?? '', name: 'x' };
    const later = new Date(Date.parse(since.value) + 300_500).toISOString();
    const { rows, gone, end } = await readUsers(
      { mode: 'incremental', since: { ...since, value: later } },
      { incremental: true },
    );
    expect(rows.map((row) => row['id']).sort()).toEqual(['u2', 'u9']);
    expect(gone).toEqual([]);
    expect(end).toMatchObject({
      certificate: { certified: false, code: 'no-tombstones' },
      checkpoint: { value: scim.users.get('u9')?.meta.lastModified },
    });
  });

  it('keeps its checkpoint below the clock of the service', async () => {
    reset();
    tell(
      onUsers({
        answer: () => false,
        body: (body) => ({
          ...body,
          Resources: (body['Resources'] as { meta: object }[]).map((each) => ({
            ...each,
            meta: { ...each.meta, lastModified: '2099-01-01T00:00:00Z' },
          })),
        }),
      }),
    );
    const { end } = await readUsers({}, { incremental: true });
    expect(Date.parse(end?.checkpoint?.value ?? '')).toBeLessThan(Date.UTC(2098, 0));
  });

  it.each([[400], [403], [501]])('is refused where the service does not filter: %i', async (status) => {
    reset();
    tell(answering(status, '{"scimType":"invalidFilter"}', { 'content-type': 'application/json' }));
    const events = [];
    const request = {
      table: 'Users',
      mode: 'incremental',
      tables: ['Users'],
      since: { value: '2026-01-01T00:00:00Z', name: 'x' },
    };
    for await (const event of adapter.read(connection({ incremental: true }), request as ReadRequest))
      events.push(event);
    expect(events).toMatchObject([{ kind: 'refused', code: 'checkpoint-refused' }]);
  });

  it('can be polled only where the settings say that the service filters', () => {
    expect(adapter.incrementalGap(connection().settings)).toMatch(/incremental: true/);
    expect(adapter.incrementalGap(connection({ incremental: true }).settings)).toBeUndefined();
  });
});

describe('scim by key', () => {
  const byKey = (keys: string[], by = 'id') =>
    adapter.readKeys?.(connection(), { table: 'Users', wanted, by: [by], keys: keys.map((key) => [key]) });

  it('finds a resource at its own URL, and only there proves that it is gone', async () => {
    reset();
    const found = await byKey(['u1', 'u77', '../Groups/g1', '..']);
    expect(found?.answers.map(({ state }) => state)).toEqual(['found', 'gone', 'gone', 'unknown']);
    expect(found?.columns).toContain('userName');
    expect(found?.answers[0]).toMatchObject({
      records: [{ cells: expect.arrayContaining(['u1', 'user1']) as unknown }],
    });
  });

  it('finds by another attribute, and proves nothing if a filter finds none', async () => {
    reset();
    expect((await byKey(['user3', 'none'], 'userName'))?.answers).toMatchObject([
      { state: 'found' },
      { state: 'unknown' },
    ]);
    expect((await byKey(['user3@example.org'], 'emails[].value'))?.answers).toMatchObject([{ state: 'found' }]);
    expect((await byKey(['x'], 'emails[type eq "x"].value'))?.answers).toMatchObject([{ state: 'unknown' }]);
  });
});

describe('a scim connection that fits the schema', () => {
  it('needs its secret, and an encrypted way or a host that is named', () => {
    const faults = (more: Record<string, unknown>, secrets: string[], allow = '127.0.0.1') =>
      adapter.connectionFaults?.(
        { settings: scimSettings.parse({ baseUrl: 'http://hr.example/scim', ...more }), secrets },
        { allow: parseOutboundAllow(allow) as OutboundAllow, secretFolders: ['/run/secrets'] },
      );
    expect(faults({}, [], 'hr.example')).toMatchObject([{ path: ['secrets'] }]);
    expect(faults({}, ['token'])).toMatchObject([{ path: ['settings', 'baseUrl'] }]);
    expect(faults({}, ['token'], 'hr.example')).toEqual([]);
    expect(faults({ tls: { ca: '/etc/ca.pem' } }, ['token'], 'hr.example')).toMatchObject([
      { path: ['settings', 'tls', 'ca'] },
    ]);
  });
});
