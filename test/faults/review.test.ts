import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reviewPoints, type MarkedPoint } from '../../domain/marked-points.ts';
import type { FateCounts, SyncStatus } from '../../domain/sync.ts';
import { canonicalDump, type Dump } from '../support/canonical-dump.ts';
import { peopleAndGroups } from '../support/connector.ts';
import { differences } from '../support/differences.ts';
import { Faults } from '../support/faults.ts';
import { LocalStack, type Part } from '../support/local-stack.ts';
import { carryThrough } from './carry-through.ts';
import { sourceFiles } from './fault-source.ts';
import { Reviewer } from './reviewer.ts';

/** What becomes of a held sync. Each way has the points that it passes, in this order. */
const ways = {
  /** A draft applies one part, refuses another and defers the rest; the next sync suppresses and finds again. */
  draft: [
    'decide/asked',
    'decide/answered',
    'decide/recorded',
    'apply/begun',
    'apply/before-commit',
    'apply/committed',
  ],
  refresh: [
    'start/started',
    'prepare/before-commit',
    'refresh/asked',
    'decide/recorded',
    'refresh/superseded',
    'refresh/handed-over',
  ],
  /** It reminds, and expires. */
  expiry: ['hold/recorded', 'review/told', 'decide/recorded', 'settle/ended'],
} as const satisfies Record<string, readonly MarkedPoint[]>;
type Way = keyof typeof ways;
const names = Object.keys(ways) as Way[];

interface Case {
  way: Way;
  point: MarkedPoint;
}

interface DumpedSync {
  nth: number;
  status: SyncStatus;
  accepted: string[] | null;
  told: string[] | null;
  fates: FateCounts;
}

/** One kill for many held syncs, each of which stands at another point. */
const together: Record<Part, Case[]> = {
  // the last three are noticed after a minute, so they come last
  worker: [
    { way: 'draft', point: 'apply/before-commit' },
    { way: 'draft', point: 'apply/committed' },
    { way: 'refresh', point: 'refresh/asked' },
    { way: 'refresh', point: 'refresh/superseded' },
    { way: 'expiry', point: 'settle/ended' },
    { way: 'draft', point: 'decide/recorded' },
    { way: 'expiry', point: 'review/told' },
    { way: 'refresh', point: 'refresh/handed-over' },
  ],
  api: [
    { way: 'draft', point: 'decide/answered' },
    { way: 'refresh', point: 'start/started' },
  ],
  temporal: [
    { way: 'draft', point: 'apply/begun' },
    { way: 'refresh', point: 'refresh/superseded' },
    { way: 'expiry', point: 'review/told' },
  ],
  postgres: [
    { way: 'draft', point: 'apply/before-commit' },
    { way: 'refresh', point: 'refresh/asked' },
    { way: 'expiry', point: 'hold/recorded' },
  ],
};
const parts = Object.keys(together) as Part[];
/** `npm run test:faults`: each part at each point of each way. */
const all = process.env['FAULTS'] === 'all';
const inTheApi = (point: MarkedPoint) => /^start|^decide\/(asked|answered)/.test(point);

