import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

interface Line {
  at: string;
  task: string | null;
  message: string;
}

const file = (name: string, connection: Record<string, unknown>) => onePerson({ name, thresholds: wide, connection });

describe('the limits of a source', () => {
  let stack: Stack;
  let second: Awaited<ReturnType<Stack['launchWorker']>>;
  let n = 0;
  beforeAll(async () => {
    stack = await Stack.start();
    // another process, which alone serves the queue far, and helps with all others
    second = await stack.launchWorker({ SYNCLINE_WORKER_SLOTS: 'far=4' });
  });
  afterAll(async () => {
    await second.stop();
    await stack.stop();
  });

  const look = (id: string) => stack.get<Sync>(`/v1/syncs/${id}`);
  const log = (id: string) => stack.all<Line>(`/v1/syncs/${id}/log?task=export`);
  const ended = async (sync: Sync) => {
    const done = await stack.settled(sync.id, ['queued', 'running'], 200);
    return done.status === 'held' ? stack.decide(done, 'resume') : done;
  };
  async function connect(connection: Record<string, unknown>): Promise<string> {
    const name = `limited${String(++n)}`;
    await stack.put(file(name, connection), name);
    await stack.place(name, { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x', 'E2,Ben,b@x') });
    return name;
  }
  /** From when to when a sync read its source, by what it told itself. */
  async function reading(sync: Sync): Promise<[string, string]> {
    const began = (await look(sync.id)).taskResults[0]?.startedAt ?? '';
    const lines = (await log(sync.id)).filter(({ message }) => message.startsWith('Read '));
    return [began, lines.at(-1)?.at ?? ''];
  }
  const throttled = async (sync: Sync) => (await look(sync.id)).waitingFor?.reason === 'rate-limit';

  it(
    'let one export at a time, over two workers and three connectors; who waits says so, and priority goes first',
    { timeout: 240_000 },
    async () => {
      // slow enough to be seen: the table and what follows its first batch, eight seconds apart
      const limits = { key: 'payroll-host', concurrent: 1, requestsPerSecond: 0.125 };
      const [a, b, c] = [
        await connect({ limits }),
        await connect({ limits, taskQueue: 'far' }),
        await connect({ limits }),
      ];
      const first = await stack.startSync(a);
      await stack.until(async () => (await look(first.id)).phase === 'export');
      const low = await stack.startSync(b, { priority: 'low' });
      await stack.until(() => throttled(low));
      expect(await look(low.id)).toMatchObject({
        status: 'running',
        waitingFor: { reason: 'rate-limit', connection: 'files', limit: 'concurrent' },
        taskResults: [{ task: 'export', status: 'queued', startedAt: null }, {}, {}, {}],
      });
      const urgent = await stack.startSync(c, { priority: 'high' });
      const syncs = [await ended(first), await ended(urgent), await ended(low)];
      for (const sync of syncs) expect(sync).toMatchObject({ status: 'completed', applied: true, waitingFor: null });
      const times = [];
      for (const sync of syncs) times.push(await reading(sync));
      // one after the other, and not in the order in which they were asked for
      expect(times.flat()).toEqual(times.flat().sort());
      const told = (await log(low.id)).map(({ message }) => message);
      expect(told.filter((message) => message.startsWith('The export waits for its turn'))).toHaveLength(1);
      expect(told.filter((message) => message.startsWith('The export continues'))).toHaveLength(2);
    },
  );

  it(
    'hold where the worker that reads is killed: its turn is taken over, not doubled',
    { timeout: 240_000 },
    async () => {
      const limits = { concurrent: 1, requestsPerSecond: 0.2, key: 'fragile-host' };
      const [a, b] = [await connect({ limits, taskQueue: 'far' }), await connect({ limits })];
      const killed = await stack.startSync(a);
      await stack.until(async () => (await look(killed.id)).phase === 'export');
      const other = await stack.startSync(b);
      await stack.until(() => throttled(other));
      await second.kill();
      second = await stack.launchWorker({ SYNCLINE_WORKER_SLOTS: 'far=4' });
      const syncs = [await ended(killed), await ended(other)];
      for (const sync of syncs) expect(sync).toMatchObject({ status: 'completed', applied: true, retry: null });
      const [[, killedRead], [otherBegan]] = [await reading(killed), await reading(other)];
      expect(otherBegan > killedRead).toBe(true);
      const told = await stack.all<Line>(`/v1/syncs/${killed.id}/log`);
      expect(told.map(({ message }) => message)).toContain(
        'Attempt 2 begins: the worker of the attempt before ended or hung.',
      );
    },
  );

  it('space requests evenly, over two workers, and say what they wait for', { timeout: 240_000 }, async () => {
    const limits = { requestsPerSecond: 0.5, key: 'slow-host' };
    const names = [await connect({ limits }), await connect({ limits, taskQueue: 'far' })];
    const syncs = await Promise.all(names.map((name) => stack.startSync(name)));
    await stack.until(async () => (await Promise.all(syncs.map(throttled))).every(Boolean));
    expect(await stack.all(`/v1/sync-status?connector=${names[0] ?? ''}`)).toMatchObject([
      { runningSync: { waitingFor: { reason: 'rate-limit', limit: 'requestsPerSecond' } } },
    ]);
    expect(await look(syncs[0]?.id ?? '')).toMatchObject({
      waitingFor: { limit: 'requestsPerSecond', detail: expect.stringContaining('slow-host') as string },
    });
    for (const sync of syncs) expect(await ended(sync)).toMatchObject({ status: 'completed', waitingFor: null });
    const times = (await Promise.all(syncs.map(reading))).flat().sort();
    const seconds = (Date.parse(times.at(-1) ?? '') - Date.parse(times[0] ?? '')) / 1000;
    // each opens a table and asks for what follows its first batch: four requests, three spaces of two seconds
    expect(seconds).toBeGreaterThanOrEqual(5.9);
  });

  it('are left at once by a sync that is cancelled while it waits', { timeout: 120_000 }, async () => {
    const limits = { concurrent: 1, requestsPerSecond: 0.02 };
    const name = await connect({ limits });
    const slow = await stack.startSync(name);
    await stack.until(() => throttled(slow));
    await stack.call('POST', `/v1/syncs/${slow.id}/cancel`);
    expect(await ended(slow)).toMatchObject({ status: 'cancelled', waitingFor: null });
    await stack.put(file(name, { limits: { concurrent: 1 } }), name);
    expect(await ended(await stack.startSync(name))).toMatchObject({ status: 'completed' });
  });

  it.each([
    [{ concurrent: 0 }, '/connections/0/limits/concurrent'],
    [{ concurrent: 1.5 }, '/connections/0/limits/concurrent'],
    [{ requestsPerSecond: 0 }, '/connections/0/limits/requestsPerSecond'],
    [{ key: 'no/slash', concurrent: 1 }, '/connections/0/limits/key'],
    [{ perSecond: 5 }, '/connections/0/limits/perSecond'],
  ])('are refused where they make no sense: %j', async (limits, pointer) => {
    const answer = await stack.call('PUT', '/v1/connectors/wrong', file('wrong', { limits }));
    expect(answer.status).toBe(422);
    expect((answer.body as { errors: { pointer: string }[] }).errors.map((each) => each.pointer)).toContain(pointer);
  });
});

describe('long work', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({ SYNCLINE_WORKER_SLOTS: 'export=1,prepare=0' });
  });
  afterAll(() => stack.stop());
  const look = (id: string) => stack.get<Sync>(`/v1/syncs/${id}`);
  const comparing = { SYNCLINE_WORKER_SLOTS: 'sync=0,export=0,apply=0,prepare=1' };
  const people = csv('id,name,mail', 'E1,Ada,a@x', 'E2,Ben,b@x');

  async function held(name: string): Promise<Sync> {
    await stack.put(onePerson({ name }), name);
    await stack.place(name, { 'people.csv': people });
    const sync = await stack.sync(name);
    expect(sync.status).toBe('held');
    return sync;
  }

  it('in all export slots keeps no decision and no apply waiting', { timeout: 120_000 }, async () => {
    const worker = await stack.launchWorker(comparing);
    const waits = await held('decided');
    await stack.put(file('slow', { limits: { requestsPerSecond: 0.01 } }), 'slow');
    await stack.place('slow', { 'people.csv': people });
    const slow = await stack.startSync('slow');
    await stack.until(async () => (await look(slow.id)).waitingFor !== null);
    // the one export slot is taken: another sync gets no further than that
    await stack.put(onePerson({ name: 'behind' }), 'behind');
    await stack.place('behind', { 'people.csv': people });
    const behind = await stack.startSync('behind');
    expect(await stack.decide(waits, 'resume')).toMatchObject({ status: 'completed', applied: true });
    expect(await look(slow.id)).toMatchObject({ status: 'running', phase: 'export' });
    expect(await look(behind.id)).toMatchObject({ status: 'running', phase: null });
    await stack.call('POST', `/v1/syncs/${slow.id}/cancel`);
    expect((await stack.settled(behind.id)).status).toBe('held');
    await worker.stop();
  });

  it('in all slots of preparing and comparing keeps no apply waiting', { timeout: 120_000 }, async () => {
    const worker = await stack.launchWorker(comparing);
    const waits = await held('approved');
    await worker.stop();
    // nobody has a slot for comparing any more
    await stack.put(onePerson({ name: 'stuck' }), 'stuck');
    await stack.place('stuck', { 'people.csv': people });
    const stuck = await stack.startSync('stuck');
    await stack.until(async () => (await look(stuck.id)).taskResults[0]?.status === 'running');
    expect(await stack.decide(waits, 'resume')).toMatchObject({ status: 'completed', applied: true });
    expect((await look(stuck.id)).status).toBe('running');
    const again = await stack.launchWorker(comparing);
    expect((await stack.settled(stuck.id)).status).toBe('held');
    await again.stop();
  });
});

