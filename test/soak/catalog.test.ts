import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';
import { CatalogProbe, catalogs, type CatalogSnapshot } from './catalog.ts';

/** Of ten kinds, in turn. `npm run soak` makes a thousand. */
const syncs = Number(process.env['SOAK_SYNCS'] ?? 40);
/** Longer than autovacuum needs to come by: it is left alone then, else we stand in for it. */
const long = syncs >= 200;
const people = 60;

/** People with a manager each; the edition is told by the names of a few. */
function files(edition: number, { from = 0, reversed = false } = {}): Record<string, string> {
  const persons = Array.from({ length: people - from }, (_, i) => {
    const n = i + from;
    return `E${String(n)},Name ${String(n % 20 === 3 ? edition : 0)},m@x,${n > from ? `E${String(from)}` : ''}`;
  });
  const members = Array.from({ length: people - from }, (_, i) => `G${String(i % 5)},E${String(i + from)}`);
  if (reversed) for (const list of [persons, members]) list.reverse();
  return {
    'people.csv': csv('id,name,mail,manager', ...persons),
    'groups.csv': csv('id,title', ...Array.from({ length: 5 }, (_, n) => `G${String(n)},Group`)),
    'members.csv': csv('group,person', ...members),
  };
}

describe('what a thousand syncs leave behind', () => {
  let stack: Stack;
  let probe: CatalogProbe;
  beforeAll(async () => {
    stack = await Stack.start({
      SYNCLINE_CLEAN_UP_SECONDS: '5',
      SYNCLINE_KEEP_CHANGES_DAYS: '0',
      SYNCLINE_KEEP_CHANGES_SYNCS: '10',
      SYNCLINE_KEEP_EXPORTS_DAYS: '0',
      SYNCLINE_KEEP_EXPORTS_SYNCS: '1',
    });
    probe = await CatalogProbe.connect(inject('databaseAdminUrl'), stack.databaseUrl);
    await stack.put(
      peopleAndGroups({
        name: 'soak',
        thresholds: { ...wide, maximumDeletedLines: 15 },
        settings: { delta: { directory: 'soak-delta', commandColumn: 'command' } },
      }),
      'soak',
    );
    await stack.place('soak-delta', {});
  });
  afterAll(async () => {
    await probe.end();
    await stack.stop();
  });

  /** Every kind of sync, and how each has to end. */
  const kinds: Record<string, (n: number) => Promise<Sync>> = {
    changed: async (n) => {
      await stack.place('soak', files(n));
      return ended(await stack.sync('soak'), 'completed');
    },
    unchanged: async () => ended(await stack.sync('soak'), 'completed'),
    reordered: async (n) => {
      await stack.place('soak', files(n - 2, { reversed: true }));
      return ended(await stack.sync('soak'), 'completed');
    },
    incremental: async (n) => {
      const file = `people-${String(n).padStart(6, '0')}.csv`;
      await stack.place('soak-delta', { [file]: csv('command,id,mail', `update,E7,m${String(n)}@x`) });
      const sync = ended(await stack.sync('soak', { mode: 'incremental' }), 'completed');
      await stack.place('soak-delta', { [file]: null });
      return sync;
    },
    'limited to keys': async () =>
      ended(await stack.sync('soak', { scope: { keys: { soak_Person: [['E7'], ['E8']] } } }), 'completed'),
    rejected: async (n) => {
      await stack.place('soak', files(n, { from: 20 }));
      const held = ended(await stack.sync('soak'), 'held');
      return ended(await stack.decide(held, 'reject'), 'rejected');
    },
    failed: async (n) => {
      await stack.place('soak', { ...files(n), 'people.csv': csv('id,nom', 'E1,x') });
      return ended(await stack.sync('soak'), 'failed');
    },
    'dry run': async (n) => {
      await stack.place('soak', files(n, { from: 2 }));
      return ended(await stack.sync('soak', { dryRun: true }), 'completed');
    },
    resumed: async (n) => {
      await stack.place('soak', files(n, { from: 20 }));
      return ended(await stack.decide(ended(await stack.sync('soak'), 'held'), 'resume'), 'completed');
    },
    'come again': async (n) => {
      await stack.place('soak', files(n));
      return ended(await stack.sync('soak'), 'completed');
    },
  };

  function ended(sync: Sync, status: Sync['status']): Sync {
    expect(sync, JSON.stringify([sync.error, sync.holds])).toMatchObject({ status });
    return sync;
  }

  /** Events of a sync's history; those of the engine's own turns depend on how busy the machine is. */
  async function historyLength({ workflowId, runId }: Sync): Promise<number> {
    const handle = stack.temporal.workflow.getHandle(workflowId, runId ?? undefined);
    // the tables say that it has ended before the workflow itself has
    await handle.result().catch(() => undefined);
    const { events } = await handle.fetchHistory();
    return (events ?? []).filter((event) => !event.workflowTaskScheduledEventAttributes).filter(isNoTurn).length;
  }

  it(
    'is the same tables, catalogs of bounded size, and histories of the same length',
    { timeout: 60_000 + syncs * 20_000 },
    async () => {
      await stack.place('soak', files(0));
      ended(await stack.syncAndResume('soak'), 'completed');
      const names = Object.keys(kinds);
      const lengths = new Map<string, number[]>();
      const snapshots: { n: number; seconds: number; seen: CatalogSnapshot }[] = [];
      const began = Date.now();
      const every = Math.max(names.length, Math.floor(syncs / 10 / names.length) * names.length);
      const look = async (n: number) => {
        if (!long) await probe.vacuum();
        snapshots.push({ n, seconds: (Date.now() - began) / 1000, seen: await probe.snapshot() });
      };
      for (let n = 1; n <= syncs; n++) {
        const kind = names[(n - 1) % names.length] ?? '';
        const sync = await kinds[kind]?.(n);
        if (!sync) throw new Error('there are ten');
        lengths.set(kind, [...(lengths.get(kind) ?? []), await historyLength(sync)]);
        if (n % every === 0) await look(n);
      }
      await stack.until(async () => (await probe.count('syncline.change')) < 2000, 60);
      if (long) process.stdout.write(`${figures(snapshots, lengths)}\n`);

      const [first] = snapshots;
      const last = snapshots.at(-1);
      if (!first || !last) throw new Error('it looked at least twice');
      expect(last.seen.objects).toEqual(first.seen.objects);
      expect(last.seen.objects.filter((name) => name.startsWith('syncline_staging r '))).toEqual([
        'syncline_staging r marker',
      ]);
      expect(last.seen.temporary).toBe(0);
      // two tables for each thousand syncs of which some are kept, none for a large change set
      for (const { seen } of snapshots) expect(seen.changeParts.length).toBeLessThanOrEqual(4);
      // the largest of the second half against that of the first: a page more is chance, growth is not
      const half = Math.ceil(snapshots.length / 2);
      const largest = (some: typeof snapshots, name: string) =>
        Math.max(...some.map(({ seen }) => seen.sizes[name] ?? 0));
      for (const name of catalogs) {
        const [before, after] = [largest(snapshots.slice(0, half), name), largest(snapshots.slice(half), name)];
        expect(after, `bytes of ${name}`).toBeLessThanOrEqual(before * 1.25 + 65_536);
      }
      for (const [kind, all] of lengths) {
        const middle = Math.ceil(all.length / 2);
        expect(Math.max(...all.slice(middle)), kind).toBeLessThanOrEqual(Math.max(...all.slice(0, middle)));
      }
    },
  );
});

