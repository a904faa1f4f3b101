import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

const everybody = Array.from({ length: 60 }, (_, i) => `E${String(i).padStart(2, '0')}`);

describe('a refresh of a held sync', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());

  /** @param renamed gets another name */
  const files = (people: readonly string[], renamed = '') => ({
    'people.csv': csv(
      'id,name,mail,manager',
      ...people.map((id) => `${id},${id === renamed ? 'New' : 'Name'} ${id},,`),
    ),
    'groups.csv': csv('id,title', 'G1,All'),
    'members.csv': csv('group,person', ...people.slice(-2).map((id) => `G1,${id}`)),
  });

  /** A sync that is held since 20 of 60 people would be deleted. */
  async function holdOf(name: string): Promise<Sync> {
    await stack.put(peopleAndGroups({ name, thresholds: { ...wide, maximumDeletedLines: 5 } }), name);
    await stack.place(name, files(everybody));
    await stack.syncAndResume(name);
    await stack.place(name, files(everybody.slice(20)));
    const held = await stack.sync(name);
    expect(held).toMatchObject({ status: 'held', counters: { [`${name}_Person`]: { deleted: 20 } } });
    return held;
  }

  const refresh = (id: string) => stack.call('POST', `/v1/syncs/${id}/refresh`);

  it('takes its place with what the source says now, and tells what is the same', async () => {
    const held = await holdOf('partly');
    await stack.place('partly', files(everybody.slice(8), 'E59'));
    const answer = await refresh(held.id);
    expect(answer.status).toBe(202);
    const started = answer.body as Sync;
    expect(started).toMatchObject({ refreshes: held.id, trigger: 'manual', mode: 'complete', scope: null });
    expect(answer.headers.get('location')).toBe(`/v1/syncs/${started.id}`);
    const fresh = await stack.settled(started.id);
    expect(fresh).toMatchObject({
      status: 'held',
      workflowId: 'sync:partly',
      counters: { partly_Person: { deleted: 8, updated: 1, inserted: 0 } },
      compared: { with: held.id, same: 8, new: 1, gone: 12, changed: 0 },
    });
    expect(await stack.get<Sync>(`/v1/syncs/${held.id}`)).toMatchObject({
      status: 'superseded',
      applied: false,
      compared: null,
      decision: { action: 'supersede', by: 'user:local', reason: expect.stringContaining(fresh.id) as string },
    });
    const summary = await stack.get<{ compared: unknown }>(`/v1/syncs/${fresh.id}/summary`);
    expect(summary.compared).toEqual(fresh.compared);
    // the new one can be decided on like any other, and refreshed again
    await stack.place('partly', files(everybody.slice(8), 'E58'));
    const again = await stack.settled(((await refresh(fresh.id)).body as Sync).id);
    expect(again).toMatchObject({ status: 'held', compared: { with: fresh.id, same: 8, new: 1, gone: 1, changed: 0 } });
    const resumed = await stack.decide(again, 'resume');
    expect(resumed).toMatchObject({ status: 'completed', applied: true });
    expect(await refresh(again.id)).toMatchObject({ status: 409, body: { code: 'sync-not-held' } });
  });

  it('applies at once if the source is repaired', async () => {
    const held = await holdOf('wholly');
    await stack.place('wholly', files(everybody));
    const fresh = await stack.settled(((await refresh(held.id)).body as Sync).id);
    expect(fresh).toMatchObject({ status: 'completed', applied: true, compared: { same: 0, new: 0, gone: 20 } });
    expect((await stack.get<Sync>(`/v1/syncs/${held.id}`)).status).toBe('superseded');
  });

  it('that cannot read the source leaves the held sync as it is', async () => {
    const held = await holdOf('broken');
    await stack.place('broken', { 'people.csv': null });
    const fresh = await stack.settled(((await refresh(held.id)).body as Sync).id);
    expect(fresh).toMatchObject({ status: 'failed', applied: false, compared: null });
    expect(fresh.error?.code).toBeDefined();
    expect(await stack.get<Sync>(`/v1/syncs/${held.id}`)).toEqual(held);
    await stack.place('broken', files(everybody.slice(20)));
    const same = await stack.settled(((await refresh(held.id)).body as Sync).id);
    expect(same).toMatchObject({ status: 'held', digest: held.digest, compared: { same: 20, new: 0, gone: 0 } });
  });

  it('is one of several that are asked for at once', async () => {
    const held = await holdOf('race');
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(held.id)));
    const [won, ...others] = answers.filter(({ status }) => status === 202);
    expect(others).toEqual([]);
    const id = (won?.body as Sync).id;
    for (const lost of answers.filter(({ status }) => status !== 202))
      expect(lost).toMatchObject({ status: 409, body: { code: 'sync-running' } });
    expect((await stack.settled(id)).status).toBe('held');
    expect((await stack.all<Sync>('/v1/syncs?connector=race')).map(({ status }) => status)).toEqual([
      'held',
      'superseded',
      'completed',
    ]);
  });

  it('keeps the mode and the scope of an item sync, beside other syncs', async () => {
    await holdOf('items');
    await stack.put(peopleAndGroups({ name: 'items', thresholds: { ...wide, maximumDeletedLines: 0 } }), 'items');
    const scope = { keys: { items_Person: [['E00'], ['E01']] } };
    const item = await stack.sync('items', { scope });
    expect(item.status).toBe('held');
    await stack.place('items', files(everybody.slice(1)));
    const fresh = await stack.settled(((await refresh(item.id)).body as Sync).id);
    expect(fresh).toMatchObject({
      status: 'held',
      scope,
      workflowId: `sync-items:items:${fresh.id}`,
      compared: { with: item.id, same: 1, new: 0, gone: 1, changed: 0 },
    });
  });

  it('is not possible for a sync that reads nothing', async () => {
    const held = await holdOf('purged');
    await stack.decide(held, 'reject');
    const file = peopleAndGroups({ name: 'purged', thresholds: { ...wide, maximumDeletedLines: 5 } });
    await stack.put({ ...file, entityTypes: [] }, 'purged');
    const { body } = await stack.call('POST', '/v1/connectors/purged/purge');
    const purge = await stack.settled((body as Sync).id);
    expect(purge.status).toBe('held');
    expect(await refresh(purge.id)).toMatchObject({ status: 409, body: { code: 'not-refreshable' } });
  });
});
