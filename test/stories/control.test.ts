import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../repository/changes-list.ts';
import type { Sync } from '../../domain/sync.ts';
import { csv, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

const people = (...rows: string[]) => csv('id,name,mail,manager', ...rows);
const base = {
  'people.csv': people('E1,Ada,ada@x,', 'E2,Ben,ben@x,E1', 'E3,Cyd,cyd@x,E1'),
  'groups.csv': csv('id,title', 'G1,All', 'G2,Some'),
  'members.csv': csv('group,person', 'G1,E1', 'G1,E2', 'G2,E3'),
};

describe('what a sync is limited to, and what stops it', () => {
  let stack: Stack;
  let n = 0;
  let name: string;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());
  beforeEach(async () => {
    name = `c${String(++n)}`;
    await stack.put(peopleAndGroups({ name, thresholds: wide }), name);
    await stack.place(name, base);
  });

  const stored = async (type: string) =>
    (
      await stack.all<{ key: string[]; attributes: Record<string, unknown> }>(
        `/v1/entity-types/${name}_${type}/resources`,
      )
    ).map((each) => `${each.key.join()} ${String(each.attributes['name'] ?? each.attributes['title'])}`);

  it('reads and changes only the entity types of its scope', async () => {
    const sync = await stack.syncAndResume(name, { scope: { entityTypes: [`${name}_Group`] } });
    expect(Object.keys(sync.counters)).toEqual([`${name}_Group`]);
    expect(await stored('Group')).toEqual(['G1 All', 'G2 Some']);
    expect(await stored('Person')).toEqual([]);
  });

  it('changes only the keys of its scope, beside a sync that is held', async () => {
    await stack.syncAndResume(name);
    await stack.put(peopleAndGroups({ name }), name);
    await stack.place(name, { 'people.csv': people('E1,Ada,ada@x,', 'E2,Benno,ben@x,E1', 'E4,Dan,dan@x,') });
    const held = await stack.sync(name);
    expect(held.status).toBe('held');
    const item = await stack.sync(name, {
      scope: { keys: { [`${name}_Person`]: [['E2'], ['E3']] } },
      priority: 'high',
    });
    expect(item).toMatchObject({
      trigger: 'high-priority',
      priority: 'high',
      workflowId: `sync-items:${name}:${item.id}`,
    });
    const done = item.status === 'held' ? await stack.decide(item, 'resume') : item;
    expect(done.counters[`${name}_Person`]).toMatchObject({ inserted: 0, updated: 1, deleted: 1 });
    expect(await stored('Person')).toEqual(['E1 Ada', 'E2 Benno']);
    // what the item sync has done meanwhile is not done again, and nothing that nobody approved happens
    const after = await stack.decide(held, 'resume');
    expect(after).toMatchObject({ status: 'completed-with-errors', applied: true });
    expect(after.overtaken).toBeGreaterThan(0);
    expect(await stored('Person')).toEqual(['E1 Ada', 'E2 Benno', 'E4 Dan']);
    const states = new Set((await stack.all<Change>(`/v1/syncs/${held.id}/changes`)).map((change) => change.state));
    expect(states).toEqual(new Set(['applied', 'overtaken']));
  });

  it('carries out only the operations of its scope', async () => {
    await stack.syncAndResume(name);
    await stack.place(name, { 'people.csv': people('E1,Adele,ada@x,', 'E2,Ben,ben@x,E1', 'E4,Dan,dan@x,') });
    const sync = await stack.syncAndResume(name, { scope: { operations: ['insert'] } });
    expect(sync.counters[`${name}_Person`]).toMatchObject({ inserted: 1, updated: 0, deleted: 0 });
    expect(await stored('Person')).toEqual(['E1 Ada', 'E2 Ben', 'E3 Cyd', 'E4 Dan']);
  });

  it('goes as far as the verdicts in a dry run, with the digest that the real sync has', async () => {
    await stack.put(peopleAndGroups({ name, thresholds: { maximumInsertedLines: 1 } }), name);
    const dry = await stack.sync(name, { dryRun: true });
    expect(dry).toMatchObject({ status: 'completed', applied: false, dryRun: true });
    expect(dry.thresholds.some((verdict) => verdict.exceeded)).toBe(true);
    expect(await stored('Person')).toEqual([]);
    const real = await stack.sync(name);
    expect(real.status).toBe('held');
    expect(real.digest).toBe(dry.digest);
  });

  it('runs its tasks one by one', async () => {
    const early = await stack.call('POST', `/v1/connectors/${name}/syncs`, {
      mode: 'complete',
      tasks: ['synchronize'],
    });
    expect(early).toMatchObject({ status: 409, body: { code: 'nothing-prepared' } });
    for (const task of ['export', 'prepare'])
      expect((await stack.sync(name, { tasks: [task] })).status).toBe('completed');
    expect(await stored('Person')).toEqual([]);
    const last = await stack.syncAndResume(name, { tasks: ['synchronize'] });
    expect(last).toMatchObject({ status: 'completed', applied: true });
    expect(await stored('Person')).toEqual(['E1 Ada', 'E2 Ben', 'E3 Cyd']);
    const again = await stack.call('POST', `/v1/connectors/${name}/syncs`, {
      mode: 'complete',
      tasks: ['synchronize'],
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'nothing-prepared' } });
  });

  it('evaluates changed expressions over the last export without reading the source', async () => {
    const properties = (expression: string) => ({ shown: { expression } });
    await stack.put(peopleAndGroups({ name, thresholds: wide, properties: properties('row.name') }), name);
    await stack.syncAndResume(name);
    await stack.put(
      peopleAndGroups({ name, thresholds: wide, properties: properties('row.name + " (" + row.id + ")"') }),
      name,
    );
    await stack.place(name, { 'people.csv': null });
    // every person changes, which no limit lets pass unseen
    const sync = await stack.syncAndResume(name, { tasks: ['update-expressions'] });
    expect(sync).toMatchObject({
      applied: true,
      phase: 'update-expressions',
      counters: { [`${name}_Person`]: { updated: 3 } },
    });
    const one = await stack.get<{ attributes: unknown }>(`/v1/entity-types/${name}_Person/resources/E2`);
    expect(one.attributes).toMatchObject({ shown: 'Ben (E2)' });
  });

  it('answers 409 naming the sync in the way, and replaces a held one that is named', async () => {
    await stack.put(peopleAndGroups({ name }), name);
    const held = await stack.sync(name);
    expect(held.status).toBe('held');
    const second = await stack.call('POST', `/v1/connectors/${name}/syncs`, { mode: 'complete' });
    expect(second).toMatchObject({ status: 409, body: { code: 'sync-held', syncId: held.id } });
    const next = await stack.sync(name, { supersede: held.id });
    expect(next.status).toBe('held');
    expect(await stack.get<Sync>(`/v1/syncs/${held.id}`)).toMatchObject({
      status: 'superseded',
      applied: false,
      decision: { action: 'supersede' },
    });
  });

  it('is cancelled while it runs, rejected while it is held, and neither afterwards', async () => {
    const line = (_: unknown, i: number) => `E${String(i)},Name ${String(i)},m${String(i)}@x,\n`;
    await stack.place(name, {
      'people.csv': `id,name,mail,manager\n${Array.from({ length: 300_000 }, line).join('')}`,
    });
    const started = await stack.startSync(name);
    await stack.until(async () => (await stack.get<Sync>(`/v1/syncs/${started.id}`)).phase !== null);
    expect((await stack.call('POST', `/v1/syncs/${started.id}/cancel`)).status).toBe(202);
    expect(await stack.settled(started.id)).toMatchObject({ status: 'cancelled', applied: false });
    expect(await stored('Person')).toEqual([]);
    expect(await stack.call('POST', `/v1/syncs/${started.id}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'sync-ended' },
    });
    await stack.put(peopleAndGroups({ name }), name);
    await stack.place(name, base);
    const held = await stack.sync(name);
    expect(await stack.call('POST', `/v1/syncs/${held.id}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'sync-held' },
    });
  });

  it('holds where a table of links comes back without rows, and says so', async () => {
    await stack.syncAndResume(name);
    await stack.place(name, { 'members.csv': csv('group,person') });
    const held = await stack.sync(name);
    expect(held.status).toBe('held');
    expect(held.holds).toContainEqual(expect.objectContaining({ code: 'zero-rows', scope: `${name}_Group.members` }));
    expect(held.causes).toContainEqual(
      expect.objectContaining({ code: 'blank-file', entityType: `${name}_Group`, property: 'members' }),
    );
    await stack.decide(held, 'reject');
    await stack.place(name, base);
    expect(await stack.sync(name)).toMatchObject({ status: 'completed' });
  });

  it('compares again where another sync has written since, though the files are those of before', async () => {
    await stack.syncAndResume(name);
    await stack.place(name, { 'people.csv': people('E1,Ada,ada@x,', 'E2,Benno,ben@x,E1', 'E3,Cyd,cyd@x,E1') });
    await stack.syncAndResume(name, { scope: { keys: { [`${name}_Person`]: [['E2']] } } });
    expect(await stored('Person')).toContain('E2 Benno');
    await stack.place(name, base);
    const sync = await stack.syncAndResume(name);
    expect(sync.counters[`${name}_Person`]).toMatchObject({ updated: 1 });
    expect(await stored('Person')).toContain('E2 Ben');
  });

  it('lists again what was rejected or dangles, and compares again where a person refused', async () => {
    await stack.syncAndResume(name);
    const dangling = { 'members.csv': csv('group,person', 'G1,E1', 'G1,E2', 'G2,E3', 'G2,E9') };
    await stack.place(name, dangling);
    for (let i = 0; i < 2; i++) {
      const sync = await stack.sync(name);
      expect(sync).toMatchObject({ status: 'completed-with-errors' });
      expect(sync.counters[`${name}_Group`]?.links['members']).toMatchObject({ rejected: 1 });
    }
    await stack.place(name, { ...base, 'people.csv': people('E1,Ada,ada@x,') });
    await stack.put(peopleAndGroups({ name, thresholds: { maximumDeletedLines: 0 } }), name);
    const held = await stack.sync(name);
    await stack.decide(held, 'reject');
    expect((await stack.sync(name)).status).toBe('held');
  });

  it('keeps what a revision drops, and purges it as a sync under thresholds', async () => {
    await stack.syncAndResume(name);
    const file = peopleAndGroups({ name });
    const [person] = file.entityTypes;
    await stack.put({ ...file, entityTypes: [person] }, name);
    expect(await stack.get(`/v1/entity-types/${name}_Group`)).toMatchObject({
      retired: true,
      counts: { resources: 2 },
    });
    await stack.sync(name);
    expect(await stored('Group')).toEqual(['G1 All', 'G2 Some']);
    const purge = await stack.call('POST', `/v1/connectors/${name}/purge`);
    expect(purge).toMatchObject({ status: 202, body: { trigger: 'purge' } });
    const sync = await stack.settled((purge.body as Sync).id);
    expect(sync).toMatchObject({ status: 'held', counters: { [`${name}_Group`]: { deleted: 2 } } });
    await stack.decide(sync, 'resume');
    expect(await stored('Group')).toEqual([]);
    expect(await stored('Person')).toEqual(['E1 Ada', 'E2 Ben', 'E3 Cyd']);
  });
});
