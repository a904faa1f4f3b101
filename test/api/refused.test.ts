import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemCodes } from '../../domain/codes.ts';
import { openDatabase, row, type Database } from '../../repository/database.ts';
import { ApiAlone } from '../support/api-alone.ts';
import { onePerson } from '../support/connector.ts';
import { createTestDatabase } from '../support/database.ts';
import { checkAnswer } from '../support/contract.ts';

const cursorOf = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url');

/** Numbers that do not change from run to run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Operation {
  parameters?: { name: string; in: string }[];
}

describe('requests that make no sense', () => {
  let api: ApiAlone;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: Database;
  let sync: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = openDatabase(database.url, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
    api = await ApiAlone.start(database.url);
    await api.put(onePerson({ properties: { n: { column: 'n' } } }), 'one');
    const made = await row<{ id: string; no: number; type: number }>(
      db,
      `insert into syncline.sync (id, connector, mode, requested_mode, tasks, status, trigger, priority, synced_by,
         config_revision, workflow_id, ended_at, applied, applied_at)
       select gen_random_uuid(), c.id, 'complete', 'complete', '{export}', 'completed', 'manual', 'normal', 'user:local', 1,
         'sync:one', now(), true, now() from syncline.connector c
       returning id, no, (select id from syncline.entity_type) as type`,
    );
    if (!made) throw new Error('no sync');
    sync = made.id;
    const long = (letter: string) => letter.repeat(3_200);
    const people: [string, object][] = [
      ['E1', { id: 'E1', name: long('a'), n: 'abc' }],
      ['E2', { id: 'E2', name: `${long('a')}b`, n: 'abd' }],
      ['E3', { id: 'E3', name: long('\u0001'), n: 'abe' }],
      ['E4', { id: 'E4', name: long('😀'), n: 'abf' }],
      ['"\\'.repeat(650) + '語'.repeat(430), { id: 'long', name: '=1+1' }],
    ];
    for (const [key, attributes] of people)
      await db.raw(`insert into syncline.resource (entity_type, key, attributes) values (?, ?, ?::jsonb)`, [
        made.type,
        key,
        JSON.stringify(attributes),
      ]);
  });
  afterAll(async () => {
    await api.stop();
    await db.destroy();
    await database.drop();
  });

  const people = '/v1/entity-types/one_Person/resources';

  it('a cursor of no list, of another list or of another time is refused', async () => {
    const forged = [
      null,
      [],
      -1,
      1.5,
      1e300,
      'a\0',
      '\ud800',
      { key: 'E1', value: 'abc', sort: 'n' },
      { type: 'one_Person', key: 5 },
      { sync: 1, kind: 9_999_999_999, seq: 1 },
      { kind: 'resource', seq: 1e300 },
      { lastSeen: '0000-01-01T00:00:00Z', id: 1 },
      { lastSeen: '2026-01-01T00:00:00Z', id: -1 },
    ].map(cursorOf);
    forged.push('', '!', 'A'.repeat(20_000), Buffer.from('['.repeat(5_000) + ']'.repeat(5_000)).toString('base64url'));
    const lists = [
      '/v1/connectors',
      '/v1/connectors/one/revisions',
      '/v1/syncs',
      `/v1/syncs/${sync}/changes`,
      `/v1/syncs/${sync}/errors`,
      `/v1/syncs/${sync}/log`,
      '/v1/jobs',
      '/v1/executions',
      '/v1/sync-errors',
      '/v1/sync-status',
      '/v1/entity-types',
      people,
      `${people}?sort=n`,
      `${people}/E1/history`,
      '/v1/search?q=a',
    ];
    for (const list of lists)
      for (const cursor of forged) {
        const path = `${list}${list.includes('?') ? '&' : '?'}cursor=${cursor}`;
        const { status } = await api.call('GET', path);
        expect([list, cursor.slice(0, 40), [200, 422].includes(status)]).toEqual([list, cursor.slice(0, 40), true]);
      }
  });

  it('a cursor from before a property became a number is refused; the list can be begun anew', async () => {
    const page = await api.get<{ nextCursor: string }>(`${people}?sort=n&limit=1`);
    const properties = (type: string) =>
      db.raw(
        `update syncline.entity_type set properties = (
           select jsonb_agg(case when p ->> 'name' = 'n' then p || jsonb_build_object('type', ?::text) else p end)
           from jsonb_array_elements(properties) p)`,
        [type],
      );
    await properties('integer');
    const stale = await api.call('GET', `${people}?sort=n&limit=1&cursor=${page.nextCursor}`);
    expect(stale).toMatchObject({ status: 422, body: { errors: [{ pointer: '/cursor' }] } });
    await properties('string');
  });

  it('the cursor that a list gives is taken, however long its values and keys are', async () => {
    for (const sort of ['name', '-name', 'n'])
      for (const limit of [1, 2]) {
        const keys: unknown[] = [];
        let cursor: string | null = null;
        do {
          const next: string = cursor === null ? '' : `&cursor=${cursor}`;
          const page: { items: { key: string[] }[]; nextCursor: string | null } = await api.get(
            `${people}?sort=${sort}&limit=${String(limit)}${next}`,
          );
          keys.push(...page.items.map(({ key }) => key[0]));
          cursor = page.nextCursor;
        } while (cursor !== null);
        expect(new Set(keys).size).toBe(5);
        expect(keys.length).toBe(5);
      }
  });

  it('the address of the longest key answers, and one that is longer than any is told as a problem', async () => {
    const items = await api.all<{ key: string[]; self: string }>(people);
    const longest = items.find(({ key }) => (key[0]?.length ?? 0) > 1_000);
    expect(longest?.self.length).toBeGreaterThan(6_000);
    expect(await api.get(longest?.self ?? '')).toMatchObject({ key: longest?.key });
    expect((await api.call('GET', `/v1/search?q=${'a'.repeat(70_000)}`)).status).toBe(431);
    const raw = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(api.api).port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      let text = '';
      socket.on('data', (part) => (text += part.toString()));
      socket.on('close', () => {
        resolve(text);
      });
    });
    expect(raw).toMatch(/^HTTP\/1.1 400 [^]*application\/problem\+json[^]*"code":"bad-request"/);
  });

  it.each([
    '/v1/connectors/one?revision=9999999999',
    '/v1/connectors/one?revision=0',
    '/v1/syncs?since=0000-01-01T00:00:00Z',
    '/v1/executions?since=0000-12-31T23:59:59Z',
    '/v1/syncs?since=0001-01-01T00:00:00%2B01:00',
    '/v1/syncs?limit=501',
    '/v1/syncs?limit=1&limit=2',
    '/v1/syncs?colour=red',
    '/v1/sync-errors?key=%5B%22%5Cu0000%22%5D',
    '/v1/sync-errors?key=%2500',
    '/v1/entity-types/one_Person/resources?filter[nobody]=1',
    '/v1/entity-types/one_Person/resources?sort=nobody',
  ])('%s is 422', async (path) => {
    expect(await api.call('GET', path)).toMatchObject({ status: 422, body: { code: 'invalid' } });
  });

  it('more parameters than are read are refused, not left out', async () => {
    const filters = (count: number) => Array.from({ length: count }, () => 'filter[n]=abc').join('&');
    expect((await api.call('GET', `${people}?${filters(500)}`)).status).toBe(200);
    expect(await api.call('GET', `${people}?${filters(501)}`)).toMatchObject({
      status: 422,
      body: { code: 'invalid' },
    });
  });

  it('times with any offset are taken', async () => {
    for (const since of ['2026-01-31T10:00:00+23:00', '9999-12-31T23:59:59.9999999Z', '0001-01-01T00:00:00Z'])
      expect((await api.call('GET', `/v1/syncs?since=${encodeURIComponent(since)}`)).status).toBe(200);
  });

  it('nothing that is told is kept by a browser or a proxy', async () => {
    for (const path of ['/v1/connectors', '/v1/nothing', '/metrics', '/healthz', `${people}.csv`, '/problems'])
      expect([path, (await fetch(`${api.api}${path}`)).headers.get('cache-control')]).toEqual([path, 'no-store']);
  });

  it('each problem has a page that says what to do, and each route declares what it can answer', async () => {
    const { items } = await api.get<{ items: { code: string; type: string; status: number; advice: string }[] }>(
      '/problems',
    );
    expect(items.map(({ code, status }) => [code, status])).toEqual(Object.entries(problemCodes));
    for (const { type, advice } of items) {
      expect(await api.get(type)).toMatchObject({ advice });
      const page = await api.send(type, { headers: { accept: 'text/html,application/xhtml+xml' } });
      expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.body).toContain('What to do:');
    }
    expect((await api.call('GET', '/problems/none')).status).toBe(404);
    const { paths } = await api.get<{ paths: Record<string, Record<string, { responses: object }>> }>(
      '/v1/openapi.json',
    );
    for (const operations of Object.values(paths))
      for (const { responses } of Object.values(operations))
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '422', '431']));
  });

  it('none of those made up from the contract brings anything but an answer that it declares', async () => {
    const random = seeded(20_261_129);
    const pick = <Item>(from: readonly Item[]): Item => from[Math.floor(random() * from.length)] as Item;
    const texts = [
      ...[
        '',
        ' ',
        '0',
        '-1',
        '9999999999',
        '99999999999999999999',
        '1e309',
        'NaN',
        'null',
        'true',
        '..',
        '.',
        '~',
        '~!!',
      ],
      ...[
        '%',
        '%zz',
        '%25',
        '%2500',
        '%00',
        '%ff',
        '%ed%a0%80',
        '%F0%9F%98%80',
        '%E2%80%AE',
        '%0d%0aX:1',
        '%5C',
        "'%20or%201=1",
      ],
      ...[
        cursorOf(['\0']),
        cursorOf({ sync: 1e18, kind: 1, seq: 1 }),
        `~${cursorOf(['\0'])}`,
        `~${cursorOf(['\ud800'])}`,
      ],
      ...[
        '0000-01-01T00:00:00Z',
        '10000-01-01T00:00:00Z',
        '2026-02-30',
        '2026-01-31T10:00:00Z',
        '__proto__',
        'constructor',
      ],
      ...[
        '00000000-0000-0000-0000-000000000000',
        'x'.repeat(3_000),
        '%5B%22%5Cu0000%22%5D',
        '%5B'.repeat(500),
        'a,b,c',
        '%2C',
      ],
    ];
    const known: Record<string, string[]> = {
      name: ['one', 'one_Person', 'complete'],
      key: ['E1', '%5B%22E1%22%5D'],
      id: [sync],
      code: ['conflict'],
      entityType: ['one_Person'],
      property: ['n'],
      sort: ['n', '-name'],
      q: ['a'],
      limit: ['1'],
    };
    const values = [null, 0, -1, 1e308, '', 'x', '\u0000', [], {}, [[]], { a: { b: [1] } }, true, 'x'.repeat(5_000)];
    const fields = [
      'mode',
      'scope',
      'tasks',
      'supersede',
      'entityType',
      'row',
      'key',
      'digest',
      'reason',
      'connectors',
      'cron',
    ];
    const { paths } = await api.get<{ paths: Record<string, Record<string, Operation>> }>('/v1/openapi.json');
    // Sync inventory without a name then starts none, for which it would need Temporal
    await db.raw('update syncline.connector set active = false');
    let sent = 0;
    for (const [pattern, operations] of Object.entries(paths))
      for (const [method, { parameters = [] }] of Object.entries(operations))
        for (let round = 0; round < 16; round++) {
          const reads = method === 'get';
          // what changes something is asked of what is not there: it needs Temporal
          const path = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
            reads && random() < 0.6
              ? pick(known[name] ?? ['members'])
              : pick(texts.filter((text) => !/^(\.\.?)?$/.test(text))),
          );
          const query = parameters
            .filter((each) => each.in === 'query' && random() < 0.5)
            .map(
              ({ name }) =>
                `${name === 'filter' ? pick(['filter[n]', 'filter[n][null]', 'filter[', 'filter[x]']) : name}=${pick(random() < 0.3 ? (known[name] ?? texts) : texts)}`,
            )
            .join('&');
          if (pattern.endsWith('/events') || pattern === '/readyz') continue;
          const body = reads
            ? undefined
            : pick([
                '',
                '{',
                '\u0000',
                JSON.stringify(
                  Object.fromEntries(fields.filter(() => random() < 0.3).map((field) => [field, pick(values)])),
                ),
                JSON.stringify(pick(values)),
                'a: &a [*a]',
              ]);
          const type = pick(['application/json', 'application/yaml', 'text/plain', 'application/json; charset=utf-16']);
          const target = query.replaceAll(/[^\x21-\x7e]/g, encodeURIComponent);
          const address = `${path.replaceAll(' ', '%20')}${target === '' ? '' : `?${target}`}`;
          const answer = await api.send(address, {
            method: method.toUpperCase(),
            headers: body === undefined ? {} : { 'content-type': type },
            ...(body === undefined ? {} : { body }),
          });
          sent++;
          const what = `${method} ${address.slice(0, 300)} ${body?.slice(0, 100) ?? ''}: ${String(answer.status)} ${answer.body.slice(0, 200)}`;
          expect(answer.status, what).toBeLessThan(500);
          if (answer.status < 400) continue;
          expect(answer.headers['content-type'], what).toMatch(/^application\/problem\+json/);
          checkAnswer(method, path, answer.status, 'application/problem+json', JSON.parse(answer.body));
        }
    expect(sent).toBeGreaterThan(800);
    expect(api.output).not.toContain('a request failed');
  }, 180_000);
});
