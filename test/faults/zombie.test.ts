import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MarkedPoint } from '../../domain/marked-points.ts';
import type { Sync } from '../../domain/sync.ts';
import { canonicalDump } from '../support/canonical-dump.ts';
import { peopleAndGroups } from '../support/connector.ts';
import { Faults } from '../support/faults.ts';
import { Stack } from '../support/stack.ts';
import { carryThrough } from './carry-through.ts';
import { sourceFiles } from './fault-source.ts';

/** In and outside transactions: what hangs in one keeps its locks for a minute from the worker that takes over. */
const points: MarkedPoint[] = [
  'export/file-open',
  'export/manifest-written',
  'prepare/rows-staged',
  'prepare/before-commit',
  'synchronize/begun',
  'synchronize/before-commit',
  'hold/recorded',
  'apply/begun',
  'apply/before-commit',
  'settle/begun',
];
const connectorOf = (point: MarkedPoint) => `hung${String(points.indexOf(point))}`;

describe('a worker that hangs while another takes over its work', () => {
  let faults: Faults;
  let stack: Stack;
  const dump = (connector: string) => canonicalDump(stack.databaseUrl, connector);
  async function bringTo(connector: string, n: number): Promise<Sync> {
    await stack.place(connector, sourceFiles(n));
    // the first one waits for all points to be reached, then for the locks of the worker that hangs
    return carryThrough(stack, connector, 240);
  }
  beforeAll(async () => {
    faults = await Faults.create();
    // as many steps at once as there are points
    stack = await Stack.start({
      ...faults.environment,
      SYNCLINE_WORKER_SLOTS: 'export=10,prepare=10,apply=10',
    });
    for (const name of ['unharmed', ...points.map(connectorOf)]) await stack.put(peopleAndGroups({ name }), name);
    await Promise.all(['unharmed', ...points.map(connectorOf)].map((connector) => bringTo(connector, 0)));
    await bringTo('unharmed', 1);
  }, 300_000);
  afterAll(async () => {
    await stack.stop();
    await faults.remove();
  });

  it('changes nothing when it comes back, wherever it hung', { timeout: 420_000 }, async () => {
    const going: Promise<Sync>[] = [];
    for (const point of points) {
      await faults.arm(point);
      const sync = bringTo(connectorOf(point), 1);
      sync.catch(() => undefined);
      going.push(sync);
      await faults.reached(point);
    }
    const hanging = stack.freeze('worker');
    stack.launch('worker');
    for (const sync of await Promise.all(going)) expect(sync).toMatchObject({ applied: true, error: null });
    const wanted = await dump('unharmed');
    for (const point of points) expect({ point, ...(await dump(connectorOf(point))) }).toEqual({ point, ...wanted });
    for (const point of points) await faults.release(point);
    hanging.thaw();
    // it ends once its steps have come to their ends
    await hanging.stop();
    for (const point of points) expect({ point, ...(await dump(connectorOf(point))) }).toEqual({ point, ...wanted });
  });
});
