import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeCountNames } from '../../domain/change-counts.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { RepositoryFixture } from '../../test/support/repository-fixture.ts';
import type { ChangedSync, ChangeFilter } from '../change-filter.ts';
import { listChanges } from '../changes-list.ts';
import { openDatabase, row } from '../database.ts';
import { readSummary } from '../summary/read-summary.ts';
import { pageOfChanges, type ChangeCursor } from './pages.ts';
import { sampleOfChanges } from './sample.ts';
import { manyChanges } from './spans.ts';

/** Rows of both types and all operations among each other, with gaps between their numbers. */
async function largeSync(r: RepositoryFixture): Promise<ChangedSync & { digest: string }> {
  const { sync: no } = await r.diff({ people: [], groups: [], members: [] });
  await r.db.raw(
    `insert into syncline.change (part, sync, seq, entity_type, operation, resource, key, before, after)
     select -1, ?, 3 * n + n / 5000 * 70000, case when n % 7 = 0 then ? else ?::int end,
       (case when n % 11 = 0 then 'i' when n % 13 = 0 then 'd' else 'u' end)::"char", n, 'E' || n,
       case when n % 11 > 0 then jsonb_build_object('name', 'old ' || n % 3) || case when n % 10 = 0 then '{}' else jsonb_build_object('badge', n) end end,
       case when n % 11 = 0 or n % 13 > 0 then jsonb_build_object('name', 'new ' || n % 2) || case when n % 10 = 0 then '{}' else jsonb_build_object('badge', n + 1) end end
     from generate_series(1, 14000) n`,
    [no, r.group, r.person],
  );
  await r.db.raw(
    `insert into syncline.link_change (part, sync, seq, property, operation, source, target, source_key, target_key)
     select -1, ?, 2 * n, case when n % 2 = 0 then ? else ?::int end, (case when n > 6000 then 'd' else 'i' end)::"char", n, n + 1,
       'E' || n, 'E' || n + 1
     from generate_series(1, 9000) n`,
    [no, r.members, r.manager],
  );
  await r.db.raw(`update syncline.sync set digest = 'sha256:large', change_count = 23000 where no = ?`, [no]);
  return { no, applied: false, status: 'held', digest: 'sha256:large' };
}

/** Deletes of resources, and of links that go with each of them. Both have statistics. */
async function manyThatGo(r: RepositoryFixture): Promise<ChangedSync> {
  const { sync: no } = await r.diff({ people: [], groups: [], members: [] });
  await r.db.raw(
    `insert into syncline.change (part, sync, entity_type, operation, resource, key, before)
     select -1, ?, ?, 'd', n, 'E' || n, '{}' from generate_series(1, 20000) n`,
    [no, r.person],
  );
  await r.db.raw(
    `insert into syncline.link_change (part, sync, property, operation, source, target, source_key, target_key)
     select -1, ?, ?, 'd', 100000, n, 'G', 'E' || n from generate_series(1, 20000) n`,
    [no, r.members],
  );
  await r.db.raw('analyze syncline.change_shared_0; analyze syncline.link_change_shared_0');
  const causes = { c1: [{ kind: 'resource', type: r.person, operation: 'd' }] };
  await r.db.raw('update syncline.sync set change_count = 40000, cause_rows = ?::jsonb where no = ?', [
    JSON.stringify(causes),
    no,
  ]);
  return { no, applied: false, status: 'held' };
}

