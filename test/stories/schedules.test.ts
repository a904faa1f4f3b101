import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ScheduleRegister } from '../../activities/dependencies.ts';
import { reconcileSchedules } from '../../activities/reconcile-jobs.ts';
import { openDatabase } from '../../repository/database.ts';
import { installationId } from '../../repository/installation.ts';
import { scheduleRegister } from '../../worker/register.ts';
import { namesOf } from '../../workflows/names.ts';
import { sleep } from '../support/api-client.ts';
import type { Job } from '../support/jobs.ts';
import { Stack } from '../support/stack.ts';

describe('the jobs out of the box', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({}, { defaultJobs: true });
    // none of them is to run while the test looks at them
    for (const name of ['complete', 'incremental', 'managed', 'reconcile'])
      await stack.call('POST', `/v1/jobs/${name}/pause`, { note: 'looked at' });
  });
  afterAll(() => stack.stop());

  it('are four, each a Temporal Schedule that the Temporal CLI lists', async () => {
    const jobs = await stack.all<Job>('/v1/jobs');
    expect(
      jobs.map(({ name, mode, cron, overlap, managedOnly }) => ({ name, mode, cron, overlap, managedOnly })),
    ).toEqual([
      { name: 'complete', mode: 'complete', cron: '0 2 * * *', overlap: 'skip', managedOnly: false },
      { name: 'incremental', mode: 'incremental', cron: '0 1-23/2 * * *', overlap: 'skip', managedOnly: false },
      { name: 'managed', mode: 'complete', cron: '30 */4 * * *', overlap: 'skip', managedOnly: true },
      { name: 'reconcile', mode: 'complete', cron: '0 22 * * MON,WED,FRI', overlap: 'wait', managedOnly: false },
    ]);
    for (const job of jobs)
      expect(job).toMatchObject({ connectors: ['*'], builtin: true, timezone: 'UTC', paused: true });
    await stack.until(async () => (await schedulesOf(stack)).length === 4);
    expect(await schedulesOf(stack)).toEqual(['job:complete', 'job:incremental', 'job:managed', 'job:reconcile']);
    // a busy Temporal may have it a little later than the API has answered
    const complete = stack.temporal.schedule.getHandle('job:complete');
    await stack.until(async () => (await complete.describe()).state.paused);
    const described = await complete.describe();
    expect(described).toMatchObject({
      state: { paused: true, note: 'looked at' },
      policies: { overlap: 'ALLOW_ALL', catchupWindow: 3_600_000 },
      action: { workflowType: 'runJob', workflowId: 'job:complete', args: [{ job: 'complete' }] },
    });
    expect(described.memo ?? {}).toEqual({});
  });

  it('stay deleted where somebody deleted them, and their schedule too', async () => {
    expect((await stack.call('DELETE', '/v1/jobs/managed')).status).toBe(204);
    expect((await stack.call('GET', '/v1/jobs/managed')).status).toBe(404);
    await stack.kill('worker');
    stack.launch('worker');
    await stack.until(async () => !(await schedulesOf(stack)).includes('job:managed'));
    expect((await stack.all<Job>('/v1/jobs')).map(({ name }) => name)).toEqual([
      'complete',
      'incremental',
      'reconcile',
    ]);
  });

  it('are made again from the table where the schedules are gone or differ, and strange ones go', async () => {
    const { temporal } = stack;
    await temporal.schedule.getHandle('job:complete').delete();
    await temporal.schedule.getHandle('job:reconcile').unpause();
    await temporal.schedule.getHandle('job:incremental').update((before) => ({
      ...before,
      spec: { cronExpressions: ['*/5 * * * *'] },
    }));
    const { installation } = (await temporal.schedule.getHandle('job:incremental').describe()).action.memo ?? {};
    const strange = (name: string, memo: Record<string, unknown>) =>
      temporal.schedule.create({
        scheduleId: `job:${name}`,
        spec: { cronExpressions: ['0 0 1 1 *'] },
        action: { type: 'startWorkflow', workflowType: 'runJob', taskQueue: 'sync', args: [{ job: name }], memo },
      });
    await strange('stranger', { installation });
    // one that another installation made, and one of which nobody knows whose it is, stay
    await strange('theirs', { installation: crypto.randomUUID() });
    await strange('unknown', {});
    const described = (name: string) => temporal.schedule.getHandle(`job:${name}`).describe();
    await stack.until(
      async () =>
        (await schedulesOf(stack)).join() === 'job:complete,job:incremental,job:reconcile,job:theirs,job:unknown',
    );
    await stack.until(async () => (await described('reconcile')).state.paused);
    await stack.until(async () => (await described('incremental')).spec.calendars?.[0]?.comment === '0 1-23/2 * * *');
  });

  it('have the schedule that a person saved last, whoever was writing it just then', async () => {
    const db = openDatabase(stack.databaseUrl, { applicationName: 'test', poolSize: 1, statementTimeoutMs: 60_000 });
    const register = scheduleRegister(stack.temporal, { names: namesOf(''), id: await installationId(db) });
    const name = 'contested';
    const save = (cron: string) =>
      stack.call('PUT', `/v1/jobs/${name}`, {
        mode: 'complete',
        connectors: ['*'],
        cron,
        timezone: 'UTC',
        paused: true,
      });
    const schedule = () => stack.temporal.schedule.getHandle(`job:${name}`);
    await save('0 3 1 1 *');
    await schedule().unpause();
    // a reconcile that has read the row, and writes to Temporal when somebody has long asked for another cron
    const asked: Promise<{ status: number }>[] = [];
    const answered: string[] = [];
    const askFor = async (cron: string) => {
      asked.push(save(cron).finally(() => answered.push(cron)));
      await sleep(1000);
      // whoever asks waits for the one that writes, so as to write after it
      expect(answered).not.toContain(cron);
    };
    const untilCron = (cron: string) =>
      stack.until(
        async () =>
          (
            await schedule()
              .describe()
              .catch(() => undefined)
          )?.spec.calendars?.[0]?.comment === cron,
      );
    const slowly: ScheduleRegister = {
      ...register,
      list: () => Promise.resolve([name]),
      async put(job) {
        if (job.name !== name) return false;
        await askFor('0 4 1 1 *');
        return register.put(job);
      },
    };
    await reconcileSchedules({ db, schedules: slowly });
    expect(await Promise.all(asked)).toMatchObject([{ status: 200 }]);
    await untilCron('0 4 1 1 *');
    // and one that is to remove what is no job's, while it becomes one's
    await stack.call('DELETE', `/v1/jobs/${name}`);
    await reconcileSchedules({
      db,
      schedules: {
        ...slowly,
        put: () => Promise.resolve(false),
        async remove(job) {
          await askFor('0 5 1 1 *');
          await register.remove(job);
        },
      },
    });
    expect(await Promise.all(asked)).toMatchObject([{ status: 200 }, { status: 201 }]);
    await untilCron('0 5 1 1 *');
    await stack.call('DELETE', `/v1/jobs/${name}`);
    await db.destroy();
  });

  it('run at the times that are answered', async () => {
    for (const [name, cron, timezone] of [
      ['plain', '0 2 * * *', 'Europe/Paris'],
      ['either', '15 4 1,15 * MON-FRI', 'America/New_York'],
      ['steps', '*/20 6-8 * jan,Feb,Mar 7', 'Asia/Tokyo'],
    ]) {
      const put = await stack.call('PUT', `/v1/jobs/${name ?? ''}`, {
        mode: 'complete',
        connectors: ['*'],
        cron,
        timezone,
      });
      expect(put.status).toBe(201);
      const wanted = (put.body as Job).nextRuns;
      expect(wanted).toHaveLength(5);
      await stack.until(async () => (await schedulesOf(stack)).includes(`job:${name ?? ''}`));
      const { info } = await stack.temporal.schedule.getHandle(`job:${name ?? ''}`).describe();
      expect(info.nextActionTimes.slice(0, 5).map((at) => at.toISOString().replace('.000Z', 'Z'))).toEqual(wanted);
      await stack.call('DELETE', `/v1/jobs/${name ?? ''}`);
    }
  });
});

/** As `temporal schedule list` shows them. */
async function schedulesOf(stack: Stack): Promise<string[]> {
  const { stdout } = await promisify(execFile)(inject('temporalCli'), [
    ...['schedule', 'list', '--address', inject('temporalAddress'), '--namespace', stack.namespace, '--output', 'json'],
  ]);
  return (JSON.parse(stdout === '' ? '[]' : stdout) as { scheduleId: string }[])
    .map(({ scheduleId }) => scheduleId)
    .sort();
}
