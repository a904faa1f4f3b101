import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, row, rows, type Database } from '../../repository/database.ts';
import { few } from '../../repository/indexed-browse.ts';
import { ApiAlone } from '../support/api-alone.ts';
import { createTestDatabase } from '../support/database.ts';
import { Random } from '../support/random.ts';

const properties = {
  id: {},
  name: {},
  kind: {},
  size: { type: 'integer' },
  share: { type: 'decimal' },
  active: { type: 'boolean' },
  since: { type: 'date' },
  seen: { type: 'dateTime' },
} as const;
type Name = keyof typeof properties;

const file = (name: string, indexed: readonly string[], types: Record<string, object> = properties) => ({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name,
  connections: [{ name: 'files', package: 'csv', settings: { directory: name } }],
  entityTypes: [
    {
      name: `${name}_Thing`,
      source: { connection: 'files', table: 'things.csv' },
      key: ['id'],
      properties: Object.fromEntries(
        Object.entries(types).map(([property, type]) => [
          property,
          { column: property, ...type, ...(indexed.includes(property) ? { indexed: true } : {}) },
        ]),
      ),
    },
  ],
});
const all = Object.keys(properties) as Name[];

/** Two entity types with the same resources: what an index finds is what reading everything finds. */
describe('lists by an indexed property', () => {
  const random = new Random(Number(process.env['INDEXED_SEED'] ?? 7));
  let api: ApiAlone;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: Database;
  const ids: Record<string, number> = {};
  beforeAll(async () => {
    database = await createTestDatabase();
    db = openDatabase(database.url, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
    api = await ApiAlone.start(database.url);
    await api.put(file('plain', []), 'plain');
    await api.put(file('quick', ['name', 'kind', 'size', 'seen']), 'quick');
    for (const { id, name } of await rows<{ id: number; name: string }>(
      db,
      'select id, name from syncline.entity_type',
    ))
      ids[name.split('_')[0] ?? ''] = id;
  });
  afterAll(async () => {
    await api.stop();
    await db.destroy();
    await database.drop();
  });

  const long = 'x'.repeat(499);
  const digits = (count: number) => Array.from({ length: count }, () => String(random.between(0, 9))).join('');
  const values: Record<Exclude<Name, 'id'>, () => string> = {
    name: () =>
      random.pick(['', 'Ann', 'ann', 'Zoë', '√', 'a b', '100%', `${long}ab`, `${long}ac`, 'Δ'.repeat(600)]) +
      (random.chance(0.7) ? String(random.between(0, 60)) : ''),
    // more than are looked up one by one
    kind: () => (random.chance(0.75) ? 'staff' : random.pick(['guest', 'rare', `k${String(random.between(0, 40))}`])),
    size: () => random.pick(['', '-', '+']) + (random.chance(0.3) ? '0' : '') + digits(random.pick([1, 1, 2, 3, 20])),
    share: () =>
      `${random.pick(['', '-'])}${random.pick(['0', '0', '12', '300', digits(5)])}${random.pick(['', '.0', '.5', '.050', `.00${digits(2)}`])}`,
    active: () => random.pick(['true', 'false']),
    since: () => `20${digits(2)}-0${String(random.between(1, 9))}-1${digits(1)}`,
    seen: () => `2024-01-01T0${digits(1)}:00:0${digits(1)}${random.pick(['', '.5', '.25'])}Z`,
  };
  function attributes(key: string): Record<string, string> {
    const found: Record<string, string> = { id: key };
    for (const [name, make] of Object.entries(values)) {
      if (random.chance(0.1)) continue;
      // left from a time when the property had another type
      const value = random.chance(0.01) ? 'none' : make();
      if (value !== '') found[name] = value;
    }
    return found;
  }
  /** The beginnings of many keys are the same, for longer than the index knows. */
  const keyOf = (n: number) => (n % 3 === 0 ? `${'k'.repeat(120)}${String(n % 100)}-${String(n)}` : `n${String(n)}`);

  const everywhere = async (sql: (table: string) => string, bindings: string[] = []) => {
    for (const id of Object.values(ids))
      await db.raw(sql(`syncline.resource_${String(id)}`).replaceAll('TYPE', String(id)), bindings);
  };
  const insert = (numbers: number[]) =>
    everywhere(
      (table) =>
        `insert into ${table} (entity_type, key, attributes) select TYPE, key, value from jsonb_each(?::jsonb) on conflict do nothing`,
      [JSON.stringify(Object.fromEntries(numbers.map((n) => [keyOf(n), attributes(keyOf(n))])))],
    );
  const update = (numbers: number[]) =>
    everywhere(
      (table) => `update ${table} r set attributes = e.value from jsonb_each(?::jsonb) e where e.key = r.key`,
      [JSON.stringify(Object.fromEntries(numbers.map((n) => [keyOf(n), attributes(keyOf(n))])))],
    );
  const remove = (numbers: number[]) =>
    everywhere(
      (table) => `delete from ${table} where key in (select jsonb_array_elements_text(?::jsonb))`,
      [JSON.stringify(numbers.map(keyOf))],
    );

  /** Keys of so many pages. */
  async function list(name: string, query: string, limit: number, pages = 4): Promise<string[]> {
    const keys: string[] = [];
    let cursor = '';
    for (let n = 0; n < pages; n++) {
      const page = await api.get<{ items: { key: string[] }[]; nextCursor: string | null }>(
        `/v1/entity-types/${name}_Thing/resources?limit=${String(limit)}${query}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      keys.push(...page.items.map(({ key }) => key.join()));
      cursor = page.nextCursor ?? '';
      if (cursor === '') break;
    }
    return keys;
  }

  async function compare(sorts: readonly Name[]): Promise<void> {
    const filters = ['', '&filter[kind]=staff', '&filter[kind]=rare', '&filter[kind]=staff&filter[kind]=guest'];
    filters.push('&filter[name]=Ann', '&filter[size]=5&filter[size]=none', '&filter[size][null]=true', '&q=zo');
    filters.push('&filter[kind]=guest&filter[active]=true', `&filter[name]=${encodeURIComponent(`${long}ab`)}`);
    const queries = [
      ...filters,
      ...sorts.flatMap((name) => [`&sort=${name}`, `&sort=-${name}`]),
      ...filters.slice(1).flatMap((filter) => [`${filter}&sort=${random.pick(['', '-'])}${random.pick(all)}`]),
    ];
    for (const query of queries) {
      const limit = random.pick([100, 333, 500]);
      expect(await list('quick', query, limit), `${query} ${String(limit)}`).toEqual(await list('plain', query, limit));
    }
    // to the end, where those without a value are
    for (const query of [`&sort=${random.pick(sorts)}`, `&sort=-${random.pick(sorts)}`, '&filter[kind]=staff'])
      expect(await list('quick', query, 500, 100), query).toEqual(await list('plain', query, 500, 100));
  }

  it(
    'has what reading every resource has, in the same order, after every kind of write',
    { timeout: 240_000 },
    async () => {
      await insert(Array.from({ length: 6600 }, (_, n) => n));
      const staff = await row<{ n: number }>(db, `select count(*)::int as n from syncline.match where value = 'staff'`);
      expect(staff?.n).toBeGreaterThan(few);
      await compare(['name', 'kind', 'size', 'seen']);
      const some = () => Array.from({ length: 200 }, () => random.between(0, 7000));
      await update(some());
      await remove(some());
      await insert(some());
      // what is stored already is indexed with the revision, and what it no longer indexes is read as before
      await api.put(file('quick', ['kind', 'share', 'active', 'since', 'size']), 'quick');
      await update(some());
      await compare(['name', 'kind', 'share', 'active', 'since']);
      const kept = await row<{ n: number; wrong: number }>(
        db,
        `select count(*)::int as n, count(*) filter (where r.id is null)::int as wrong from syncline.match m
         left join syncline.resource_${String(ids['quick'])} r on r.id = m.resource`,
      );
      const stored = await row<{ n: number }>(
        db,
        `select count(*)::int as n from syncline.resource_${String(ids['quick'])}`,
      );
      expect(kept).toEqual({ n: 5 * (stored?.n ?? 0), wrong: 0 });
    },
  );

  it('reads a property of another type anew, and keeps updates within their pages', async () => {
    const types = { ...properties, size: { type: 'decimal' }, kind: { type: 'integer' } };
    for (const name of ['plain', 'quick']) await api.put(file(name, name === 'quick' ? all : [], types), name);
    for (const query of ['&sort=kind', '&sort=-size', '&filter[kind]=rare'])
      expect(await list('quick', query, 500), query).toEqual(await list('plain', query, 500));
    await db.raw(`vacuum full syncline.resource_${String(ids['quick'])}`);
    const before = await hot();
    await everywhere(
      (table) => `update ${table} set attributes = attributes || '{"name": "new"}' where key like 'n1%5'`,
    );
    const after = await hot();
    expect(after.updates - before.updates).toBeGreaterThan(50);
    expect(after.hot - before.hot).toBe(after.updates - before.updates);
  });

  async function hot(): Promise<{ updates: number; hot: number }> {
    await db.raw('select pg_stat_force_next_flush()');
    const found = await row<{ updates: number; hot: number }>(
      db,
      'select n_tup_upd::int as updates, n_tup_hot_upd::int as hot from pg_stat_user_tables where relname = ?',
      [`resource_${String(ids['quick'])}`],
    );
    return found ?? { updates: 0, hot: 0 };
  }

  it('is refused for lists of values and for very long names', async () => {
    const refused = (more: Record<string, object>) =>
      api.call('PUT', '/v1/connectors/other', file('other', [], { ...properties, ...more }));
    const many = await refused({ tags: { multiValued: true, separator: ';', indexed: true } });
    expect(many).toMatchObject({
      status: 422,
      body: { errors: [{ detail: 'Only a property with one value can be indexed.' }] },
    });
    const named = await refused({ ['é'.repeat(60)]: { indexed: true } });
    expect(named).toMatchObject({
      status: 422,
      body: { errors: [{ detail: 'The name of an indexed property has at most 100 bytes.' }] },
    });
  });
});
