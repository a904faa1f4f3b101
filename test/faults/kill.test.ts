import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markedPoints, type MarkedPoint } from '../../domain/marked-points.ts';
import type { Sync } from '../../domain/sync.ts';
import { canonicalDump, type Dump } from '../support/canonical-dump.ts';
import { peopleAndGroups } from '../support/connector.ts';
import { differences } from '../support/differences.ts';
import { Faults } from '../support/faults.ts';
import { LocalStack, type Part } from '../support/local-stack.ts';
import { patience } from '../support/patience.ts';
import { carryThrough } from './carry-through.ts';
import { sourceFiles } from './fault-source.ts';

/** One kill for many syncs, each of which stands at another point: each part and each phase once. */
const together: Record<Part, MarkedPoint[]> = {
  worker: [
    'export/file-open',
    'prepare/before-commit',
    'synchronize/committed',
    'hold/recorded',
    'apply/committed',
    'settle/begun',
  ],
  api: [
    'start/recorded',
    'start/started',
    'export/table-read',
    'prepare/rows-staged',
    'synchronize/before-commit',
    'decide/asked',
    'decide/answered',
    'apply/before-commit',
    'settle/ended',
  ],
  temporal: [
    'start/recorded',
    'export/begun',
    'prepare/committed',
    'synchronize/begun',
    'decide/asked',
    'apply/begun',
    'settle/begun',
  ],
  postgres: [
    'start/started',
    'export/manifest-written',
    'prepare/begun',
    'synchronize/before-commit',
    'hold/recorded',
    'apply/before-commit',
    'settle/ended',
  ],
};
const parts = Object.keys(together) as Part[];

/** `npm run test:faults`: each part at each point, one after another. */
const all = process.env['FAULTS'] === 'all';

const inTheApi = (point: MarkedPoint) => /^start|^decide\/(asked|answered)/.test(point);
const connectors = Array.from({ length: all ? 1 : 9 }, (_, i) => `faulty${String(i)}`);

