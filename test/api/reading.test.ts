import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

interface Found {
  key: string[];
  label: string;
  self: string;
  attributes: Record<string, unknown>;
}

describe('reading over HTTP', () => {
  let stack: Stack;
  let sync: Sync;
  const names = ['Ada', 'Ben', 'Cyd', 'Dan', 'Eve', 'Fay'];
  beforeAll(async () => {
    stack = await Stack.start();
    const properties = {
      age: { column: 'age', type: 'integer' },
      roles: { column: 'roles', multiValued: true, separator: '|' },
    };
    const file = peopleAndGroups({ thresholds: wide, properties });
    const pair = {
      name: 'hr_Pair',
      source: { connection: 'files', table: 'pairs.csv' },
      key: ['a', 'b'],
      properties: { a: { column: 'a' }, b: { column: 'b' } },
    };
    await stack.put({ ...file, entityTypes: [...file.entityTypes, pair] }, 'hr');
    await stack.place('hr', {
      'people.csv': csv(
        'id,name,mail,manager,age,roles',
        ...names.map(
          (name, i) =>
            `E${String(i)},${name},${i === 2 ? '' : `${name.toLowerCase()}@x`},${i === 0 ? '' : 'E0'},${String(90 - i * 17)},${i % 2 ? 'admin|staff' : 'staff'}`,
        ),
      ),
      'groups.csv': csv('id,title', '"a,b/c%",Odd', 'G1,=SUM(A1)'),
      'members.csv': csv('group,person', ...names.map((_, i) => `"a,b/c%",E${String(i)}`)),
      'pairs.csv': csv('a,b', '"x,y",z', 'x,"y,z"'),
    });
    sync = await stack.syncAndResume('hr');
    expect(sync.status).toBe('completed');
  });
  afterAll(() => stack.stop());

  const browse = async (query: string) =>
    (await stack.all<Found>(`/v1/entity-types/hr_Person/resources?${query}`)).map((each) => each.key[0]);

  it('browses in pages, each resource once, by key', async () => {
    const first = await stack.get<{ items: Found[]; nextCursor: string }>(
      '/v1/entity-types/hr_Person/resources?limit=4',
    );
    const second = await stack.get<{ items: Found[]; nextCursor: null }>(
      `/v1/entity-types/hr_Person/resources?limit=4&cursor=${first.nextCursor}`,
    );
    expect([...first.items, ...second.items].map((each) => each.label)).toEqual(names);
    expect(second.nextCursor).toBeNull();
  });

  it('filters, searches and sorts, absent values last', async () => {
    expect(await browse('filter[name]=Ben&filter[name]=Eve')).toEqual(['E1', 'E4']);
    expect(await browse('filter[roles]=admin')).toEqual(['E1', 'E3', 'E5']);
    expect(await browse('filter[mail][null]=true')).toEqual(['E2']);
    expect(await browse('filter[mail][null]=false&filter[roles]=admin&q=DA')).toEqual(['E3']);
    expect(await browse('q=%25')).toEqual([]);
    expect(await browse('sort=age')).toEqual(['E5', 'E4', 'E3', 'E2', 'E1', 'E0']);
    for (const sort of ['mail', '-mail']) {
      const all = await browse(`sort=${sort}`);
      expect(all.at(-1)).toBe('E2');
      const paged: unknown[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: { items: Found[]; nextCursor: string | null } = await stack.get(
          `/v1/entity-types/hr_Person/resources?sort=${sort}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
        );
        paged.push(...page.items.map((each) => each.key[0]));
        cursor = page.nextCursor;
      }
      expect(paged).toEqual(all);
    }
    expect(await stack.call('GET', '/v1/entity-types/hr_Person/resources?sort=size')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/sort' }] },
    });
    expect(await stack.call('GET', '/v1/entity-types/hr_Person/resources?limit=501')).toMatchObject({ status: 422 });
    expect(await stack.call('GET', '/v1/entity-types/hr_Person/resources?cursor=nonsense')).toMatchObject({
      status: 422,
    });
    expect((await stack.all<Found>('/v1/search?q=ada')).map((each) => each.key[0])).toEqual(['E0']);
  });

  it('finds resources under any key, and each key is one resource', async () => {
    const [odd] = await stack.all<Found>('/v1/entity-types/hr_Group/resources?filter[title]=Odd');
    expect(odd?.key).toEqual(['a,b/c%']);
    expect(await stack.get<Found>(odd?.self ?? '')).toMatchObject({ key: ['a,b/c%'] });
    const encoded = Buffer.from(JSON.stringify(['a,b/c%'])).toString('base64url');
    expect(await stack.get<Found>(`/v1/entity-types/hr_Group/resources/~${encoded}`)).toMatchObject({
      key: ['a,b/c%'],
    });
    const pairs = await stack.all<Found>('/v1/entity-types/hr_Pair/resources');
    for (const pair of pairs) expect((await stack.get<Found>(pair.self)).key).toEqual(pair.key);
    expect(pairs.map((pair) => pair.key)).toEqual(
      expect.arrayContaining([
        ['x,y', 'z'],
        ['x', 'y,z'],
      ]),
    );
    expect(await stack.call('GET', '/v1/entity-types/hr_Pair/resources/x')).toMatchObject({ status: 422 });
    expect((await stack.call('GET', '/v1/entity-types/hr_Person/resources/E99')).status).toBe(404);
  });

  it('shows a resource with its links both ways, its last sync and its history', async () => {
    const ada = await stack.get<Record<string, unknown>>('/v1/entity-types/hr_Person/resources/E0');
    expect(ada).toMatchObject({
      links: { manager: { total: 0, items: [] } },
      referencedBy: {
        'hr_Person.manager': { total: 5 },
        'hr_Group.members': { total: 1, items: [{ label: 'a,b/c%' }] },
      },
      lastSync: { syncId: sync.id, trigger: 'manual', syncedBy: 'user:local' },
    });
    const page = await stack.get<{ items: Found[]; nextCursor: string; total: number }>(
      '/v1/entity-types/hr_Person/resources/E0/referenced-by/hr_Person/manager?limit=2',
    );
    expect(page).toMatchObject({ total: 5, items: [{ key: ['E1'] }, { key: ['E2'] }] });
    expect(page.nextCursor).not.toBeNull();
    const history = await stack.all<{ kind: string; operation: string; sync: { id: string } }>(
      '/v1/entity-types/hr_Person/resources/E1/history',
    );
    expect(history.map((each) => [each.kind, each.operation, each.sync.id])).toEqual([
      ['link', 'insert', sync.id],
      ['resource', 'insert', sync.id],
    ]);
  });

  it('describes entity types with their counts', async () => {
    expect(await stack.get('/v1/entity-types/hr_Person')).toMatchObject({
      connector: 'hr',
      key: ['id'],
      label: 'name',
      counts: { resources: 6, links: { manager: 5 } },
      navigationProperties: [{ name: 'manager', to: 'hr_Person', multiValued: false, retired: false }],
      retired: false,
    });
    expect((await stack.all<{ name: string }>('/v1/entity-types')).map((each) => each.name)).toEqual([
      'hr_Group',
      'hr_Pair',
      'hr_Person',
    ]);
  });

  it('hands out CSV files whole, with formulas escaped', async () => {
    const groups = await stack.call('GET', '/v1/entity-types/hr_Group/resources.csv');
    expect(groups.headers.get('content-type')).toContain('text/csv');
    expect(groups.body).toContain("'=SUM(A1)");
    const changes = await stack.call('GET', `/v1/syncs/${sync.id}/changes.csv`);
    const listed = await stack.all(`/v1/syncs/${sync.id}/changes`);
    expect(String(changes.body).trimEnd().split('\r\n')).toHaveLength(listed.length + 1);
    expect((await stack.call('GET', `/v1/syncs/${sync.id}/errors.csv`)).status).toBe(200);
  });

  it('filters the change list and the syncs', async () => {
    const of = async (query: string) => (await stack.all(`/v1/syncs/${sync.id}/changes?${query}`)).length;
    expect(await of('entityType=hr_Person&kind=resource')).toBe(6);
    expect(await of('kind=link&property=members')).toBe(6);
    expect(await of('operation=delete')).toBe(0);
    expect(await of('entityType=hr_Person&kind=resource&key=E3')).toBe(1);
    expect(await of(`entityType=hr_Pair&key=${encodeURIComponent('["x,y","z"]')}`)).toBe(1);
    expect((await stack.all<Sync>('/v1/syncs?connector=hr&status=completed')).map((each) => each.id)).toEqual([
      sync.id,
    ]);
    expect(await stack.all<Sync>('/v1/syncs?since=2999-01-01T00:00:00Z')).toEqual([]);
    expect((await stack.call('GET', '/v1/syncs?colour=red')).status).toBe(422);
    expect((await stack.call('GET', '/v1/syncs/nonsense')).status).toBe(404);
  });

  it('refuses what cannot be looked up, and cursors of other lists', async () => {
    const statusOf = async (path: string) => (await stack.call('GET', path)).status;
    for (const path of ['/v1/search?q=%00', '/v1/connectors/%00', '/v1/entity-types/hr_Person/resources/%00'])
      expect(await statusOf(path)).toBe(422);
    const hidden = Buffer.from(JSON.stringify(['a\0'])).toString('base64url');
    expect(await statusOf(`/v1/entity-types/hr_Person/resources/~${hidden}`)).toBe(422);
    expect(await statusOf(`/v1/jobs?cursor=${Buffer.from('"a\\u0000"').toString('base64url')}`)).toBe(422);
    const list = '/v1/entity-types/hr_Person/resources?limit=1';
    const page = await stack.get<{ nextCursor: string }>(`${list}&sort=-name`);
    const cursor = encodeURIComponent(page.nextCursor);
    expect(await statusOf(`${list}&sort=age&cursor=${cursor}`)).toBe(422);
    expect(await statusOf(`${list}&sort=-name&cursor=${cursor}`)).toBe(200);
  });

  it('has patterns in its OpenAPI document that fit what they are about', async () => {
    const text = JSON.stringify(await stack.get('/v1/openapi.json'));
    const patterns = [...text.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
      ([, json]) => JSON.parse(json ?? '') as string,
    );
    expect(patterns.length).toBeGreaterThan(0);
    for (const pattern of patterns) {
      expect(pattern).not.toMatch(/\/[a-z]*$/);
      expect(() => new RegExp(pattern, 'u')).not.toThrow();
    }
    expect(text).toContain('"name":"if-match"');
  });

  it('tells the log, and streams events that can be resumed', async () => {
    const log = await stack.all<{ message: string }>(`/v1/syncs/${sync.id}/log`);
    expect(log.map((line) => line.message).join('\n')).toMatch(/Read 6 rows of people\.csv[^]*Applied/);
    expect(log.map((line) => line.message).join('\n')).not.toContain('Ada');
    const events = async (headers: Record<string, string> = {}) =>
      (await (await fetch(`${stack.api}/v1/syncs/${sync.id}/events`, { headers })).text()).split('\n\n');
    const all = await events();
    expect(all.some((each) => each.includes('event:status'))).toBe(true);
    expect(all.some((each) => each.includes('event:progress'))).toBe(true);
    const ids = all.flatMap((each) => /^id:(\d+)$/m.exec(each)?.[1] ?? []);
    const rest = await events({ 'last-event-id': ids[2] ?? '' });
    expect(rest.flatMap((each) => /^id:(\d+)$/m.exec(each)?.[1] ?? [])).toEqual(ids.slice(3));
  });
});