describe('a sync that no worker has begun', () => {
  it('is queued, and says for how long it was once it has run', { timeout: 120_000 }, async () => {
    const stack = await Stack.start();
    try {
      await stack.put(onePerson({ name: 'late', thresholds: wide }), 'late');
      await stack.place('late', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x') });
      await stack.kill('worker');
      const sync = await stack.startSync('late');
      expect(sync).toMatchObject({ status: 'queued', startedAt: null, phase: null });
      expect(sync.taskResults.map(({ status }) => status)).toEqual(['queued', 'queued', 'queued', 'queued']);
      const later = await stack.get<Sync>(`/v1/syncs/${sync.id}`);
      expect(later.queuedSeconds).toBeGreaterThan(sync.queuedSeconds);
      const unwanted = await stack.startSync('late', { scope: { keys: { late_Person: [['E1']] } } });
      await stack.call('POST', `/v1/syncs/${unwanted.id}/cancel`);
      stack.launch('worker');
      // what was cancelled in the queue has never begun
      expect(await stack.settled(unwanted.id)).toMatchObject({ status: 'cancelled', startedAt: null });
      const done = await stack.syncAndResumeStarted(sync);
      expect(done.status).toBe('completed');
      expect(done.queuedSeconds).toBeGreaterThan(later.queuedSeconds);
      expect(Date.parse(done.startedAt ?? '') - Date.parse(done.createdAt)).toBeCloseTo(done.queuedSeconds * 1000, -1);
      expect(done.runId).toBe(sync.runId);
    } finally {
      await stack.stop();
    }
  });
});
