import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, row, rows, type Database } from '../../repository/database.ts';
import { ApiAlone } from '../support/api-alone.ts';
import { onePerson } from '../support/connector.ts';
import { createTestDatabase } from '../support/database.ts';

describe('search', () => {
  let api: ApiAlone;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: Database;
  let tables: string[];
  beforeAll(async () => {
    database = await createTestDatabase();
    db = openDatabase(database.url, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
    api = await ApiAlone.start(database.url);
    for (const name of ['b', 'a']) await api.put(onePerson({ name }), name);
    tables = (await rows<{ id: number }>(db, 'select id from syncline.entity_type order by name')).map(
      ({ id }) => `syncline.resource_${String(id)}`,
    );
  });
  afterAll(async () => {
    await api.stop();
    await db.destroy();
    await database.drop();
  });

  const insert = (table: string, resources: Record<string, object>) =>
    db.raw(
      `insert into ${table} (entity_type, key, attributes)
       select split_part('${table}', '_', 2)::int, key, value from jsonb_each(?::jsonb)`,
      [JSON.stringify(resources)],
    );
  const find = async (q: string) =>
    (await api.all<{ entityType: string; key: string[] }>(`/v1/search?q=${encodeURIComponent(q)}`)).map(
      ({ entityType, key }) => `${entityType.charAt(0)}:${String(key[0])}`,
    );

  it('finds a part of a key or of any value, whatever its case, by entity type and key', async () => {
    const [a = '', b = ''] = tables;
    await insert(b, {
      E1: { id: 'E1', name: 'Zoë Éclair', mail: 'zoe@b.example' },
      E2: { id: 'E2', name: '100%_sure\\' },
    });
    await insert(a, {
      E3: { id: 'E3', mail: 'ZOE@a.example' },
      zoe: { id: 'zoe' },
      E4: { id: 'E4', roles: ['admin', 'x'] },
    });
    expect(await find('zoe')).toEqual(['a:E3', 'a:zoe', 'b:E1']);
    expect(await find('éCLAIR')).toEqual(['b:E1']);
    expect(await find('%_sure\\')).toEqual(['b:E2']);
    expect(await find('_')).toEqual(['b:E2']);
    expect(await find('DMI')).toEqual(['a:E4']);
    expect(await find('nobody')).toEqual([]);
    expect(
      (await api.all<{ key: string[] }>('/v1/entity-types/a_Person/resources?q=ZOE')).map(({ key }) => key[0]),
    ).toEqual(['E3', 'zoe']);
    const first = await api.get<{ items: object[]; nextCursor: string }>('/v1/search?q=zoe&limit=2');
    expect(first.items.length).toBe(2);
    expect(await api.get(`/v1/search?q=zoe&limit=2&cursor=${first.nextCursor}`)).toMatchObject({
      items: [{ entityType: 'b_Person', key: ['E1'] }],
      nextCursor: null,
    });
  });

  it('has the same order and the same pages, whether many resources have the text or few', async () => {
    const [a = '', b = ''] = tables;
    const many = (from: string, n: number, mail: (i: number) => string) =>
      Object.fromEntries(
        Array.from({ length: n }, (_, i) => [`${from}${String(i).padStart(3, '0')}`, { mail: mail(i) }]),
      );
    await insert(
      a,
      many('p', 40, (i) => (i % 8 === 0 ? 'both@rare.example' : 'one@often.example')),
    );
    await insert(
      b,
      many('p', 40, (i) => (i % 2 === 0 ? 'both@rare.example' : 'one@often.example')),
    );
    for (const text of ['.example', 'often.ex', 'rare.ex', 'nothing has this'])
      for (const limit of [7, 40, 500]) {
        const pages: { entityType: string; key: string[] }[] = [];
        for (let cursor: string | null = ''; cursor !== null;) {
          const page: { items: typeof pages; nextCursor: string | null } = await api.get(
            `/v1/search?q=${encodeURIComponent(text)}&limit=${String(limit)}${cursor === '' ? '' : `&cursor=${cursor}`}`,
          );
          pages.push(...page.items);
          expect(page.items.length).toBeLessThanOrEqual(limit);
          cursor = page.nextCursor;
        }
        const all = await rows<{ type: string; key: string }>(
          db,
          `select t.name as type, x.key from syncline.resource_text x join syncline.entity_type t on t.id = x.entity_type
           where position(? in x.text) > 0 order by 1, 2`,
          [text],
        );
        expect(pages.map(({ entityType, key }) => [entityType, ...key])).toEqual(
          all.map(({ type, key }) => [type, key]),
        );
      }
    // more texts than are read in order
    await db.raw(
      `insert into ${a} (entity_type, key, attributes)
       select split_part('${a}', '_', 2)::int, 'z' || lpad(n::text, 4, '0'),
         case when n % 2900 = 0 then '{"mail": "far@away.example"}'::jsonb else '{}' end
       from generate_series(1, 6000) n`,
    );
    expect(await find('far@away')).toEqual(['a:z2900', 'a:z5800']);
    await db.raw(`delete from syncline.resource where key ~ '^p0|^z[0-9]'`);
  });

  it('knows of every write, whatever made it', async () => {
    const [a = '', b = ''] = tables;
    await db.raw(`update ${a} set attributes = attributes || '{"mail": "new@a.example"}' where key = 'E3'`);
    expect(await find('new@')).toEqual(['a:E3']);
    expect(await find('ZOE@A')).toEqual([]);
    await db.raw(`update ${a} set managed = false`);
    await insert('syncline.resource', {}).catch(() => undefined);
    await db.raw(
      `insert into syncline.resource (entity_type, key, attributes) select entity_type, 'by-parent', '{}' from ${b} limit 1`,
    );
    expect(await find('BY-PAR')).toEqual(['b:by-parent']);
    await db.raw(`delete from ${b} where key <> 'by-parent'`);
    expect(await find('zoe')).toEqual(['a:zoe']);
    const wrong = await row<{ n: number }>(
      db,
      `select count(*) as n from syncline.resource r full join syncline.resource_text t
         on t.entity_type = r.entity_type and t.key = r.key
       where t.text is distinct from syncline.search_text(r.key, r.attributes)`,
    );
    expect(wrong?.n).toBe(0);
  });
});
