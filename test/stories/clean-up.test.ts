import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
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
});
