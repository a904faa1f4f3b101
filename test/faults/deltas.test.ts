import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markedPoints, type MarkedPoint } from '../../domain/marked-points.ts';
import type { Sync } from '../../domain/sync.ts';
import { canonicalDump } from '../support/canonical-dump.ts';
import { csv, peopleAndGroups, wide } from '../support/connector.ts';
import { differences } from '../support/differences.ts';
import { Faults } from '../support/faults.ts';
import { LocalStack, type Part } from '../support/local-stack.ts';
import { carryThrough } from './carry-through.ts';
import { sourceFiles } from './fault-source.ts';

const inTheWorker = (point: MarkedPoint) => !/^start|^hold|^decide/.test(point);
const all: [Part, MarkedPoint][] = (['worker', 'postgres', 'temporal'] as const).flatMap((part) =>
  markedPoints.filter(inTheWorker).map((point): [Part, MarkedPoint] => [part, point]),
);
/** `npm run test:faults` tries each part at each point. */
const kills: [Part, MarkedPoint][] =
  process.env['FAULTS'] === 'all'
    ? all
    : [
        ['worker', 'export/table-read'],
        ['postgres', 'apply/before-commit'],
        ['worker', 'apply/committed'],
      ];

const connectors = ['unharmed', 'faulty'] as const;

describe('incremental syncs over delta files, while a part is killed at a marked point', () => {
  let faults: Faults;
  let stack: LocalStack;
  let round = 0;
  const dump = async (connector: string) => canonicalDump(await stack.databaseUrl(), connector);
  const sync = (connector: string): Promise<Sync> => carryThrough(stack, connector, 150, 'incremental');

  /** The next delta files: an insert, updates, a delete with its links, a new member, and a file that is unfinished. */
  async function placeNext(): Promise<void> {
    round += 1;
    const n = String(round).padStart(3, '0');
    const id = (i: number) => `E${String(i).padStart(6, '0')}`;
    for (const connector of connectors)
      await stack.place(`${connector}-delta`, {
        [`people-${n}a.csv`]: csv('command,id,name', `update,${id(100)},Round ${n}`, `insert,N${n},New ${n}`),
        [`people-${n}b.csv`]: csv('command,id,manager', `delete,${id(round)},`, `update,${id(101)},N${n}`),
        [`members-${n}.csv`]: csv('command,group,person', `merge,G0,N${n}`, `delete,G0,${id(120)}`),
        [`people-${n}z.csv`]: `command,id,name\nupdate,${id(102)},Cut`,
      });
  }

  beforeAll(async () => {
    faults = await Faults.create();
    stack = await LocalStack.create(faults.environment);
    await stack.start();
    for (const name of connectors) {
      const settings = { delta: { directory: `${name}-delta`, commandColumn: 'command' } };
      await stack.put(peopleAndGroups({ name, thresholds: wide, settings }), name);
      await stack.place(name, sourceFiles(0));
      await stack.place(`${name}-delta`, {});
      expect(await carryThrough(stack, name)).toMatchObject({ applied: true });
    }
  }, 600_000);
  afterAll(async () => {
    await stack.remove();
    await faults.remove();
  });

  it.each(kills)(
    'the %s at %s: the end is that of the undisturbed run, and no file is taken twice or forgotten',
    { timeout: 600_000 },
    async (part, point) => {
      await placeNext();
      const undisturbed = await sync('unharmed');
      expect(undisturbed).toMatchObject({ mode: 'incremental', applied: true });
      await faults.arm(point);
      const going = sync('faulty');
      going.catch(() => undefined);
      try {
        expect(await faults.reached(point)).toBe((await stack.parts()).get('worker'));
        await stack.kill(part);
      } finally {
        await faults.release(point);
      }
      expect(await going).toMatchObject({ applied: true, error: null, counters: expect.anything() as unknown });
      expect(differences(await dump('faulty'), await dump('unharmed'))).toEqual([]);
      const again = await Promise.all(connectors.map(sync));
      // nothing is left to take
      for (const { mode, connector, counters } of again)
        expect({ mode, ...counters[`${connector}_Person`] }).toMatchObject({
          mode: 'incremental',
          inserted: 0,
          updated: 0,
          deleted: 0,
        });
    },
  );
});
