import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync, ThresholdVerdict } from '../../domain/sync.ts';
import { csv, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

/** Watches, overrides for one sync, and advice, over HTTP with a real worker. */
describe('limits that fit', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());

  const people = (count: number, disabled: number) =>
    Array.from({ length: count }, (_, i) => `E${String(i)},N${String(i)},,,${i < disabled ? 'disabled' : 'active'}`);
  const place = (name: string, count: number, { disabled = 0, members = ['E0'] } = {}) =>
    stack.place(name, {
      'people.csv': csv('id,name,mail,manager,status', ...people(count, disabled)),
      'groups.csv': csv('id,title', 'admins,Admins', 'all,All'),
      'members.csv': csv('group,person', ...members.map((id) => `all,${id}`), 'admins,E1'),
    });
  function fileOf(name: string, thresholds: Record<string, number>) {
    const file = peopleAndGroups({ name, thresholds, windows: [], properties: { status: { column: 'status' } } });
    const [person, group] = file.entityTypes;
    if (!person || !group) throw new Error('no entity types');
    return { file, person: person as Record<string, unknown>, group };
  }
  const heldBy = (sync: Sync) => sync.holds.map(({ code, scope }) => `${code} ${scope}`);

  it('holds a sync that disables more people than the watch allows, however high the other limits are', async () => {
    const { file, person, group } = fileOf('watched', wide);
    person['watch'] = [{ property: 'status', to: ['disabled'], maximumLines: 2 }];
    await stack.put(file, 'watched');
    await place('watched', 20, { disabled: 5 });
    // nothing is watched while nothing is stored
    const first = await stack.syncAndResume('watched');
    expect(first.thresholds.filter(({ name }) => name === 'watch')).toEqual([]);

    await place('watched', 20, { disabled: 7 });
    expect(heldBy(await stack.sync('watched'))).toEqual([]);
    await place('watched', 20, { disabled: 10 });
    const held = await stack.sync('watched');
    expect(held.status).toBe('held');
    expect(heldBy(held)).toEqual(['watched-transition watched_Person']);
    expect(held.thresholds.filter(({ name }) => name === 'watch')).toEqual([
      {
        scope: 'watched_Person',
        name: 'watch',
        limit: 2,
        limitLines: 2,
        stored: 20,
        actual: 3,
        exceeded: true,
        watch: { limit: 'maximumLines', property: 'status', to: ['disabled'] },
      } satisfies ThresholdVerdict,
    ]);
    await stack.decide(held, 'reject');

    Object.assign(group.navigationProperties.members ?? {}, { watch: [{ to: ['E1'], maximumLines: 0 }] });
    await stack.put(file, 'watched');
    await place('watched', 20, { disabled: 7, members: ['E0', 'E2'] });
    expect(heldBy(await stack.sync('watched'))).toEqual([]);
    await place('watched', 20, { disabled: 7, members: ['E0', 'E1'] });
    expect(heldBy(await stack.sync('watched'))).toEqual(['watched-transition watched_Group.members']);
  });

  it('lets one sync through by an override, tells so, and not the next one', async () => {
    await stack.put(fileOf('once', { ...wide, maximumDeletedLines: 3 }).file, 'once');
    await place('once', 40);
    await stack.syncAndResume('once');
    await place('once', 34);
    const dry = await stack.sync('once', { dryRun: true });
    expect(heldBy(dry)).toEqual(['threshold-exceeded connector']);

    const overrides = { thresholds: { maximumDeletedLines: 6 }, reason: 'the branch was closed' };
    const sync = await stack.sync('once', { overrides });
    expect(sync).toMatchObject({
      status: 'completed',
      applied: true,
      holds: [],
      overrides,
      decision: { action: 'override', by: 'user:local', reason: 'the branch was closed', digest: sync.digest },
    });
    expect(sync.thresholds.find(({ name, window }) => name === 'maximumDeletedLines' && !window)).toMatchObject({
      limit: 6,
      configured: 3,
      actual: 6,
      exceeded: false,
    });

    // the limit is 3 again, and the six deletes count in the window of twice 3
    await place('once', 33);
    const next = await stack.sync('once');
    expect(heldBy(next)).toEqual(['window-exceeded connector']);
    expect(next.overrides).toBeNull();
    expect(next.thresholds.find(({ window }) => window === '24h')).toMatchObject({ earlier: 6, actual: 7, limit: 6 });
    await stack.decide(next, 'resume');

    await place('once', 33);
    const unneeded = await stack.sync('once', { overrides });
    expect(unneeded).toMatchObject({ status: 'completed', overrides, decision: null });
  });

  it('refuses an override that is not about the limits of the connector or of entity types, or has no reason', async () => {
    const name = 'refused';
    await stack.put(fileOf(name, wide).file, name);
    const refused = async (body: object) => {
      const { status, body: problem } = await stack.call('POST', `/v1/connectors/${name}/syncs`, body);
      expect(status, JSON.stringify(problem)).toBe(422);
      return (problem as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
    };
    const thresholds = { maximumDeletedLines: 9 };
    expect(await refused({ overrides: { thresholds } })).toEqual(['/overrides/reason']);
    expect(await refused({ overrides: { thresholds, reason: '  ' } })).toEqual(['/overrides/reason']);
    expect(await refused({ overrides: { thresholds: {}, reason: 'x' } })).toEqual(['/overrides/thresholds']);
    expect(await refused({ overrides: { thresholds: { ...thresholds, 'zero-rows': 1 }, reason: 'x' } })).toEqual([
      '/overrides/thresholds/zero-rows',
    ]);
    expect(await refused({ overrides: { thresholds: { maximumDeletedLines: -1 }, reason: 'x' } })).toEqual([
      '/overrides/thresholds/maximumDeletedLines',
    ]);
    const own = { entityTypes: { [`${name}_Person`]: { maximumDeletedLines: 5 } } };
    expect(await refused({ overrides: { thresholds: own, reason: 'x' } })).toEqual([
      `/overrides/thresholds/entityTypes/${name}_Person/maximumDeletedLines`,
    ]);
    expect(await refused({ tasks: ['export'], overrides: { thresholds, reason: 'x' } })).toEqual(['/overrides']);
  });

  it('advises: which syncs the limits would have held, and why there is no suggestion yet', async () => {
    const advice = await stack.get<{ current: { held: object[] }; asked: object }>(
      '/v1/connectors/once/thresholds/advice?days=7&maximumDeletedLines=0',
    );
    expect(advice).toMatchObject({
      days: 7,
      syncs: 3,
      current: { limits: { maximumDeletedLines: 3, maximumUpdatedLines: 1_000_000 } },
      asked: { limits: { maximumDeletedLines: 0 } },
      suggestion: null,
      why: expect.stringContaining('there are 3') as string,
    });
    expect(advice.current.held).toMatchObject([
      { name: 'maximumDeletedLines', actual: 6, limitLines: 3, approvedBy: null },
    ]);
    expect(advice.asked).toMatchObject({
      held: [
        { actual: 1, limitLines: 0, approvedBy: 'user:local' },
        { actual: 6, limitLines: 0, approvedBy: null },
      ],
    });
    // a person approved the last delete, and with it the window begins again
    const windows = () =>
      stack.get<{ windows: object[] }>('/v1/connectors/once/thresholds/advice').then((answer) => answer.windows);
    const first = { window: '24h', name: 'maximumDeletedLines', limit: 6, limitLines: 6 };
    expect((await windows())[0]).toEqual({ ...first, used: 0 });
    await place('once', 31);
    expect((await stack.sync('once')).status).toBe('completed');
    expect(await windows()).toHaveLength(8);
    expect((await windows())[0]).toEqual({ ...first, used: 2 });
    for (const query of [
      'days=0',
      'days=366',
      'days=x',
      'maximumDeletedLines=-1',
      'maxPercentageDeletedLines=100',
      'a=1',
    ])
      expect((await stack.call('GET', `/v1/connectors/once/thresholds/advice?${query}`)).status).toBe(422);
    expect((await stack.call('GET', '/v1/connectors/nobody/thresholds/advice')).status).toBe(404);
  });
});