type Event = NonNullable<
  Awaited<ReturnType<ReturnType<Stack['temporal']['workflow']['getHandle']>['fetchHistory']>>['events']
>[number];
const isNoTurn = (event: Event) =>
  !event.workflowTaskStartedEventAttributes && !event.workflowTaskCompletedEventAttributes;

/** For a person who reads along. */
function figures(
  snapshots: { n: number; seconds: number; seen: CatalogSnapshot }[],
  lengths: ReadonlyMap<string, number[]>,
): string {
  const kib = (bytes: number | undefined) => String(Math.round((bytes ?? 0) / 1024)).padStart(9);
  const lines = [
    ['syncs', 'seconds', ...catalogs.map((name) => name.slice(3))].map((name) => name.padStart(9)).join(' ') + '  KiB',
    ...snapshots.map(({ n, seconds, seen }) =>
      [String(n).padStart(9), seconds.toFixed(0).padStart(9), ...catalogs.map((name) => kib(seen.sizes[name]))].join(
        ' ',
      ),
    ),
  ];
  const [first] = snapshots;
  const last = snapshots.at(-1);
  if (first && last) {
    const between = last.n - first.n;
    const row = (title: string, of: (name: string) => number) =>
      lines.push([title.padStart(19), ...catalogs.map((name) => String(Math.round(of(name))).padStart(9))].join(' '));
    row('rows written a sync', (name) => ((last.seen.written[name] ?? 0) - (first.seen.written[name] ?? 0)) / between);
    row('dead rows at last', (name) => last.seen.dead[name] ?? 0);
    row('rows at first', (name) => first.seen.live[name] ?? 0);
    row('rows at last', (name) => last.seen.live[name] ?? 0);
  }
  for (const [kind, all] of lengths)
    lines.push(
      `${kind}: ${String(Math.min(...all))} to ${String(Math.max(...all))} events in ${String(all.length)} syncs`,
    );
  return lines.join('\n');
}
