import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { ApiClient } from '../support/api-client.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { createTestDatabase, deleteJobs } from '../support/database.ts';
import { Jobs } from '../support/jobs.ts';
import { Stack } from '../support/stack.ts';

/** The API of a second database. */
class Second extends ApiClient {
  readonly api: string;
  readonly output = '';
  constructor(api: string) {
    super();
    this.api = api;
  }
}

const people = (...ids: string[]) => csv('id,name,mail', ...ids.map((id) => `${id},N,m@x`));

/** Two databases, each with its API and worker, on one Temporal namespace. */
describe('installations on one Temporal namespace', () => {
  let stack: Stack;
  let second: { url: string; drop: () => Promise<void> };
  let environment: NodeJS.ProcessEnv;
  let held: Sync;

  beforeAll(async () => {
    stack = await Stack.start();
    second = await createTestDatabase();
    await deleteJobs(second.url);
    environment = { SYNCLINE_DATABASE_URL: second.url };
    await stack.place('hr', { 'people.csv': people('E1', 'E2') });
    await stack.put(onePerson({ name: 'hr' }), 'hr');
    held = await stack.sync('hr');
    expect(held.status).toBe('held');
    await new Jobs(stack).put('nightly', { connectors: ['hr'], paused: true });
  });
  afterAll(async () => {
    await stack.stop();
    await second.drop();
  });

  const described = async (workflowId: string) => stack.temporal.workflow.getHandle(workflowId).describe();
  async function query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client(second.url);
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  it('bear the id of their database in every memo', async () => {
    const { memo } = await described('sync:hr');
    expect(memo?.['installation']).toMatch(/^[0-9a-f-]{36}$/);
    for (const workflowId of ['reconcile', 'clean-up'])
      expect((await described(workflowId)).memo?.['installation']).toBe(memo?.['installation']);
    const schedule = await stack.temporal.schedule.getHandle('job:nightly').describe();
    expect(schedule.action.memo).toEqual({ installation: memo?.['installation'] });
  });

  it('do not share names: the worker of the second does not start, and says which variable to set', async () => {
    const { code, said } = await stack.refusedWorker(environment);
    expect(code).toBe(1);
    expect(said).toContain('SYNCLINE_INSTALLATION');
    expect(said).toContain('"level":60');
    expect((await described('sync:hr')).status.name).toBe('RUNNING');
  });

  it('do not share names: the API of the second starts nothing, and says which variable to set', async () => {
    const { api, stop } = await stack.launchApi(environment);
    const other = new Second(api);
    await other.put(onePerson({ name: 'hr' }), 'hr');
    const refused = await other.call('POST', '/v1/connectors/hr/syncs', { mode: 'complete' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'workflow-id-taken' } });
    expect(JSON.stringify(refused.body)).toContain('SYNCLINE_INSTALLATION');
    // names that are free in Temporal are no better: the workers of the first would run it
    await other.put(onePerson({ name: 'free' }), 'free');
    const free = await other.call('POST', '/v1/connectors/free/syncs', { mode: 'complete' });
    expect(free).toMatchObject({ status: 409, body: { code: 'workflow-id-taken' } });
    const job = { mode: 'complete', connectors: ['hr'], cron: '0 4 * * *' };
    expect(await other.call('PUT', '/v1/jobs/nightly', job)).toMatchObject({ body: { code: 'workflow-id-taken' } });
    expect(await other.call('POST', '/v1/connectors/hr/test')).toMatchObject({ body: { code: 'workflow-id-taken' } });
    const ready = await fetch(`${api}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain('SYNCLINE_INSTALLATION');
    await stop();
    expect(await query('select 1 from syncline.sync')).toEqual([]);
    const schedule = await stack.temporal.schedule.getHandle('job:nightly').describe();
    expect(schedule.spec.calendars?.[0]?.comment).toBe('0 0 1 1 *');
  });

  it('live side by side under names of their own, and leave each other alone', async () => {
    const named = {
      ...environment,
      SYNCLINE_INSTALLATION: 'second',
      SYNCLINE_WORKER_SLOTS: 'dmz=1',
    };
    const worker = await stack.launchWorker(named);
    const { api, stop } = await stack.launchApi(named);
    const other = new Second(api);
    const jobs = new Jobs(other);
    const far = { connection: { taskQueue: 'dmz' }, thresholds: wide };
    await stack.place('free', { 'people.csv': people('F1') });
    await other.put(onePerson({ name: 'free', ...far }), 'free');
    await other.put(onePerson({ name: 'hr' }), 'hr');
    expect((await fetch(`${api}/readyz`)).status).toBe(200);

    // by hand, through a job whose connection has a task queue of its own, limited to keys, and inspected
    const theirs = await other.sync('hr');
    expect(theirs).toMatchObject({ status: 'held', workflowId: 'second:sync:hr' });
    await jobs.put('nightly', { connectors: ['free'] });
    const execution = await jobs.run('nightly');
    const [result] = execution.results;
    const first = await other.settled(result?.syncId ?? '');
    expect(first).toMatchObject({ status: 'held', workflowId: 'second:sync:free' });
    expect((await described('second:sync:free')).memo?.['installation']).not.toBe(
      (await described('sync:hr')).memo?.['installation'],
    );
    await other.decide(first, 'resume');
    const limited = await other.sync('free', { scope: { keys: { free_Person: [['F1']] } } });
    expect(limited).toMatchObject({ status: 'completed', workflowId: `second:sync-items:free:${limited.id}` });
    expect(await other.call('POST', '/v1/connectors/free/test')).toMatchObject({ status: 200, body: { ok: true } });
    const scheduled = await stack.temporal.schedule.getHandle('second:job:nightly').describe();
    expect(scheduled.action).toMatchObject({ workflowId: 'second:job:nightly', taskQueue: 'second:sync' });

    // each ends what its own database has lost, and nothing else
    await query('update syncline.sync set workflow_id = $1, run_id = $2 where id = $3', [
      held.workflowId,
      held.runId,
      theirs.id,
    ]);
    // a decision over a row that is a copy reaches nobody, at whatever moment
    const decided = await other.call('POST', `/v1/syncs/${theirs.id}/resume`, { digest: theirs.digest });
    expect(decided).toMatchObject({ status: 409, body: { code: 'sync-not-held' } });
    const lost = await other.settled(theirs.id, ['held']);
    expect(lost).toMatchObject({ status: 'failed', error: { code: 'workflow-lost' } });
    await query('delete from syncline.sync where id = $1', [theirs.id]);
    await stack.until(async () => (await described('second:sync:hr')).status.name === 'TERMINATED');
    await jobs.put('nightly', { connectors: ['free'], paused: true });
    expect((await other.call('DELETE', '/v1/jobs/nightly')).status).toBe(204);
    expect((await described('sync:hr')).status.name).toBe('RUNNING');
    expect((await stack.temporal.schedule.getHandle('job:nightly').describe()).action.workflowId).toBe('job:nightly');
    expect(await stack.decide(await stack.settled(held.id, []), 'resume')).toMatchObject({
      status: 'completed',
      applied: true,
    });
    await stop();
    await worker.stop();
  });

  it('take a workflow that does not tell whose it is for another’s where the database does not know its sync', async () => {
    await stack.kill('worker');
    for (const workflowId of ['reconcile', 'clean-up'])
      await stack.temporal.workflow.getHandle(workflowId).terminate('as if they had not run yet');
    const old = await stack.temporal.workflow.start('syncConnector', {
      workflowId: 'sync:old',
      taskQueue: 'sync',
      args: [],
      memo: { syncId: crypto.randomUUID(), connector: 'old', trigger: 'manual' },
    });
    await stack.place('old', { 'people.csv': people('O1') });
    await stack.put(onePerson({ name: 'old' }), 'old');
    expect(await stack.call('POST', '/v1/connectors/old/syncs', { mode: 'complete' })).toMatchObject({
      status: 409,
      body: { code: 'workflow-id-taken' },
    });
    const { code, said } = await stack.refusedWorker({});
    expect(code).toBe(1);
    expect(said).toContain('sync:old');
    expect((await old.describe()).status.name).toBe('RUNNING');
    await old.terminate('it was');
    // what it knows is its own: the keepers of the version before are replaced
    await stack.temporal.workflow.start('reconcile', {
      workflowId: 'reconcile',
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      taskQueue: 'sync',
      args: [60],
    });
    stack.launch('worker');
    await stack.ready();
    await stack.until(async () => (await described('reconcile')).memo?.['installation'] !== undefined);
    expect((await stack.sync('old')).status).toBe('held');
  });
});