describe('parts that are killed with SIGKILL while syncs stand at marked points', () => {
  let faults: Faults;
  let stack: LocalStack;
  let state = 0;
  /** What the same states of the source give where nothing is killed. */
  const undisturbed: Dump[] = [];

  const dump = async (connector: string) => canonicalDump(await stack.databaseUrl(), connector);
  async function bringTo(connector: string, n: number, seconds = 400): Promise<Sync> {
    await stack.place(connector, sourceFiles(n));
    return carryThrough(stack, connector, seconds);
  }
  async function addUndisturbed(): Promise<void> {
    const done = await bringTo('unharmed', undisturbed.length);
    expect(done).toMatchObject({ applied: true, decision: { action: 'resume' } });
    undisturbed.push(await dump('unharmed'));
  }
  async function check(connector: string): Promise<void> {
    const expected = undisturbed[state];
    if (!expected) throw new Error(`there is no undisturbed state ${String(state)}`);
    expect(differences(await dump(connector), expected)).toEqual([]);
  }

  beforeAll(async () => {
    faults = await Faults.create();
    stack = await LocalStack.create(faults.environment);
    await stack.start();
    for (const name of ['unharmed', ...connectors]) await stack.put(peopleAndGroups({ name }), name);
    await Promise.all([addUndisturbed(), ...connectors.map((connector) => bringTo(connector, 0))]);
    for (const connector of connectors) await check(connector);
    if (!all) while (undisturbed.length <= parts.length) await addUndisturbed();
  }, 600_000);
  afterAll(async () => {
    await stack.remove();
    await faults.remove();
  });

  /** Kills a part while one sync stands at each of the points, and sees all of them through. */
  async function killAt(part: Part, points: MarkedPoint[]): Promise<void> {
    state += 1;
    if (all) await addUndisturbed();
    const chosen = points.map((point, i) => ({ point, connector: connectors[i] ?? '' }));
    const going: Promise<Sync>[] = [];
    try {
      for (const { point, connector } of chosen) {
        await faults.arm(point);
        const sync = bringTo(connector, state);
        sync.catch(() => undefined);
        going.push(sync);
        const standing = await faults.reached(point);
        expect(standing).toBe((await stack.parts()).get(inTheApi(point) ? 'api' : 'worker'));
      }
      await stack.kill(part);
    } finally {
      for (const { point } of chosen) await faults.release(point);
    }
    for (const sync of await Promise.all(going))
      expect(sync).toMatchObject({ applied: true, error: null, decision: { action: 'resume' } });
    for (const { connector } of chosen) await check(connector);
    // the others keep up with the state of the source
    await Promise.all(connectors.slice(points.length).map((connector) => bringTo(connector, state)));
  }

  if (all)
    it.each(parts.flatMap((part) => markedPoints.map((point) => [part, point] as const)))(
      'the %s at %s: the end is that of the undisturbed run',
      { timeout: 600_000 },
      (part, point) => killAt(part, [point]),
    );
  else
    it.each(parts)(
      'the %s, once for syncs in every phase: the ends are those of the undisturbed run',
      { timeout: 600_000 },
      (part) => killAt(part, together[part]),
    );

  it(
    'the worker again and again, in one sync: the end is that of the undisturbed run',
    { timeout: 1_200_000 },
    async () => {
      state += 1;
      await addUndisturbed();
      const again: MarkedPoint[] = all
        ? markedPoints.filter((point) => !inTheApi(point))
        : ['prepare/rows-staged', 'synchronize/before-commit', 'apply/before-commit'];
      for (const point of again) await faults.arm(point);
      const going = bringTo('faulty0', state, 900);
      going.catch(() => undefined);
      for (const point of again) {
        expect(await faults.reached(point, 240)).toBe((await stack.parts()).get('worker'));
        await stack.kill('worker');
      }
      expect(await going).toMatchObject({ applied: true, error: null, decision: { action: 'resume' } });
      await check('faulty0');
    },
  );

  it('the worker again and again, in a sync of single items', { timeout: 1_200_000 }, async () => {
    state += 1;
    const again: MarkedPoint[] = all
      ? markedPoints.filter((point) => !inTheApi(point) && !/^(hold|decide)/.test(point))
      : ['synchronize/before-commit', 'settle/ended'];
    const item = async (connector: string): Promise<Sync> => {
      await stack.place(connector, sourceFiles(state));
      return stack.startSync(connector, {
        scope: { keys: { [`${connector}_Person`]: [['E000020'], [`E${String(state).padStart(6, '0')}`]] } },
      });
    };
    const wait = patience();
    const end = async ({ id }: Sync): Promise<Sync> => {
      for (;;) {
        const found = await stack.call('GET', `/v1/syncs/${id}`).catch(() => undefined);
        const sync = found?.status === 200 ? (found.body as Sync) : undefined;
        if (sync && !['queued', 'running'].includes(sync.status)) return sync;
        await wait();
      }
    };
    expect(await end(await item('unharmed'))).toMatchObject({ applied: true, error: null });
    const expected = await dump('unharmed');
    for (const point of again) await faults.arm(point);
    const asked = item('faulty0');
    asked.catch(() => undefined);
    for (const point of again) {
      expect(await faults.reached(point, 240)).toBe((await stack.parts()).get('worker'));
      await stack.kill('worker');
    }
    expect(await end(await asked)).toMatchObject({ applied: true, error: null });
    expect(differences(await dump('faulty0'), expected)).toEqual([]);
  });

  it('what was asked for and never started is told as lost', { timeout: 300_000 }, async () => {
    await stack.until(async () => {
      const syncs = await stack.all<Sync>('/v1/syncs');
      return syncs.every(({ status }) => status.startsWith('completed') || status === 'failed');
    }, 270);
    for (const sync of await stack.all<Sync>('/v1/syncs'))
      if (sync.status === 'failed') expect(sync).toMatchObject({ error: { code: 'workflow-lost' }, applied: false });
  });
});

it('the points that are tried together are of every part, every phase, and the two ways into the API', () => {
  const phases = new Set(markedPoints.map((point) => point.split('/')[0]));
  for (const points of Object.values(together)) {
    const here = new Set(points.map((point) => point.split('/')[0]));
    for (const phase of ['export', 'prepare', 'synchronize', 'apply', 'settle']) expect(here).toContain(phase);
    expect(here.has('hold') || here.has('decide')).toBe(true);
    for (const phase of here) expect(phases).toContain(phase);
  }
});
