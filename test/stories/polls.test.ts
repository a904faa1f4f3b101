import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BreakerView } from '../../repository/polls.ts';
import { breakersOf } from '../../repository/polls.ts';
import { openDatabase, type Database } from '../../repository/database.ts';
import type { Sync } from '../../domain/sync.ts';
import { breakerQuery, resetBreakerSignal } from '../../workflows/messages.ts';
import { sleep } from '../support/api-client.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

const quick = { interval: '2s', failures: 3, reset: '5s' };

describe('polled connections', () => {
  let stack: Stack;
  let db: Database;
  let made = 0;
  /** The connector of the test at hand. */
  let name: string;
  beforeAll(async () => {
    // reconcile stays away, unless a test is about it: polls follow at once
    stack = await Stack.start({ SYNCLINE_RECONCILE_SECONDS: '3600' });
    db = openDatabase(stack.databaseUrl, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
  });
  afterAll(async () => {
    await db.destroy();
    await stack.stop();
  });
  beforeEach(() => {
    made += 1;
    name = `src${String(made)}`;
  });

  const fileOf = (poll: object | undefined, thresholds: Record<string, number> = wide) => {
    const settings = { delta: { directory: `${name}-delta`, commandColumn: 'command' } };
    const file = onePerson({ name, thresholds, settings });
    return { ...file, connections: file.connections.map((each) => (poll ? { ...each, poll } : each)) };
  };
  const base = csv('id,name,mail', 'E1,Ada,a@x', 'E2,Ben,b@x');

  /** A connector whose two people are stored, polled from then on. */
  async function polled(poll: object = quick): Promise<void> {
    await stack.place(name, { 'people.csv': base });
    await stack.place(`${name}-delta`, {});
    await stack.put(fileOf(undefined), name);
    expect((await stack.syncAndResume(name)).status).toBe('completed');
    await stack.put(fileOf(poll), name);
  }
  const people = async () =>
    (await stack.all<{ attributes: Record<string, unknown> }>(`/v1/entity-types/${name}_Person/resources`))
      .map(({ attributes }) => String(attributes['name']))
      .sort();
  const delta = (file: string, ...lines: string[]) =>
    stack.place(`${name}-delta`, { [file]: csv('command,id,name', ...lines) });
  /** Newest first. */
  const polls = async (): Promise<Sync[]> =>
    (await stack.get<{ items: Sync[] }>(`/v1/syncs?connector=${name}&trigger=poll&limit=500`)).items;
  const breaker = async (): Promise<BreakerView> => {
    const id = await db.raw<{ rows: { id: number }[] }>('select id from syncline.connector where name = ?', [name]);
    const [found] = await breakersOf(db, id.rows[0]?.id ?? 0);
    if (!found) throw new Error(`${name} is not polled`);
    return found;
  };
  const workflow = () => stack.temporal.workflow.getHandle(`poll:${name}:files`);
  const isOpen = async () => {
    try {
      return (await workflow().describe()).status.name === 'RUNNING';
    } catch {
      return false;
    }
  };
  /** A delta file of no table fails every incremental sync. */
  const breakSource = () => delta('stranger.csv', 'insert,E9,Nobody');
  const mendSource = () => stack.place(`${name}-delta`, { 'stranger.csv': null });
  const untilState = async (state: BreakerView['state'], seconds = 90) => {
    await stack.until(async () => (await breaker()).state === state, seconds);
    return breaker();
  };
  const reset = () => stack.call('POST', `/v1/connectors/${name}/connections/files/reset-breaker`);

  it('bring in changes without anyone asking, as low-priority syncs by the system', async () => {
    await polled();
    await delta('people-1.csv', 'insert,E3,Cyd');
    await stack.until(async () => (await people()).includes('Cyd'));
    await delta('people-2.csv', 'delete,E3,');
    await stack.until(async () => !(await people()).includes('Cyd'));
    const [last] = await polls();
    expect(last).toMatchObject({ mode: 'incremental', priority: 'low', syncedBy: 'system', trigger: 'poll' });
    // it tells the time that is next, or that of the sync that runs
    await stack.until(async () => Date.parse((await breaker()).nextAt ?? '') > Date.parse(last?.createdAt ?? ''));
    expect(await breaker()).toMatchObject({
      ...{ connection: 'files', state: 'closed', failures: 0 },
      ...{ retryAt: null, lastError: null },
    });
  });

  it('stop after that many failures in a row, say when they try again, and begin with a complete sync', async () => {
    await polled();
    await stack.until(async () => (await polls()).length > 0);
    await breakSource();
    const opened = await untilState('open');
    expect(opened).toMatchObject({ failures: 3, lastError: { code: 'unknown-delta-file' } });
    expect(opened.nextAt).toBe(opened.retryAt);
    const failed = (await polls()).filter(({ status }) => status === 'failed');
    expect(failed).toHaveLength(3);
    expect(Date.parse(opened.retryAt ?? '')).toBeGreaterThanOrEqual(Date.parse(failed[0]?.endedAt ?? '') + 4_500);
    await mendSource();
    // what came while it was open and is in no delta
    await stack.place(name, { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x', 'E2,Ben,b@x', 'E5,Eve,e@x') });
    expect(await untilState('closed')).toMatchObject({ failures: 0, retryAt: null, lastError: null });
    const all = (await polls()).reverse();
    const after = all.slice(all.findIndex(({ id }) => id === failed[0]?.id) + 1);
    expect(after[0]).toMatchObject({ mode: 'complete', requestedMode: 'complete', status: 'completed' });
    expect(Date.parse(after[0]?.createdAt ?? '')).toBeGreaterThanOrEqual(Date.parse(opened.retryAt ?? '') - 500);
    expect(await people()).toContain('Eve');
    await stack.until(async () => (await polls())[0]?.mode === 'incremental');
  });

  it('open again for as long where the attempt fails', async () => {
    await polled({ interval: '1s', failures: 1, reset: '3s' });
    await stack.place(name, { 'people.csv': null });
    await breakSource();
    const first = await untilState('open');
    await stack.until(async () => (await breaker()).failures > 1);
    const second = await untilState('open');
    expect(Date.parse(second.retryAt ?? '')).toBeGreaterThan(Date.parse(first.retryAt ?? ''));
    expect((await polls())[0]).toMatchObject({ mode: 'complete', status: 'failed', error: { code: 'missing-file' } });
    expect(second.lastError).toMatchObject({ code: 'missing-file', syncId: expect.any(String) as string });
  });

  it('are reset by the API: closed at once, a complete sync first; nothing to reset is a conflict', async () => {
    await polled({ ...quick, failures: 1, reset: '12h' });
    await stack.until(async () => (await polls()).some(({ status }) => status === 'completed'));
    expect(await reset()).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await breakSource();
    expect(Date.parse((await untilState('open')).retryAt ?? '')).toBeGreaterThan(Date.now() + 11 * 3_600_000);
    await mendSource();
    const before = (await polls())[0]?.id;
    expect(await reset()).toMatchObject({ status: 200, body: { state: 'closed', failures: 0, retryAt: null } });
    await stack.until(async () =>
      (await polls()).some(({ status, mode }) => status === 'completed' && mode === 'complete'),
    );
    const all = (await polls()).reverse();
    expect(all[all.findIndex(({ id }) => id === before) + 1]).toMatchObject({ mode: 'complete', trigger: 'poll' });
    expect(await stack.call('POST', `/v1/connectors/${name}/connections/nope/reset-breaker`)).toMatchObject({
      status: 404,
    });
    expect(await stack.call('POST', '/v1/connectors/nope/connections/files/reset-breaker')).toMatchObject({
      status: 404,
    });
  });

  it('are reset while a sync of theirs runs, which then counts as the first', async () => {
    const poll = { interval: '1s', failures: 50, reset: '12h' };
    await polled(poll);
    await breakSource();
    await stack.until(async () => (await breaker()).failures > 0);
    const file = fileOf(poll);
    // nobody serves the queue: the export waits
    await stack.put({ ...file, connections: file.connections.map((each) => ({ ...each, taskQueue: 'nobody' })) }, name);
    const running = async () => (await polls()).find(({ status }) => status === 'running')?.id;
    const waitsForNobody = async () => {
      const id = await running();
      await sleep(2_000);
      return id !== undefined && (await running()) === id;
    };
    await stack.until(waitsForNobody);
    const id = await running();
    expect(await reset()).toMatchObject({ status: 200, body: { state: 'closed', failures: 0 } });
    expect(await running()).toBe(id);
    await stack.call('POST', `/v1/connectors/${name}/deactivate`);
    await stack.call('POST', `/v1/syncs/${String(id)}/cancel`);
    await stack.until(async () => !(await isOpen()));
    expect(await breaker()).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('are reset by a signal straight through Temporal, and answer its query', async () => {
    await polled({ ...quick, failures: 1, reset: '12h' });
    await breakSource();
    const opened = await untilState('open');
    expect(await workflow().query(breakerQuery)).toEqual({
      state: 'open',
      failures: 1,
      retryAt: opened.retryAt,
      nextAt: opened.retryAt,
    });
    await mendSource();
    await workflow().signal(resetBreakerSignal);
    await untilState('closed');
    await stack.until(async () => (await polls())[0]?.status === 'completed');
    expect(await workflow().query(breakerQuery)).toMatchObject({ state: 'closed', failures: 0, retryAt: null });
  });

  it('keep their state while API and worker are killed, and while Temporal has lost the poll', async () => {
    await polled({ ...quick, failures: 2, reset: '12h' });
    await breakSource();
    const opened = await untilState('open');
    await Promise.all([stack.kill('worker'), stack.kill('api')]);
    stack.launch('api');
    stack.launch('worker');
    await stack.ready();
    expect(await workflow().query(breakerQuery)).toMatchObject({ state: 'open', failures: 2, retryAt: opened.retryAt });
    expect(await breaker()).toEqual(opened);
    await workflow().terminate('lost');
    expect(await breaker()).toEqual(opened);
    // saving it again starts what is missing, from what Postgres has
    await stack.call('POST', `/v1/connectors/${name}/activate`);
    await stack.until(isOpen);
    const query = async () => (await workflow().query(breakerQuery)).retryAt;
    await stack.until(async () => (await query()) !== null);
    expect(Date.parse((await query()) ?? '')).toBe(Date.parse(opened.retryAt ?? ''));
    await mendSource();
    await reset();
    await stack.until(async () => (await polls())[0]?.status === 'completed');
  });

  it('count a held sync neither way, and start nothing beside it', async () => {
    await stack.place(name, { 'people.csv': base });
    await stack.place(`${name}-delta`, {});
    await stack.put(fileOf({ ...quick, interval: '1s' }), name);
    await stack.until(async () => (await polls())[0]?.status === 'held');
    const [held] = await polls();
    expect(held).toMatchObject({ requestedMode: 'incremental', mode: 'complete' });
    const seen = (await breaker()).nextAt;
    await stack.until(async () => Date.parse((await breaker()).nextAt ?? '') > Date.parse(seen ?? '') + 2_000);
    expect(await polls()).toHaveLength(1);
    expect(await breaker()).toMatchObject({ state: 'closed', failures: 0, lastError: null });
    const summary = await stack.get<{ polls: object[] }>(`/v1/syncs/${held?.id ?? ''}/summary`);
    expect(summary.polls).toEqual([{ connector: name, connection: 'files', at: expect.any(String) as string }]);
    await stack.decide(held as Sync, 'resume');
    await delta('people-1.csv', 'insert,E3,Cyd');
    await stack.until(async () => (await people()).includes('Cyd'));
  });

  it('end where the file, the connector or its activation says so, and follow a changed interval', async () => {
    await polled({ ...quick, interval: '12h' });
    await stack.until(async () => (await breaker()).nextAt !== null);
    await stack.put(fileOf(quick), name);
    await stack.until(async () => (await polls()).length > 1);
    await stack.call('POST', `/v1/connectors/${name}/deactivate`);
    await stack.until(async () => !(await isOpen()));
    expect(await breaker()).toMatchObject({ state: 'closed', nextAt: null });
    expect(await reset()).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('deactivated') as string },
    });
    const count = (await polls()).length;
    await sleep(5_000);
    expect(await polls()).toHaveLength(count);
    await stack.call('POST', `/v1/connectors/${name}/activate`);
    await stack.until(async () => (await polls()).length > count);
    await stack.put(fileOf(undefined), name);
    await stack.until(async () => !(await isOpen()));
    expect(await reset()).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('not polled') as string },
    });
    await stack.put(fileOf(quick), name);
    await stack.until(isOpen);
    await stack.put({ ...fileOf(quick), entityTypes: [] }, name);
    await stack.until(async () => !(await isOpen()));
  });

  it('end with their connector', async () => {
    await stack.put(fileOf({ interval: '12h' }), name);
    await stack.until(isOpen);
    // its first sync, which finds no file, may just be running
    await stack.until(async () => (await stack.call('DELETE', `/v1/connectors/${name}`)).status === 204);
    await stack.until(async () => !(await isOpen()));
  });

  it('read only their own connection where a connector has others', async () => {
    await stack.place(name, { 'people.csv': base, 'rooms.csv': csv('id', 'R1') });
    await stack.place(`${name}-delta`, {});
    const one = fileOf(quick);
    const rooms = {
      name: `${name}_Room`,
      source: { connection: 'rooms', table: 'rooms.csv' },
      key: ['id'],
      properties: { id: { column: 'id' } },
    };
    await stack.put(
      {
        ...one,
        connections: [...one.connections, { name: 'rooms', package: 'csv', settings: { directory: name } }],
        entityTypes: [...one.entityTypes, rooms],
      },
      name,
    );
    await stack.until(async () => (await polls())[0]?.status === 'held');
    const [first] = await polls();
    expect(first).toMatchObject({ requestedMode: 'complete', scope: null });
    await stack.decide(first as Sync, 'resume');
    await delta('people-1.csv', 'insert,E3,Cyd');
    await stack.until(async () => (await people()).includes('Cyd'));
    expect((await polls())[0]).toMatchObject({ mode: 'incremental', scope: { entityTypes: [`${name}_Person`] } });
  });

  it('are refused for a connection that cannot tell changes, with what it lacks', async () => {
    const file = onePerson({ name });
    const answer = await stack.call('PUT', `/v1/connectors/${name}`, {
      ...file,
      connections: file.connections.map((each) => ({ ...each, poll: {} })),
    });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'invalid',
        errors: [{ pointer: '/connections/0/poll', detail: expect.stringContaining('settings.delta') as string }],
      },
    });
    const { items } = await stack.get<{ items: { name: string; poll: object }[] }>('/v1/packages');
    expect(items.find((each) => each.name === 'csv')?.poll).toEqual({ interval: '15m', failures: 5, reset: '12h' });
  });
});

describe('reconcile', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({ SYNCLINE_RECONCILE_SECONDS: '1' });
  });
  afterAll(() => stack.stop());

  it('makes missing polls again and ends those that should not be', async () => {
    const settings = { delta: { directory: 'again-delta', commandColumn: 'command' } };
    const file = onePerson({ name: 'again', thresholds: wide, settings });
    const poll = { interval: '12h' };
    await stack.put({ ...file, connections: file.connections.map((each) => ({ ...each, poll })) }, 'again');
    const handle = stack.temporal.workflow.getHandle('poll:again:files');
    const status = async () => (await handle.describe()).status.name;
    await stack.until(async () => (await status()) === 'RUNNING');
    await handle.terminate('lost');
    await stack.until(async () => (await status()) === 'RUNNING');
    const db = openDatabase(stack.databaseUrl, { applicationName: 'test', poolSize: 1, statementTimeoutMs: 60_000 });
    try {
      await db.raw(`update syncline.connector set active = false where name = 'again'`);
    } finally {
      await db.destroy();
    }
    await stack.until(async () => (await status()) === 'COMPLETED');
  });
});
