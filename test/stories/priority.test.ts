import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

const people = (count: number) =>
  csv('id,name,mail', ...Array.from({ length: count }, (_, i) => `E${String(i)},Name ${String(i)},m@x`));

/** Item syncs of one connector, all at once: `npm run test:priority` has a thousand. */
const crowd = Number(process.env['PRIORITY_SYNCS'] ?? 200);
/** Those that a high one overtakes. */
const queued = Math.min(200, Math.ceil(0.3 * crowd));

/** Calls that overlap, so many at a time. */
async function inParallel<Result>(
  count: number,
  width: number,
  work: (n: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < count) {
        const n = next++;
        results[n] = await work(n);
      }
    }),
  );
  return results;
}

const keysOf = (priority: unknown) => {
  const { priorityKey, fairnessKey } = priority as { priorityKey: number; fairnessKey: string };
  return `${String(priorityKey)} ${fairnessKey}`;
};

describe('priorities', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({
      SYNCLINE_WORKER_SLOTS: 'sync=1,export=1,prepare=1,apply=1,far=1',
      SYNCLINE_LOG_LEVEL: 'debug',
    });
  });
  afterAll(() => stack.stop());

  async function connect(name: string, count: number, connection: Record<string, unknown> = {}) {
    await stack.put(onePerson({ name, thresholds: wide, connection }), name);
    await stack.place(name, { 'people.csv': people(count) });
    expect((await stack.syncAndResume(name)).status).toBe('completed');
  }
  const item = (name: string, n: number, priority: string) =>
    stack.startSync(name, { priority, scope: { keys: { [`${name}_Person`]: [[`E${String(n)}`]] } } });
  const all = (name: string) => stack.all<Sync>(`/v1/syncs?connector=${name}`);

  it('reach every step on every queue, that of a connection included, and so does the connector', async () => {
    await connect('ways', 2, { taskQueue: 'far' });
    const seen: Record<string, unknown>[] = [];
    for (const priority of ['high', 'normal', 'low']) {
      const before = stack.logged('a step begins').length;
      // another name each time: something to apply
      await stack.place('ways', { 'people.csv': csv('id,name,mail', `E0,${priority},m@x`, 'E1,Name 1,m@x') });
      expect(await stack.sync('ways', { priority })).toMatchObject({ status: 'completed', priority, applied: true });
      await stack.until(() =>
        Promise.resolve(
          stack
            .logged('a step begins')
            .slice(before)
            .some(({ step }) => step === 'applyChanges'),
        ),
      );
      const steps = stack
        .logged('a step begins')
        .slice(before)
        .filter(({ step }) => step !== 'reconcileSyncs');
      seen.push({
        queues: [...new Set(steps.map(({ taskQueue }) => taskQueue))].sort(),
        priorities: [...new Set(steps.map((step) => keysOf(step['priority'])))],
      });
    }
    const queues = ['apply', 'far', 'prepare', 'sync'];
    expect(seen).toEqual([
      { queues, priorities: ['1 ways'] },
      { queues, priorities: ['3 ways'] },
      { queues, priorities: ['5 ways'] },
    ]);
  });

  it(
    `let a high one start before 20 of ${String(queued)} that are queued with low priority`,
    { timeout: 400_000 },
    async () => {
      await connect('low', queued);
      await stack.kill('worker');
      const asked = await inParallel(queued, 8, (n) => item('low', n, 'low'));
      expect(new Set(asked.map(({ status }) => status))).toEqual(new Set(['queued']));
      expect(asked.every(({ startedAt }) => startedAt === null)).toBe(true);
      stack.launch('worker');
      await stack.until(async () => (await all('low')).filter(({ status }) => status !== 'queued').length >= 10, 200);
      const urgent = await item('low', 0, 'high');
      await stack.until(async () => (await stack.get<Sync>(`/v1/syncs/${urgent.id}`)).endedAt !== null, 200);
      const done = await stack.get<Sync>(`/v1/syncs/${urgent.id}`);
      expect(done).toMatchObject({ status: 'completed', trigger: 'high-priority' });
      const low = (await all('low')).filter(({ id, priority }) => id !== urgent.id && priority === 'low');
      const between = (from: string, to: string | null, at: 'startedAt' | 'endedAt') =>
        low.filter((sync) => (sync[at] ?? '') > from && (sync[at] ?? '~') < (to ?? '')).length;
      const started = between(done.createdAt, done.startedAt, 'startedAt');
      const waiting = low.filter(({ startedAt }) => startedAt === null || startedAt > (done.startedAt ?? '')).length;
      const unfinished = low.filter(({ endedAt }) => endedAt === null || endedAt > (done.endedAt ?? '')).length;
      process.stdout.write(
        `A high sync asked for while ${String(waiting)} of ${String(queued)} low ones waited: ${String(started)} of them started ` +
          `before it, ${String(unfinished)} ended after it; it queued for ${String(done.queuedSeconds)} s.\n`,
      );
      expect(started).toBeLessThan(20);
      expect(waiting).toBeGreaterThan(queued / 2);
      expect(unfinished).toBeGreaterThan(queued / 2);
    },
  );
});

describe(`a connector with ${String(crowd)} item syncs`, () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({ SYNCLINE_WORKER_SLOTS: 'sync=1,export=1,prepare=1,apply=1' });
  });
  afterAll(() => stack.stop());

  it('does not starve another connector of the same priority', { timeout: 400_000 }, async () => {
    for (const name of ['many', 'few']) {
      await stack.put(onePerson({ name, thresholds: wide }), name);
      await stack.place(name, { 'people.csv': people(name === 'many' ? crowd : 3) });
      expect((await stack.syncAndResume(name)).status).toBe('completed');
    }
    const item = (name: string, n: number) =>
      stack.startSync(name, { scope: { keys: { [`${name}_Person`]: [[`E${String(n)}`]] } } });
    await stack.kill('worker');
    await inParallel(crowd, 8, (n) => item('many', n));
    // the last in the row of all
    const others = await inParallel(3, 1, (n) => item('few', n));
    stack.launch('worker');
    const ended: Sync[] = [];
    for (const { id } of others) ended.push(await stack.settled(id, ['queued', 'running'], 300));
    expect(ended.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
    const last = ended.map(({ endedAt }) => endedAt ?? '').sort()[2] ?? '';
    const many = (await stack.all<Sync>('/v1/syncs?connector=many')).filter(({ scope }) => scope !== null);
    expect(many).toHaveLength(crowd);
    const before = many.filter(({ endedAt }) => endedAt !== null && endedAt < last).length;
    process.stdout.write(
      `Three syncs behind ${String(crowd)} of another connector: done when ${String(before)} of those had ended.\n`,
    );
    expect(before).toBeLessThan(crowd / 3);
  });
});
