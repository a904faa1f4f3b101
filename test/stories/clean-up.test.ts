import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, onePerson, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

describe('what is kept of ended syncs', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({
      SYNCLINE_CLEAN_UP_SECONDS: '2',
      SYNCLINE_KEEP_CHANGES_DAYS: '0',
      SYNCLINE_KEEP_CHANGES_SYNCS: '3',
      SYNCLINE_KEEP_EXPORTS_DAYS: '0',
      SYNCLINE_KEEP_EXPORTS_SYNCS: '1',
    });
    await stack.put(onePerson({ name: 'kept', thresholds: { ...wide, maximumInsertedLines: 100 } }), 'kept');
  });
  afterAll(() => stack.stop());

  const people = (from: number, to: number) =>
    csv('id,name,mail', ...Array.from({ length: to - from }, (_, i) => `E${String(from + i)},Name,m@x`));
  const changesOf = (sync: Sync) => stack.all(`/v1/syncs/${sync.id}/changes`);
  const exported = () => readdir(join(stack.folder, 'exports', 'kept'));

  it('is what the rules say, and never what a held sync or the next one needs', { timeout: 120_000 }, async () => {
    const syncs: Sync[] = [];
    for (let n = 0; n < 6; n++) {
      await stack.place('kept', { 'people.csv': people(n, n + 20) });
      syncs.push(await stack.syncAndResume('kept'));
    }
    await stack.place('kept', { 'people.csv': people(0, 500) });
    const held = await stack.sync('kept');
    expect(held.status).toBe('held');
    const [oldest] = syncs;
    if (!oldest) throw new Error('there are six');
    await stack.until(async () => (await stack.get<Sync>(`/v1/syncs/${oldest.id}`)).changesRemovedAt !== null);
    // the row of a sync stays, with its counters
    expect(await stack.get<Sync>(`/v1/syncs/${oldest.id}`)).toMatchObject({
      status: 'completed',
      counters: oldest.counters,
      digest: oldest.digest,
    });
    expect(await changesOf(oldest)).toEqual([]);
    for (const sync of syncs.slice(-3)) {
      expect((await stack.get<Sync>(`/v1/syncs/${sync.id}`)).changesRemovedAt).toBeNull();
      expect((await changesOf(sync)).length).toBeGreaterThan(0);
    }
    // the export that is stored, which the next comparison needs, and the held one's
    await stack.until(async () => (await exported()).length === 2);
    expect((await exported()).sort()).toEqual([syncs.at(-1)?.id, held.id].sort());
    const before = await changesOf(held);
    const done = await stack.decide(held, 'resume');
    expect(done).toMatchObject({ status: 'completed', applied: true });
    expect(before.length).toBe(480);
    expect((await changesOf(held)).length).toBe(before.length);
    await stack.place('kept', { 'people.csv': people(1, 500) });
    const next = await stack.sync('kept');
    expect(next).toMatchObject({ status: 'completed', counters: { kept_Person: { stored: 500, deleted: 1 } } });
  });

  it('is what the errors of the last applied read name, however many syncs read the same files', async () => {
    await stack.put(onePerson({ name: 'dirty', thresholds: wide }), 'dirty');
    const lines = ['E1,Ann,a@x', 'E2,Ben,b@x', ',Nobody,n@x'];
    await stack.place('dirty', { 'people.csv': csv('id,name,mail', ...lines) });
    const first = await stack.syncAndResume('dirty');
    const same: Sync[] = [];
    for (let n = 0; n < 5; n++) same.push(await stack.sync('dirty'));
    const [oldest, last] = [same[0], same.at(-1)];
    if (!oldest || !last) throw new Error('there are five');
    await stack.until(async () => (await stack.get<Sync>(`/v1/syncs/${oldest.id}`)).changesRemovedAt !== null);
    expect((await stack.get<Sync>(`/v1/syncs/${first.id}`)).changesRemovedAt).toBeNull();
    expect(last).toMatchObject({
      status: 'completed-with-errors',
      counters: { dirty_Person: { stored: 2, unchanged: 2, read: 3, rejected: 1 } },
    });
    const errors = await stack.all(`/v1/syncs/${first.id}/errors`);
    expect(errors.length).toBe(1);
    expect(await stack.all(`/v1/syncs/${last.id}/errors`)).toEqual(errors);
    await stack.place('dirty', { 'people.csv': csv('id,name,mail', lines[2] ?? '', 'E3,Cleo,c@x', lines[1] ?? '') });
    expect(await stack.syncAndResume('dirty')).toMatchObject({
      status: 'completed-with-errors',
      counters: { dirty_Person: { inserted: 1, deleted: 1, read: 3, rejected: 1 } },
    });
  });

  it('of a large change set has a partition of its own, which goes as a whole', { timeout: 180_000 }, async () => {
    const db = new pg.Client({ connectionString: stack.databaseUrl });
    await db.connect();
    try {
      const own = async () =>
        (
          await db.query<{ name: string }>(
            `select relname as name from pg_class where relkind = 'r' and relname ~ '^(link_)?change_own_' order by 1`,
          )
        ).rows.map(({ name }) => name);
      await stack.put(peopleAndGroups({ name: 'many', thresholds: wide }), 'many');
      const rows = (count: number) =>
        Array.from({ length: count }, (_, i) => `E${String(i)},Name,m@x,E${String(i >> 1)}`);
      const place = (count: number) =>
        stack.place('many', {
          'people.csv': csv('id,name,mail,manager', ...rows(count)),
          'groups.csv': csv('id,title', 'G,Group'),
          'members.csv': csv('group,person', 'G,E1'),
        });
      await place(60_000);
      const built = async () =>
        (await db.query(`select from pg_class where relkind = 'r' and relname like 'built\\_links\\_%'`)).rowCount;
      const held = await stack.sync('many');
      expect(await built()).toBe(1);
      const first = await stack.decide(held, 'resume');
      expect(first).toMatchObject({ status: 'completed', applied: true });
      expect(await built()).toBe(0);
      const parts = await own();
      expect(parts).toHaveLength(2);
      const found = await stack.all<{ state: string; kind: string }>(`/v1/syncs/${first.id}/changes?key=E7`);
      expect(found.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['resource applied', 'link applied']);
      const page = await stack.get<{ items: { key: string[] }[] }>(`/v1/syncs/${first.id}/changes?kind=link&limit=3`);
      expect(page.items.map(({ key }) => key)).toHaveLength(3);
      const history = await stack.all(`/v1/entity-types/many_Person/resources/E7/history`);
      expect(history).toHaveLength(2);
      // nothing reads as if a part of it were missing: deleted in bulk, and the undoing of that is as large
      await place(100);
      const second = await stack.syncAndResume('many');
      expect(second.counters['many_Person']).toMatchObject({
        deleted: 59_900,
        links: { manager: { deleted: 59_900 } },
      });
      expect(await own()).toHaveLength(4);
      for (let n = 0; n < 3; n++) {
        await place(101 + n);
        await stack.sync('many');
      }
      await stack.until(async () => (await own()).length === 0);
      expect(await changesOf(first)).toEqual([]);
      const { rows: left } = await db.query<{ n: number }>(
        'select count(*)::int as n from syncline.change where sync in (select no from syncline.sync where id = any($1))',
        [[first.id, second.id]],
      );
      expect(left[0]?.n).toBe(0);
    } finally {
      await db.end();
    }
  });

  it('is the export that expressions are evaluated over; where changes since are gone, nothing is changed', async () => {
    const name = 'since';
    const settings = { delta: { directory: `${name}-delta`, commandColumn: 'command' } };
    const define = (expression: string) =>
      stack.put(peopleAndGroups({ name, thresholds: wide, settings, properties: { shown: { expression } } }), name);
    const shown = async () =>
      (await stack.all<{ attributes: Record<string, unknown> }>(`/v1/entity-types/${name}_Person/resources`)).map(
        ({ attributes }) => attributes['shown'],
      );
    await define('row.name');
    await stack.place(name, {
      'people.csv': csv('id,name,mail,manager', 'E1,Ada,a@x,', 'E2,Ben,b@x,'),
      'groups.csv': csv('id,title', 'G,Group'),
      'members.csv': csv('group,person', 'G,E1'),
    });
    await stack.place(`${name}-delta`, {});
    const base = await stack.syncAndResume(name);
    const deltas: Sync[] = [];
    for (let n = 0; n < 5; n++) {
      await stack.place(`${name}-delta`, {
        [`people-${String(n)}.csv`]: csv('command,id,mail', `update,E1,m${String(n)}@x`),
      });
      deltas.push(await stack.syncAndResume(name, { mode: 'incremental' }));
    }
    await stack.until(
      async () => (await stack.get<Sync>(`/v1/syncs/${deltas[0]?.id ?? ''}`)).changesRemovedAt !== null,
    );
    await stack.until(async () => (await readdir(join(stack.folder, 'exports', name))).length <= 2);
    expect(await readdir(join(stack.folder, 'exports', name))).toContain(base.id);
    await define("row.name + ' of ' + row.id");
    const update = () => stack.sync(name, { tasks: ['update-expressions'] });
    const refused = await update();
    expect(refused).toMatchObject({ status: 'failed', applied: false, error: { code: 'nothing-prepared' } });
    expect(await shown()).toEqual(['Ada', 'Ben']);
    expect(await stack.syncAndResume(name)).toMatchObject({ applied: true });
    expect(await update()).toMatchObject({ status: 'completed', overtaken: 0 });
    expect(await shown()).toEqual(['Ada of E1', 'Ben of E2']);
  });

  it('is, of the executions of a job, the newest as well', { timeout: 180_000 }, async () => {
    const job = { mode: 'incremental', connectors: ['kept'], cron: '0 0 1 1 *', timezone: 'UTC', overlap: 'skip' };
    expect((await stack.call('PUT', '/v1/jobs/yearly', job)).status).toBeLessThan(300);
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      const { body } = await stack.call('POST', '/v1/jobs/yearly/run');
      const { id } = body as { id: string };
      ids.push(id);
      await stack.until(
        async () => (await stack.get<{ endedAt: string | null }>(`/v1/executions/${id}`)).endedAt !== null,
        120,
      );
    }
    const kept = async () => (await stack.all<{ id: string }>('/v1/executions?job=yearly')).map(({ id }) => id);
    await stack.until(async () => (await kept()).length === 3, 120);
    expect(await kept()).toEqual(ids.slice(-3).reverse());
  });
});
