import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

interface Found {
  key: string[];
  attributes: Record<string, unknown>;
}

describe('an entity type as a sync left it', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
    await stack.put(onePerson({ name: 'past', thresholds: wide }), 'past');
  });
  afterAll(() => stack.stop());

  const resources = (query = '') =>
    stack
      .all<Found>(`/v1/entity-types/past_Person/resources${query}`)
      .then((all) => all.map(({ key, attributes }) => ({ key, attributes })));

  it('is told from the changes, whatever became of each resource later', { timeout: 120_000 }, async () => {
    const seen: { sync: Sync; stored: unknown }[] = [];
    // each person comes, changes, loses a value, goes and comes back at another time
    for (let step = 0; step < 8; step++) {
      const people = Array.from({ length: 12 }, (_, n) => {
        const phase = (step + n) % 6;
        if (phase === 0) return [];
        const name = phase === 3 ? '' : `Name ${String(Math.floor((step * 3 + n) / 4))}`;
        return [`E${String(n)},${name},m${String(phase > 2 ? step : 0)}@x`];
      }).flat();
      await stack.place('past', { 'people.csv': csv('id,name,mail', ...people) });
      const sync = await stack.syncAndResume('past');
      expect(sync.applied).toBe(true);
      seen.push({ sync, stored: await resources() });
    }
    expect(new Set(seen.map(({ stored }) => JSON.stringify(stored))).size).toBe(seen.length);
    for (const { sync, stored } of seen) {
      expect(await resources(`?asOf=${sync.id}`)).toEqual(stored);
      // the same in small pages
      let cursor: string | null = '';
      const read: Found[] = [];
      while (cursor !== null) {
        const page: { items: Found[]; nextCursor: string | null } = await stack.get(
          `/v1/entity-types/past_Person/resources?asOf=${sync.id}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
        );
        read.push(...page.items);
        cursor = page.nextCursor;
      }
      expect(read.map(({ key, attributes }) => ({ key, attributes }))).toEqual(stored);
    }
    const [first, second] = seen;
    if (!first || !second) throw new Error('there are eight');
    // searching and filtering work on it as on today's
    const filtered = await resources(`?asOf=${first.sync.id}&filter[mail]=m0@x&sort=-name`);
    expect(filtered.length).toBeGreaterThan(0);
    expect(filtered.every(({ attributes }) => attributes['mail'] === 'm0@x')).toBe(true);
    const file = await stack.call('GET', `/v1/entity-types/past_Person/resources.csv?asOf=${second.sync.id}`);
    expect(String(file.body).trim().split('\r\n').length - 1).toBe((second.stored as unknown[]).length);
  });

  it('is refused where the sync was not applied, or is none', async () => {
    const dry = await stack.sync('past', { dryRun: true });
    for (const id of [dry.id, '01890000-0000-7000-8000-000000000000', 'x'])
      expect((await stack.call('GET', `/v1/entity-types/past_Person/resources?asOf=${id}`)).status).toBe(422);
  });

  it('is that of the sync before where its files were unchanged', async () => {
    await stack.put(onePerson({ name: 'same', thresholds: wide }), 'same');
    const names = async ({ id }: Sync) =>
      (await stack.all<Found>(`/v1/entity-types/same_Person/resources?asOf=${id}`)).map(
        ({ attributes }) => attributes['name'],
      );
    const syncs: Sync[] = [];
    for (const people of [['1,a,'], ['1,a,'], ['1,b,'], ['1,c,', '2,d,']]) {
      await stack.place('same', { 'people.csv': csv('id,name,mail', ...people) });
      syncs.push(await stack.syncAndResume('same'));
    }
    expect(syncs[1]).toMatchObject({ status: 'completed', applied: true, digest: null });
    expect(await Promise.all(syncs.map(names))).toEqual([['a'], ['a'], ['b'], ['c', 'd']]);
  });
});