describe('parts that are killed with SIGKILL while held syncs are refreshed, decided on in part, or expire', () => {
  let faults: Faults;
  let stack: LocalStack;
  let reviewer: Reviewer;
  let connectors = 0;
  const undisturbed = new Map<Way, Dump>();

  /** A connector with 240 people, whose source says something else by now. @returns how its next sync goes its way */
  async function begin(way: Way): Promise<{ connector: string; go: () => Promise<void> }> {
    const connector = `held${String(++connectors)}`;
    await stack.put(peopleAndGroups({ name: connector }), connector);
    await stack.place(connector, sourceFiles(0));
    expect(await carryThrough(stack, connector)).toMatchObject({ applied: true });
    await stack.place(connector, sourceFiles(1));
    if (way === 'expiry') {
      await reviewer.shortenTimers(connector);
      return { connector, go: async () => reviewer.expire(await reviewer.hold(connector)) };
    }
    const held = await reviewer.hold(connector);
    if (way === 'draft') return { connector, go: () => reviewer.decideInPart(connector, held) };
    await stack.place(connector, sourceFiles(2));
    return { connector, go: () => reviewer.refresh(connector, held) };
  }
  const dump = async (connector: string) => canonicalDump(await stack.databaseUrl(), connector);

  beforeAll(async () => {
    faults = await Faults.create();
    stack = await LocalStack.create(faults.environment);
    await stack.start();
    reviewer = new Reviewer(stack);
    await Promise.all(
      names.map(async (way) => {
        const { connector, go } = await begin(way);
        await go();
        undisturbed.set(way, await dump(connector));
      }),
    );
  }, 600_000);
  afterAll(async () => {
    await stack.remove();
    await faults.remove();
  });

  async function killAt(part: Part, cases: Case[]): Promise<void> {
    const begun = await Promise.all(cases.map(async (each) => ({ ...each, ...(await begin(each.way)) })));
    const going: Promise<void>[] = [];
    try {
      for (const { point, go } of begun) {
        await faults.arm(point);
        const end = go();
        end.catch(() => undefined);
        going.push(end);
        expect(await faults.reached(point)).toBe((await stack.parts()).get(inTheApi(point) ? 'api' : 'worker'));
      }
      await stack.kill(part);
    } finally {
      for (const { point } of begun) await faults.release(point);
    }
    await Promise.all(going);
    for (const { way, connector } of begun) {
      const expected = undisturbed.get(way);
      if (!expected) throw new Error(`there is no undisturbed end of ${way}`);
      expect(differences(await dump(connector), expected)).toEqual([]);
    }
  }

  it('without a kill, each way ends as it should', () => {
    const syncs = (way: Way) =>
      (undisturbed.get(way)?.lines['syncs'] ?? [])
        .map((line) => JSON.parse(line) as DumpedSync)
        .sort((a, b) => a.nth - b.nth)
        .map(({ status, accepted, told, fates }) => ({ status, accepted, told, fates: Object.keys(fates) }));
    const first = { status: 'completed', accepted: ['resume'], told: null };
    const resumed = { status: 'completed-with-errors', accepted: ['resume'], told: null };
    expect(syncs('draft')).toMatchObject([
      first,
      { ...resumed, fates: ['refused', 'deferred'] },
      { ...resumed, fates: ['suppressed'] },
    ]);
    expect(undisturbed.get('draft')?.lines['refusals']?.length).toBeGreaterThan(0);
    expect(syncs('refresh')).toMatchObject([
      first,
      { status: 'superseded', accepted: ['supersede'], told: null },
      first,
    ]);
    expect(syncs('expiry')).toMatchObject([first, { status: 'rejected', accepted: ['expire'], told: ['reminded'] }]);
  });

  if (all)
    it.each(parts.flatMap((part) => names.flatMap((way) => ways[way].map((point) => [part, way, point] as const))))(
      'the %s, %s, at %s: the end is that of the undisturbed run',
      { timeout: 600_000 },
      (part, way, point) => killAt(part, [{ way, point }]),
    );
  else
    it.each(parts)(
      'the %s, once for held syncs at every point: the ends are those of the undisturbed runs',
      { timeout: 600_000 },
      (part) => killAt(part, together[part]),
    );
});

it('every point that only held syncs reach is tried with the worker, and each way with each part', () => {
  const points = together.worker.map(({ point }) => point);
  for (const point of reviewPoints) expect(points).toContain(point);
  for (const [part, cases] of Object.entries(together))
    expect([...new Set(cases.map(({ way }) => way))]).toEqual(part === 'api' ? ['draft', 'refresh'] : names);
  for (const { way, point } of Object.values(together).flat()) expect(ways[way]).toContain(point);
});
