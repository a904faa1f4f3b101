import type { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import type { connectorStatusSchema } from '../../api/schemas/status.ts';
import { csv, onePerson, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

type Status = z.output<typeof connectorStatusSchema>;

const header = 'id,name,mail,manager,since';
const properties = { since: { column: 'since', type: 'date' } };
const good = {
  'people.csv': csv(header, 'E1,Ada,a@x,,2020-01-31', 'E2,Ben,b@x,E1,2020-01-31', 'E3,Cyd,c@x,E1,2020-01-31'),
  'groups.csv': csv('id,title', 'G1,All', 'G2,Some'),
  'members.csv': csv('group,person', 'G1,E1', 'G1,E2', 'G2,E3'),
};

describe('where a connector stands', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());

  const statusOf = async (connector: string): Promise<Status> => {
    const { items } = await stack.get<{ items: Status[] }>(`/v1/sync-status?connector=${connector}`);
    expect(items).toHaveLength(1);
    return items[0] as Status;
  };
  const typeOf = async (connector: string, name: string) => {
    const found = (await statusOf(connector)).entityTypes.find(({ entityType }) => entityType === name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  const counts = (impacted: number, succeeded: number, unsynced: number, partial: number, failed: number) => ({
    impacted,
    succeeded,
    unsynced,
    partial,
    failed,
  });

  it('is told from the first day on, and of each entity type', async () => {
    await stack.put(peopleAndGroups({ name: 'fresh', thresholds: wide, properties }), 'fresh');
    expect(await statusOf('fresh')).toMatchObject({
      connector: 'fresh',
      active: true,
      lastSync: null,
      lastSuccess: null,
      heldSince: null,
      heldSync: null,
      runningSync: null,
      breaker: null,
      connections: [],
      lastResults: [],
      openErrors: 0,
      entityTypes: [
        { entityType: 'fresh_Group', lastSync: null, counts: counts(0, 0, 0, 0, 0) },
        { entityType: 'fresh_Person', lastSync: null, counts: counts(0, 0, 0, 0, 0) },
      ],
    });
    await stack.place('fresh', good);
    const sync = await stack.syncAndResume('fresh');
    const mention = { syncId: sync.id, status: 'completed', trigger: 'manual', job: null, syncedBy: 'user:local' };
    const status = await statusOf('fresh');
    expect(status).toMatchObject({ lastSync: mention, lastSuccess: mention, heldSince: null });
    expect(status.entityTypes).toMatchObject([
      { lastSync: mention, lastCompleteSync: mention, counts: counts(2, 2, 0, 0, 0) },
      { lastSync: mention, lastCompleteSync: mention, counts: counts(3, 3, 0, 0, 0) },
    ]);
  });

  it('counts what succeeded, is partial, failed or unsynced, each object once', async () => {
    await stack.put(peopleAndGroups({ name: 'count', thresholds: wide, properties }), 'count');
    await stack.place('count', good);
    await stack.syncAndResume('count');
    await stack.place('count', {
      'people.csv': csv(
        header,
        'E1,Ada,a@x,,2020-01-31',
        // stored, and its row is rejected; with a link that is rejected it would still be one
        'E2,Ben,b@x,E9,x',
        // a link that cannot be made
        'E3,Cyd,c@x,E9,2020-01-31',
        // not stored, and rejected
        'E4,Dan,d@x,E1,x',
        ',Nobody,n@x,,2020-01-31',
      ),
    });
    await stack.sync('count');
    expect(await typeOf('count', 'count_Person')).toMatchObject({ counts: counts(5, 1, 0, 1, 3) });
    // the same files again: nothing has become better
    await stack.sync('count');
    expect(await typeOf('count', 'count_Person')).toMatchObject({ counts: counts(5, 1, 0, 1, 3) });
    await stack.place('count', good);
    await stack.sync('count', { scope: { keys: { count_Person: [['E2']] } } });
    expect(await typeOf('count', 'count_Person')).toMatchObject({ counts: counts(5, 2, 0, 1, 2) });
    await stack.sync('count');
    expect(await typeOf('count', 'count_Person')).toMatchObject({ counts: counts(3, 3, 0, 0, 0) });
    expect((await statusOf('count')).openErrors).toBe(0);
    // a table that may have been cut short lacks two people: nobody knows what became of them
    await stack.place('count', { 'people.csv': `${header}\nE1,Ada,a@x,,2020-01-31` });
    const cut = await stack.syncAndResume('count');
    expect(cut).toMatchObject({ deletesWithheld: 2, counters: { count_Person: { withheld: 2 } } });
    expect(await typeOf('count', 'count_Person')).toMatchObject({ counts: counts(1, 1, 2, 0, 0) });
  });

  it('names the last sync that read an entity type, and the last complete one', async () => {
    await stack.put(peopleAndGroups({ name: 'last', thresholds: wide, properties }), 'last');
    await stack.place('last', good);
    const whole = await stack.syncAndResume('last');
    const item = await stack.sync('last', { scope: { keys: { last_Person: [['E2']] } } });
    const groups = await stack.sync('last', { scope: { entityTypes: ['last_Group'] } });
    await stack.sync('last', { dryRun: true });
    // its own, without the dry run, however many others there are between them
    expect((await statusOf('last')).lastResults).toEqual(
      [groups, item, whole].map(({ id }) => ({ syncId: id, status: 'completed' })),
    );
    expect(await typeOf('last', 'last_Person')).toMatchObject({
      lastSync: { syncId: item.id },
      lastCompleteSync: { syncId: whole.id },
    });
    expect(await typeOf('last', 'last_Group')).toMatchObject({
      lastSync: { syncId: groups.id },
      lastCompleteSync: { syncId: groups.id },
    });
    expect(await statusOf('last')).toMatchObject({ lastSync: { syncId: groups.id } });
    const resource = await stack.get<{ lastSync: unknown }>('/v1/entity-types/last_Person/resources/E2');
    expect(resource.lastSync).toMatchObject({ syncId: item.id, trigger: 'manual', job: null, syncedBy: 'user:local' });
  });

  it('says what is held and since when, and what failed while the last success stays', async () => {
    await stack.put(onePerson({ name: 'wait', thresholds: { ...wide, maximumDeletedLines: 0 } }), 'wait');
    await stack.place('wait', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x', 'E2,Ben,b@x') });
    const done = await stack.syncAndResume('wait');
    await stack.place('wait', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x') });
    const held = await stack.sync('wait');
    expect(held.status).toBe('held');
    expect(await statusOf('wait')).toMatchObject({
      heldSince: held.waitingFor?.since,
      heldSync: { syncId: held.id, status: 'held' },
      lastSync: { syncId: done.id },
      lastResults: [
        { syncId: held.id, status: 'held' },
        { syncId: done.id, status: 'completed' },
      ],
    });
    await stack.decide(held, 'reject');
    expect(await statusOf('wait')).toMatchObject({
      heldSince: null,
      heldSync: null,
      lastSync: { syncId: held.id, status: 'rejected', applied: false },
    });
    await stack.place('wait', { 'people.csv': null });
    const failed = await stack.sync('wait');
    expect(await statusOf('wait')).toMatchObject({
      lastSync: { syncId: failed.id, status: 'failed' },
      lastSuccess: { syncId: done.id },
      openErrors: 1,
    });
  });

  it('counts users and groups where the file says who is a user', async () => {
    const file = peopleAndGroups({ name: 'kinds', thresholds: wide, properties });
    const entityTypes = file.entityTypes.map((type) =>
      type.name === 'kinds_Person' ? { ...type, users: true } : type,
    );
    await stack.put({ ...file, entityTypes }, 'kinds');
    await stack.place('kinds', good);
    await stack.syncAndResume('kinds');
    const status = await statusOf('kinds');
    expect(status.entityTypes.map(({ entityType, kind }) => [entityType, kind])).toEqual([
      ['kinds_Group', 'groups'],
      ['kinds_Person', 'users'],
    ]);
    expect(status.counts).toEqual({ users: counts(3, 3, 0, 0, 0), groups: counts(2, 2, 0, 0, 0) });
    // a revision that drops the groups: they are there, and nothing speaks for them
    await stack.put({ ...file, entityTypes: entityTypes.slice(0, 1) }, 'kinds');
    expect(await typeOf('kinds', 'kinds_Group')).toMatchObject({
      retired: true,
      kind: null,
      counts: counts(0, 0, 2, 0, 0),
    });
    expect((await statusOf('kinds')).counts.groups).toBeNull();
  });

  it('names the job of its last sync and of its next, on the resource too, and the job keeps a result', async () => {
    await stack.put(onePerson({ name: 'jobs', thresholds: wide }), 'jobs');
    await stack.place('jobs', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x', 'E2,Ben,b@x') });
    await stack.syncAndResume('jobs');
    const inAMinute = '* * * * *';
    const job = { mode: 'complete', connectors: ['jobs'], cron: inAMinute, timezone: 'UTC', overlap: 'skip' };
    expect((await stack.call('PUT', '/v1/jobs/often', job)).status).toBeLessThan(300);
    const next = (await statusOf('jobs')).nextSync;
    expect(next).toMatchObject({ job: 'often', connection: null });
    const resource = () => stack.get<{ nextSync: object | null }>('/v1/entity-types/jobs_Person/resources/E1');
    expect((await typeOf('jobs', 'jobs_Person')).nextSync).toMatchObject({ job: 'often' });
    expect((await resource()).nextSync).toMatchObject({ job: 'often' });
    const ahead = Date.parse(next?.at ?? '') - Date.now();
    expect(ahead).toBeLessThanOrEqual(60_000);
    await stack.place('jobs', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@y', 'E2,Ben,b@x') });
    await stack.until(async () => (await statusOf('jobs')).lastSync?.job === 'often', 150);
    await stack.call('POST', '/v1/jobs/often/pause', { note: 'enough' });
    await stack.until(async () => (await statusOf('jobs')).runningSync === null);
    const status = await statusOf('jobs');
    expect(status.lastSync).toMatchObject({ trigger: 'scheduled', job: 'often', syncedBy: 'system', applied: true });
    expect(status.nextSync?.job).not.toBe('often');
    const { lastSync } = await stack.get<{ lastSync: Record<string, unknown> }>(
      '/v1/entity-types/jobs_Person/resources/E1',
    );
    expect(lastSync).toMatchObject({ trigger: 'scheduled', job: 'often', syncedBy: 'system' });
    const executions = await stack.all<{ id: string; results: { connector: string; syncId: string }[] }>(
      '/v1/jobs/often/executions',
    );
    const [result] = executions.flatMap(({ results }) => results).filter(({ syncId }) => syncId === lastSync['syncId']);
    expect(result).toMatchObject({ connector: 'jobs', status: 'completed' });
    const sync = await stack.get<Sync>(`/v1/syncs/${result?.syncId ?? ''}`);
    expect(executions.map(({ id }) => id)).toContain(sync.executionId);
    expect(await stack.all(`/v1/syncs/${sync.id}/log`)).not.toEqual([]);
    await stack.call('POST', '/v1/connectors/jobs/deactivate');
    expect(await statusOf('jobs')).toMatchObject({ active: false, nextSync: null, entityTypes: [{ nextSync: null }] });
    expect((await resource()).nextSync).toBeNull();
  }, 240_000);

  it('is listed by name, in pages, and for Prometheus', async () => {
    const names: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: Status[]; nextCursor: string | null } = await stack.get(
        `/v1/sync-status?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      names.push(...page.items.map(({ connector }) => connector));
      cursor = page.nextCursor;
    }
    expect(names).toEqual(['count', 'fresh', 'jobs', 'kinds', 'last', 'wait']);
    expect(await stack.get('/v1/sync-status?connector=nobody')).toEqual({ items: [], nextCursor: null });
    expect(await stack.call('GET', '/v1/sync-status?colour=red')).toMatchObject({ status: 422 });
    const metrics = String((await stack.call('GET', '/metrics')).body);
    expect(metrics).toContain('syncline_open_errors{connector="wait"} 1');
    expect(metrics).toContain('syncline_open_errors{connector="fresh"} 0');
    const seconds = /syncline_last_success_seconds\{connector="fresh"\} (\S+)/.exec(metrics)?.[1];
    expect(Number(seconds)).toBeGreaterThan(0);
  });
});
