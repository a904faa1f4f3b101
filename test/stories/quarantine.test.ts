import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Quarantine } from '../../domain/quarantine.ts';
import { sleep } from '../support/api-client.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { Jobs, type Execution } from '../support/jobs.ts';
import { Stack } from '../support/stack.ts';

describe('a connector whose scheduled syncs keep failing', () => {
  let stack: Stack;
  let jobs: Jobs;
  beforeAll(async () => {
    stack = await Stack.start();
    jobs = new Jobs(stack);
  });
  afterAll(() => stack.stop());

  const scheduled = async () => (await jobs.of('hourly')).filter(({ trigger }) => trigger === 'scheduled');
  /** As the schedule does it at its time. */
  async function fire(): Promise<Execution> {
    const before = new Set((await scheduled()).map(({ id }) => id));
    await stack.temporal.schedule.getHandle('job:hourly').trigger();
    let ended: Execution | undefined;
    await stack.until(async () => {
      ended = (await scheduled()).find(({ id, endedAt }) => !before.has(id) && endedAt !== null);
      return ended !== undefined;
    }, 120);
    // executions are named by the second in which they begin
    await sleep(1_100);
    return jobs.get((ended as Execution).id);
  }
  const quarantine = async () => (await stack.get<{ quarantine: Quarantine | null }>('/v1/connectors/ill')).quarantine;

  it(
    'is left out of jobs, which say why and until when, and is back after one success',
    { timeout: 400_000 },
    async () => {
      for (const name of ['ill', 'well']) await stack.put(onePerson({ name, thresholds: wide }), name);
      const people = { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x') };
      await stack.place('ill', {});
      await stack.place('well', people);
      await stack.syncAndResume('well');
      await jobs.put('hourly', { connectors: ['ill', 'well'] });
      await stack.until(async () => {
        try {
          await stack.temporal.schedule.getHandle('job:hourly').describe();
          return true;
        } catch {
          return false;
        }
      });
      for (let n = 1; n <= 5; n++) {
        expect(await quarantine()).toBeNull();
        expect((await fire()).results).toMatchObject([
          { connector: 'ill', status: 'failed' },
          { connector: 'well', status: 'completed' },
        ]);
      }
      const told = await quarantine();
      expect(told).toMatchObject({ failures: 5, error: { code: 'missing-file' } });
      const { results } = await fire();
      const left = results.find(({ connector }) => connector === 'ill');
      expect(left).toMatchObject({ status: 'skipped', syncId: null });
      expect(left?.reason).toBe(`quarantined: ${told?.reason ?? ''}`);
      expect(left?.reason).toContain(told?.until);
      expect(results.find(({ connector }) => connector === 'well')?.status).toBe('completed');

      const byHand = await jobs.run('hourly');
      expect(byHand.results.find(({ connector }) => connector === 'ill')?.status).toBe('failed');

      await stack.place('ill', people);
      expect((await stack.syncAndResume('ill')).status).toBe('completed');
      expect(await quarantine()).toBeNull();
      expect((await fire()).results.map(({ status }) => status)).toEqual(['completed', 'completed']);
    },
  );
});
