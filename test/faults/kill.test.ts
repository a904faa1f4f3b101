import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync, Task } from '../../domain/sync.ts';
import { sleep } from '../support/api-client.ts';
import { peopleAndGroups } from '../support/connector.ts';
import { LocalStack, type Part } from '../support/local-stack.ts';

const people = 30_000;
/** More rounds: `FAULT_ROUNDS=10 npm run test:faults`. */
const rounds = Number(process.env['FAULT_ROUNDS'] ?? '1');

/** State n of the source; each differs from the one before in some people, groups and memberships. */
function files(n: number): Record<string, string> {
  const id = (i: number) => `E${String(i).padStart(6, '0')}`;
  let persons = 'id,name,mail,manager\n';
  let members = 'group,person\n';
  for (let i = n; i < people + n; i++) {
    persons += `${id(i)},Name ${String(i)} ${i % 50 === n % 50 ? String(n) : ''},m${String(i)}@example.org,${i > n + 10 ? id(n + Math.floor((i - n) / 10)) : ''}\n`;
    members += `G${String(i % 100)},${id(i)}\nG${String((i * 7 + n) % 100)},${id(i)}\n`;
  }
  const groups = `id,title\n${Array.from({ length: 100 }, (_, i) => `G${String(i)},Group ${String(i)} ${i === n ? 'new' : ''}\n`).join('')}`;
  return { 'people.csv': persons, 'groups.csv': groups, 'members.csv': members };
}

describe('killing parts with SIGKILL', () => {
  let stack: LocalStack;
  let undisturbed: LocalStack;
  let state = 0;
  const wanted = new Map<number, string>();
  beforeAll(async () => {
    stack = await LocalStack.create();
    undisturbed = await LocalStack.create();
    await Promise.all([stack.start(), undisturbed.start()]);
    for (const each of [stack, undisturbed]) await each.put(peopleAndGroups(), 'hr');
  }, 240_000);
  afterAll(async () => {
    await Promise.all([stack.remove(), undisturbed.remove()]);
  });

  /** What the same source gives where nothing is killed. */
  async function expectedDigest(n: number): Promise<string> {
    const known = wanted.get(n);
    if (known !== undefined) return known;
    await undisturbed.place('hr', files(n));
    const done = await undisturbed.syncAndResume('hr');
    expect(done.status).toBe('completed');
    const digest = await undisturbed.repositoryDigest();
    wanted.set(n, digest);
    return digest;
  }

  const current = (id: string) => stack.get<Sync>(`/v1/syncs/${id}`);

  async function untilIn(id: string, phase: Task): Promise<void> {
    for (;;) {
      const sync = await current(id).catch(() => undefined);
      if (sync?.phase === phase) return;
      // the fault must hit the phase that it is for
      if (sync && !['queued', 'running'].includes(sync.status)) throw new Error(`${phase} was over before the fault`);
      await sleep(5);
    }
  }

  async function finish(id: string): Promise<Sync> {
    const held = await stack.settled(id, ['queued', 'running'], 180);
    if (held.status !== 'held') return held;
    await resume(held);
    return stack.settled(id, ['queued', 'running', 'held'], 180);
  }

  /** Until it is taken: a decision may meet a part that is just coming back. */
  async function resume(held: Sync): Promise<void> {
    await stack.until(async () => {
      const answer = await stack
        .call('POST', `/v1/syncs/${held.id}/resume`, { digest: held.digest, reason: 'fault test' })
        .catch(() => undefined);
      return answer?.status === 200 || answer?.status === 409;
    }, 120);
  }

  async function check(n: number, done: Sync): Promise<void> {
    expect(done.error).toBeNull();
    expect(done).toMatchObject({ status: 'completed', applied: true });
    expect(await stack.repositoryDigest()).toBe(await expectedDigest(n));
    const again = await stack.sync('hr');
    expect(again).toMatchObject({
      status: 'completed',
      counters: { hr_Person: { inserted: 0, updated: 0, deleted: 0 } },
    });
  }

  const faults: [Part, Task][] = [
    ['worker', 'export'],
    ['worker', 'prepare'],
    ['worker', 'synchronize'],
    ['postgres', 'prepare'],
    ['postgres', 'synchronize'],
    ['temporal', 'prepare'],
    ['api', 'prepare'],
  ];
  for (let round = 1; round <= rounds; round++) {
    it.each(faults)(`the %s during %s (round ${String(round)})`, { timeout: 300_000 }, async (part, phase) => {
      const n = ++state;
      await stack.place('hr', files(n));
      const started = await stack.startSync('hr');
      await untilIn(started.id, phase);
      await stack.kill(part);
      await check(n, await finish(started.id));
    });

    it.each(['worker', 'temporal', 'postgres'] as const)(
      `the %s while a sync is held (round ${String(round)})`,
      { timeout: 300_000 },
      async (part) => {
        const n = ++state;
        await stack.place('hr', files(n));
        const held = await stack.sync('hr');
        expect(held.status).toBe('held');
        const before = await stack.all(`/v1/syncs/${held.id}/changes?entityType=hr_Group`);
        await stack.kill(part);
        await stack.until(async () => (await stack.call('GET', '/readyz')).status === 200, 120);
        const after = await current(held.id);
        expect(after).toEqual(held);
        expect(await stack.all(`/v1/syncs/${held.id}/changes?entityType=hr_Group`)).toEqual(before);
        await check(n, await finish(held.id));
      },
    );

    it.each(['worker', 'postgres'] as const)(
      `the %s during apply (round ${String(round)})`,
      { timeout: 300_000 },
      async (part) => {
        const n = ++state;
        await stack.place('hr', files(n));
        const held = await stack.sync('hr');
        expect(held.status).toBe('held');
        await resume(held);
        expect(await current(held.id)).toMatchObject({ status: 'running', applied: false });
        await stack.kill(part);
        await check(n, await finish(held.id));
      },
    );

    it(`the worker again and again at random (round ${String(round)})`, { timeout: 300_000 }, async () => {
      const n = ++state;
      await stack.place('hr', files(n));
      const started = await stack.startSync('hr');
      let kills = 0;
      const killing = (async () => {
        while (kills < 4) {
          await sleep(Math.random() * 3_000);
          await stack.kill('worker');
          kills += 1;
        }
      })();
      const done = await finish(started.id);
      await killing;
      expect(kills).toBe(4);
      await check(n, done);
    });
  }
});