describe('pages of changes', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let r: RepositoryFixture;
  let sync: Awaited<ReturnType<typeof largeSync>>;

  beforeAll(async () => {
    database = await createTestDatabase();
    r = await RepositoryFixture.create(database.url);
    sync = await largeSync(r);
  });
  afterAll(async () => {
    await r.close();
    await database.drop();
  });

  const all = async (filter: ChangeFilter) =>
    (await listChanges(r.db, sync, filter, undefined, 100_000)).map(({ id }) => id);
  const page = async (filter: ChangeFilter, start: Parameters<typeof pageOfChanges>[3], limit: number) => {
    const { found, ...rest } = await pageOfChanges(r.db, sync, filter, start, limit);
    return { ids: found.map(({ change }) => change.id), ...rest };
  };

  const counted: ChangeFilter[] = [
    {},
    { kind: 'link' },
    { kind: 'resource', operation: 'delete' },
    { entityType: 'hr_Group' },
    { entityType: 'hr_Person', operation: 'insert' },
    { kind: 'link', property: 'members' },
    { entityType: 'hr_Nothing' },
  ];
  const found: ChangeFilter[] = [
    { property: 'badge', operation: 'insert' },
    { entityType: 'hr_Person', keyPrefix: 'E12' },
    { keys: ['E77', 'E78'] },
    { transition: { property: 'name', from: 'old 1', to: 'new 0' } },
    { state: 'overtaken' },
  ];
  const many: ChangeFilter[] = [{ state: 'proposed' }, { property: 'name', kind: 'resource' }];

  it.each([...counted, ...found, ...many])('of %j have all of them in order, forward and backward', async (filter) => {
    const wanted = await all(filter);
    const forward: string[] = [];
    let last: ChangeCursor | null = null;
    for (let cursor: ChangeCursor | undefined; ;) {
      const { ids, next } = await page(filter, { after: cursor }, 3_000);
      forward.push(...ids);
      if (!next) break;
      cursor = last = next;
    }
    expect(forward).toEqual(wanted);
    const backward: string[] = [];
    for (let cursor = last; cursor;) {
      const { ids, previous, next } = await page(filter, { before: cursor }, 2_900);
      expect(next).not.toBeNull();
      backward.unshift(...ids);
      cursor = previous;
    }
    expect(backward).toEqual(wanted.slice(0, backward.length));
    expect(backward.length === 0 ? wanted.length <= 3_000 : wanted.length - backward.length <= 3_000).toBe(true);
  });

  it.each([...counted, ...found])('of %j say how many there are, and begin at any part', async (filter) => {
    const wanted = await all(filter);
    for (const at of [0, 0.21, 0.5, 0.77, 1]) {
      const { ids, total, from } = await page(filter, { at }, 40);
      expect(total).toBe(wanted.length);
      expect(ids).toEqual(wanted.slice(from ?? -1, (from ?? -1) + 40));
      expect(ids).toHaveLength(Math.min(40, wanted.length));
    }
  });

  it.each(many)('of %j, which are more than are counted, begin near the wanted part', async (filter) => {
    const wanted = await all(filter);
    expect(wanted.length).toBeGreaterThan(manyChanges);
    expect(await page(filter, {}, 10)).toMatchObject({ total: null, from: 0, ids: wanted.slice(0, 10) });
    const { ids, total, from } = await page(filter, { at: 0.4 }, 10);
    expect([total, from]).toEqual([null, null]);
    const place = wanted.indexOf(ids[0] ?? '');
    expect(ids).toEqual(wanted.slice(place, place + 10));
    expect(place).toBeGreaterThan(0);
  });

  it('of each group of the summary are as many as the summary says', async () => {
    const { groups, total, counts } = await readSummary(r.db, sync.no);
    const tops = groups.filter(({ property }) => property === null);
    expect(tops.reduce((sum, { lines }) => sum + lines, 0)).toBe(total);
    expect(tops.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(changeCountNames.reduce((sum, name) => sum + counts[name], 0)).toBe(total);
    const named = groups.filter(({ transition }) => transition?.property === 'name');
    expect(named.map(({ transition }) => `${String(transition?.from)} ${String(transition?.to)}`).sort()).toEqual(
      ['hr_Person', 'hr_Group']
        .flatMap(() => ['old 0', 'old 1', 'old 2'].flatMap((from) => [`${from} new 0`, `${from} new 1`]))
        .sort(),
    );
    expect(groups.some(({ transition }) => transition?.property === 'badge')).toBe(false);
    for (const group of groups) {
      const wanted = await all({ group: group.id });
      expect(wanted).toHaveLength(group.lines);
      const { ids, total: lines, from } = await page({ group: group.id }, { at: 0.6 }, 30);
      expect(lines).toBe(group.lines);
      expect(ids).toEqual(wanted.slice(from ?? -1, (from ?? -1) + 30));
    }
  });

  it('leave out what the summary does not propose, where a group is asked for', async () => {
    const [group] = (await readSummary(r.db, sync.no)).groups;
    const first = (await all({ group: group?.id }))[0] ?? '';
    await r.db.raw(`update syncline.change set fate = 's' where sync = ? and seq = ?`, [
      sync.no,
      Number(first.slice(1)),
    ]);
    try {
      expect(await all({ group: group?.id })).not.toContain(first);
      expect(await all({ state: 'suppressed' })).toEqual([first]);
    } finally {
      await r.db.raw(`update syncline.change set fate = null where sync = ?`, [sync.no]);
    }
  });

  it('as a sample are the same for everybody, and others for another change set', async () => {
    const sample = async (digest: string, filter: ChangeFilter = {}) =>
      (await sampleOfChanges(r.db, { ...sync, digest }, filter, 50)).map(({ change }) => change.id);
    const ids = await sample(sync.digest);
    expect(new Set(ids).size).toBe(50);
    expect(new Set(ids.map((id) => id[0]))).toEqual(new Set(['r', 'l']));
    expect(await sample(sync.digest)).toEqual(ids);
    expect(await sample('sha256:other')).not.toEqual(ids);
    const few = await all({ keys: ['E77', 'E78'] });
    expect((await sample(sync.digest, { keys: ['E77', 'E78'] })).sort()).toEqual(few.sort());
  });

  it('keep their spans no longer than the changes', async () => {
    await readSummary(r.db, sync.no);
    const { removeChanges } = await import('../retention.ts');
    const left = () =>
      row<{ n: number }>(
        r.db,
        `select ((select count(*) from syncline.change_spans) + (select count(*) from syncline.summary))::int as n`,
      );
    expect((await left())?.n).toBeGreaterThan(0);
    await r.db.transaction((tx) => removeChanges(tx, sync.no));
    expect((await left())?.n).toBe(0);
    expect(await page({}, {}, 10)).toMatchObject({ ids: [], total: 0, from: 0, next: null, previous: null });
  });

  it('of a cause take the memory that they need, however little the server gives', async () => {
    const going = await manyThatGo(r);
    await r.db.raw(`alter database ?? set work_mem = '64kB'`, [new URL(database.url).pathname.slice(1)]);
    const db = openDatabase(database.url, { applicationName: 'test', poolSize: 1, statementTimeoutMs: 8_000 });
    try {
      // without memory, each link is compared with all the resources: longer than a statement may take
      const { found } = await pageOfChanges(db, going, { cause: 'c1', kind: 'link' }, { at: 0.5 }, 10);
      expect(found).toHaveLength(10);
      const sample = await sampleOfChanges(db, { ...going, digest: 'sha256:going' }, { cause: 'c1', kind: 'link' }, 10);
      expect(sample).toHaveLength(10);
    } finally {
      await db.destroy();
    }
  });
});
