import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { Jobs, linked, type Execution, type Job } from '../support/jobs.ts';
import { Stack } from '../support/stack.ts';

const people = (count: number, name = 'a') =>
  `id,name,mail\n${Array.from({ length: count }, (_, i) => `${String(i)},${name},m@x\n`).join('')}`;

describe('a job', () => {
  let stack: Stack;
  let jobs: Jobs;
  let n = 0;
  let name = '';
  beforeAll(async () => {
    stack = await Stack.start({ SYNCLINE_JOB_CONCURRENCY: '2' });
    jobs = new Jobs(stack);
  });
  afterAll(() => stack.stop());
  beforeEach(() => {
    name = `j${String(++n)}`;
  });

  /** A connector of its own, applied once. */
  async function connector(suffix: string, thresholds: Record<string, number> = wide, count = 30): Promise<string> {
    const own = `${name}-${suffix}`;
    const file = onePerson({ name: own, thresholds });
    file.entityTypes = file.entityTypes.map((type) => ({ ...type, name: `${name}_${suffix}` }));
    await stack.put(file, own);
    await stack.place(own, { 'people.csv': people(count) });
    // a first sync is always held
    expect(await stack.syncAndResume(own)).toMatchObject({ status: 'completed', applied: true });
    return own;
  }

  /** A connector whose next sync takes long enough to be met. */
  async function slow(thresholds: Record<string, number> = wide): Promise<string> {
    const own = await connector('slow', thresholds, 60_000);
    await stack.place(own, { 'people.csv': people(60_000).replaceAll(/([13579]),a,/g, '$1,b,') });
    return own;
  }

  it('over three connectors of which one is broken and one is held has the right three results, and ends', async () => {
    const [good, broken, held] = [await connector('good'), await connector('broken'), await connector('held', {})];
    await stack.place(broken, { 'people.csv': null });
    await stack.place(held, { 'people.csv': people(500) });
    await jobs.put(name, { connectors: [broken, good, held] });
    const execution = await jobs.run(name);
    expect(execution).toMatchObject({
      status: 'completed-with-errors',
      job: name,
      trigger: 'manual',
      startedBy: 'user:local',
    });
    const results = Object.fromEntries(execution.results.map((result) => [result.connector, result]));
    expect(results).toMatchObject({
      [good]: { status: 'completed', reason: null },
      [broken]: { status: 'failed', reason: 'missing-file' },
      [held]: { status: 'held', reason: 'threshold-exceeded' },
    });
    for (const result of execution.results)
      expect(await stack.get<Sync>(`/v1/syncs/${result.syncId ?? ''}`)).toMatchObject({
        connector: result.connector,
        status: result.status,
        // a person ran the job, so the syncs are that person's
        trigger: 'manual',
        priority: 'normal',
        job: name,
        executionId: execution.id,
        syncedBy: 'user:local',
      });
    expect(await stack.all<Sync>(`/v1/syncs?job=${name}`)).toHaveLength(3);

    // what is held stays as it is, whatever the schedule wants; the connector is skipped and names it
    const heldId = results[held]?.syncId ?? '';
    const again = await jobs.run(name);
    expect(again.results.find((each) => each.connector === held)).toMatchObject({
      status: 'skipped',
      reason: `sync-held: ${heldId}`,
      metSyncId: heldId,
      metStatus: 'held',
    });
    expect(await stack.get<Sync>(`/v1/syncs/${heldId}`)).toMatchObject({ status: 'held', decision: null });
    const skipped = again.results.find((each) => each.connector === held)?.syncId ?? '';
    expect(await stack.get<Sync>(`/v1/syncs/${skipped}`)).toMatchObject({ status: 'skipped', applied: false });

    // a person may replace it, which is recorded
    const next = await stack.sync(held, { supersede: heldId });
    expect(next.status).toBe('held');
    expect(await stack.get<Sync>(`/v1/syncs/${heldId}`)).toMatchObject({
      status: 'superseded',
      job: name,
      decision: { action: 'supersede', by: 'user:local' },
    });
    await stack.decide(next, 'reject');
  });

  it('takes connectors in the order of their links, and those that lead to one wait for its end', async () => {
    const names = ['a', 'b', 'c'].map((each) => `${name}-${each}`) as [string, string, string];
    const [a, b, c] = names;
    const rows = (count: number) =>
      `id,to\n${Array.from({ length: count }, (_, i) => `${String(i)},${String(i)}\n`).join('')}`;
    // a leads to b, b to c; what a and b have to do is small, what c has is large
    for (const [own, to] of [
      [c, undefined],
      [b, c],
      [a, b],
    ] as const) {
      await stack.put(linked(own, to), own);
      await stack.place(own, { 'people.csv': rows(own === c ? 20_000 : 3) });
      await stack.syncAndResume(own);
    }
    await stack.place(a, { 'people.csv': rows(4) });
    await stack.place(b, { 'people.csv': rows(4) });
    await stack.place(c, { 'people.csv': rows(40_000) });
    await jobs.put(name, { connectors: [a, b, c] });
    const execution = await jobs.run(name);
    expect(execution.status).toBe('completed');
    expect(execution.results.map(({ connector: each }) => each)).toEqual([c, b, a]);
    const syncs = await Promise.all(
      execution.results.map(({ syncId }) => stack.get<Sync>(`/v1/syncs/${syncId ?? ''}`)),
    );
    for (let i = 1; i < syncs.length; i++)
      expect(Date.parse(syncs[i]?.createdAt ?? '')).toBeGreaterThanOrEqual(Date.parse(syncs[i - 1]?.endedAt ?? ''));
  });

  it('goes round a circle of links without waiting for ever', async () => {
    const [a, b] = [`${name}-a`, `${name}-b`];
    await stack.put(linked(a), a);
    await stack.put(linked(b, a), b);
    await stack.put(linked(a, b), a);
    for (const own of [a, b]) await stack.place(own, { 'people.csv': csv('id,to', '1,1') });
    for (const own of [a, b, a]) await stack.syncAndResume(own);
    await jobs.put(name, { connectors: [a, b] });
    const execution = await jobs.run(name);
    expect(execution.results.map(({ connector: each }) => each)).toEqual([a, b]);
    expect(execution.results.map(({ status }) => status)).toEqual(['completed', 'completed']);
  });

  it('leaves out what it is not for and says so, and has no deactivated connector', async () => {
    const [plain, off] = [await connector('plain'), await connector('off')];
    await stack.call('POST', `/v1/connectors/${off}/deactivate`);
    const gone = `${name}-gone`;
    await stack.put(linked(gone), gone);
    await jobs.put(`${name}i`, { mode: 'incremental', connectors: [plain, off, gone] });
    expect((await stack.call('DELETE', `/v1/connectors/${gone}`)).status).toBe(204);
    const incremental = await jobs.run(`${name}i`);
    expect(incremental).toMatchObject({
      status: 'skipped',
      reason: 'nothing-started',
      results: [
        { connector: plain, syncId: null, status: 'skipped', reason: 'no-incremental-mode' },
        { connector: gone, syncId: null, status: 'skipped', reason: 'no-connector' },
      ],
    });
    await jobs.put(`${name}m`, { connectors: [plain], managedOnly: true });
    expect((await jobs.run(`${name}m`)).results).toMatchObject([{ status: 'skipped', reason: 'no-managed-resources' }]);
    await jobs.put(`${name}o`, { connectors: [off] });
    expect(await jobs.run(`${name}o`)).toMatchObject({ status: 'skipped', reason: 'no-connectors', results: [] });
    // by hand it goes
    expect(await stack.sync(off)).toMatchObject({ status: 'completed', trigger: 'manual' });
  });

  it('synchronises incrementally what can be', async () => {
    const own = `${name}-delta`;
    const file = onePerson({
      name: own,
      thresholds: wide,
      settings: { delta: { directory: `${own}-changes`, commandColumn: 'command' } },
    });
    file.entityTypes = file.entityTypes.map((type) => ({ ...type, name: `${name}_Delta` }));
    await stack.put(file, own);
    await stack.place(own, { 'people.csv': people(5) });
    await stack.syncAndResume(own);
    await stack.place(`${own}-changes`, { 'people-001.csv': csv('command,id,name,mail', 'insert,9,New,n@x') });
    await jobs.put(name, { mode: 'incremental', connectors: [own] });
    const execution = await jobs.run(name);
    expect(execution).toMatchObject({ status: 'completed', mode: 'incremental' });
    expect(await stack.get<Sync>(`/v1/syncs/${execution.results[0]?.syncId ?? ''}`)).toMatchObject({
      mode: 'incremental',
      counters: { [`${name}_Delta`]: { inserted: 1 } },
    });
  });

  it('whose overlap is skip ends an execution that meets another one, naming it', async () => {
    const own = await slow();
    await jobs.put(name, { connectors: [own] });
    const first = await jobs.start(name);
    await stack.until(async () => (await jobs.get(first.id)).status === 'running');
    expect(await jobs.run(name)).toMatchObject({
      status: 'skipped',
      reason: 'overlap',
      metExecutionId: first.id,
      results: [],
    });
    expect((await jobs.ended(first.id)).status).toBe('completed');
  });

  it('whose overlap is wait lets one wait for its turn, and no second one', async () => {
    const own = await slow();
    await jobs.put(name, { connectors: [own], overlap: 'wait' });
    const first = await jobs.start(name);
    await stack.until(async () => (await jobs.get(first.id)).status === 'running');
    const second = await jobs.start(name);
    await stack.until(async () => (await jobs.get(second.id)).status === 'waiting');
    expect((await jobs.get(second.id)).metExecutionId).toBe(first.id);
    expect(await jobs.run(name)).toMatchObject({
      status: 'skipped',
      reason: 'already-waiting',
      metExecutionId: second.id,
    });
    // where the job stands: one of it runs, though others were asked for since
    expect((await stack.get<Job>(`/v1/jobs/${name}`)).lastExecution).toMatchObject({ id: first.id, status: 'running' });
    const [one, two] = [await jobs.ended(first.id), await jobs.ended(second.id)];
    expect([one.status, two.status]).toEqual(['completed', 'completed']);
    expect(two.metExecutionId).toBeNull();
    expect(Date.parse(two.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(one.endedAt ?? ''));
  });

  it('whose execution was lost is free again, and the execution says so', async () => {
    const own = await slow();
    await jobs.put(name, { connectors: [own] });
    const first = await jobs.start(name);
    await stack.until(async () => (await jobs.get(first.id)).results[0]?.status === 'running');
    await stack.temporal.workflow.getHandle(first.workflowId ?? '').terminate('lost');
    expect(await jobs.ended(first.id)).toMatchObject({ status: 'failed', reason: 'workflow-lost' });
    // the sync outlives what started it
    const [sync] = await stack.all<Sync>(`/v1/syncs?job=${name}`);
    expect((await stack.settled(sync?.id ?? '')).status).toBe('completed');
    expect((await jobs.run(name)).status).toBe('completed');
  });

  it('whose execution is cancelled leaves its syncs alone', async () => {
    const own = await slow({ maximumUpdatedLines: 10, maximumInsertedLines: 100_000 });
    await jobs.put(name, { connectors: [own] });
    const first = await jobs.start(name);
    await stack.until(async () => (await jobs.get(first.id)).results[0]?.status === 'running');
    await stack.temporal.workflow.getHandle(first.workflowId ?? '').cancel();
    expect((await jobs.ended(first.id)).status).toBe('cancelled');
    const [sync] = await stack.all<Sync>(`/v1/syncs?job=${name}`);
    expect((await stack.settled(sync?.id ?? '')).status).toBe('held');
  });

  it('runs by its schedule, is paused with a note, runs by hand all the same, and goes on', async () => {
    const own = await connector('timed');
    await jobs.put(name, { connectors: [own], cron: '* * * * *', timezone: 'Asia/Kolkata' });
    const scheduled = await jobs.scheduled(name);
    expect(scheduled).toMatchObject({ status: 'completed', trigger: 'scheduled', startedBy: 'system' });
    expect(await stack.get<Sync>(`/v1/syncs/${scheduled.results[0]?.syncId ?? ''}`)).toMatchObject({
      ...{ trigger: 'scheduled', priority: 'low', syncedBy: 'system' },
      ...{ job: name, executionId: scheduled.id },
    });
    expect(scheduled.workflowId).toBe(`job:${name}-${(scheduled.scheduledAt ?? '').replace(/\.\d+/, '')}`);
    const paused = await stack.call('POST', `/v1/jobs/${name}/pause`, { note: 'Payroll moves house.' });
    expect(paused).toMatchObject({
      status: 200,
      body: { paused: true, pauseNote: 'Payroll moves house.', nextRuns: [] },
    });
    const schedule = () => stack.temporal.schedule.getHandle(`job:${name}`).describe();
    expect((await schedule()).state).toMatchObject({ paused: true, note: 'Payroll moves house.' });
    expect((await jobs.run(name)).status).toBe('completed');
    // a schedule that fires all the same (a Temporal that did not hear of the pause) runs into the row
    await stack.temporal.schedule.getHandle(`job:${name}`).trigger();
    await stack.until(async () => (await jobs.of(name)).some(({ reason }) => reason === 'paused'));
    const unpaused = await stack.call('POST', `/v1/jobs/${name}/unpause`);
    expect(unpaused).toMatchObject({ status: 200, body: { paused: false, pauseNote: null } });
    expect((unpaused.body as Job).nextRuns).toHaveLength(5);
    expect((await schedule()).state.paused).toBe(false);
    await stack.call('DELETE', `/v1/jobs/${name}`);
  }, 180_000);

  it('makes up for the times of an outage by one execution', { timeout: 300_000 }, async () => {
    const own = await connector('outage');
    await jobs.put(name, { connectors: [own], cron: '* * * * *' });
    await stack.kill('worker');
    // two times at least come to pass without a worker
    const handle = stack.temporal.schedule.getHandle(`job:${name}`);
    await stack.until(
      async () => ((await handle.describe().catch(() => undefined))?.info.numActionsTaken ?? 0) >= 2,
      240,
    );
    stack.launch('worker');
    await stack.until(async () => {
      const all = await jobs.of(name);
      return all.length >= 2 && all.every(({ endedAt }) => endedAt !== null);
    });
    await stack.call('DELETE', `/v1/jobs/${name}`);
    const executions = await stack.all<Execution>(`/v1/executions?job=${name}`);
    const ran = executions.filter(({ status }) => status === 'completed');
    const caughtUp = executions.filter(({ reason }) => reason === 'caught-up');
    expect(caughtUp.length).toBeGreaterThanOrEqual(1);
    expect(ran.length + caughtUp.length).toBe(executions.length);
    expect(new Set(caughtUp.map(({ metExecutionId }) => metExecutionId)).size).toBe(1);
    for (const each of caughtUp) {
      expect(each.status).toBe('skipped');
      const met = ran.find(({ id }) => id === each.metExecutionId);
      // it began after the time that it made up for
      expect(Date.parse(met?.startedAt ?? '')).toBeGreaterThan(Date.parse(each.scheduledAt ?? ''));
    }
  });
});
