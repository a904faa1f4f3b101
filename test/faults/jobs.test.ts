import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MarkedPoint } from '../../domain/marked-points.ts';
import type { Sync } from '../../domain/sync.ts';
import { onePerson } from '../support/connector.ts';
import { Faults } from '../support/faults.ts';
import { Jobs } from '../support/jobs.ts';
import { LocalStack, type Part } from '../support/local-stack.ts';

const rows = 20_000;
/** Each part is killed while a sync of the execution stands at a point of another phase. */
const kills: [Part, MarkedPoint][] = [
  ['worker', 'prepare/rows-staged'],
  ['temporal', 'synchronize/begun'],
  ['postgres', 'export/table-read'],
  ['api', 'hold/recorded'],
];
const connectors = Array.from({ length: 12 }, (_, i) => `k${String(i).padStart(2, '0')}`);

describe('an execution of a job, while each part is killed once', () => {
  let faults: Faults;
  let stack: LocalStack;
  let jobs: Jobs;
  beforeAll(async () => {
    faults = await Faults.create();
    stack = await LocalStack.create({ ...faults.environment, SYNCLINE_JOB_CONCURRENCY: '2' });
    await stack.start();
    jobs = new Jobs(stack);
    const people = `id,name,mail\n${Array.from({ length: rows }, (_, i) => `E${String(i)},Name,m@x\n`).join('')}`;
    for (const name of connectors) {
      await stack.place(name, { 'people.csv': people });
      await stack.put(onePerson({ name }), name);
    }
    await jobs.put('all', { connectors: ['*'] });
  }, 240_000);
  afterAll(async () => {
    await stack.remove();
    await faults.remove();
  });

  it('loses nothing: it ends, with one sync and one result of each connector', { timeout: 900_000 }, async () => {
    const { id } = await jobs.start('all');
    for (const [part, point] of kills) {
      await faults.arm(point);
      await faults.reached(point, 120);
      expect((await jobs.get(id)).status).toBe('running');
      await stack.kill(part);
      await faults.release(point);
      // the parts have found each other again
      await stack.until(async () => (await jobs.get(id).catch(() => undefined)) !== undefined, 120);
    }
    const execution = await jobs.ended(id, 400);
    expect(execution.results.map(({ connector }) => connector).sort()).toEqual(connectors);
    expect(execution.results.map(({ status }) => status)).toEqual(connectors.map(() => 'held'));
    const syncs = await stack.all<Sync>('/v1/syncs?job=all');
    expect(syncs.map(({ connector }) => connector).sort()).toEqual(connectors);
    for (const sync of syncs) {
      expect(sync).toMatchObject({ status: 'held', executionId: id });
      expect(sync.counters[`${sync.connector}_Person`]).toMatchObject({ inserted: rows });
    }
    // and the job is free
    const next = await jobs.run('all', 300);
    expect(next.results.every(({ status, metStatus }) => status === 'skipped' && metStatus === 'held')).toBe(true);
  });
});
