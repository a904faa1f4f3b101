import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import type { Sync } from '../../domain/sync.ts';
import { breakerQuery, resetBreakerSignal, wakePollSignal } from '../../workflows/messages.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { Jobs } from '../support/jobs.ts';
import { Stack } from '../support/stack.ts';
import { historiesFolder, refuseReleased } from './histories.ts';

/** `npm run record:histories` writes them; a plain test run only checks how long they are and what is in them. */
const recording = process.env['RECORD_HISTORIES'] === 'true';
if (recording) refuseReleased(packageJson.version);

const rows = (count: number, mail: string) =>
  `id,name,mail\n${Array.from({ length: count }, (_, i) => `canary-${String(i)},Canary ${String(i)},${mail}\n`).join('')}`;

describe('histories of syncs', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({ SYNCLINE_CLEAN_UP_SECONDS: '1' });
  });
  afterAll(() => stack.stop());

  /** The history of a workflow, which must hold nothing of the rows. */
  async function take(way: string, workflowId: string, runId?: string): Promise<number> {
    // stack traces name files, some of them as if they were in the folder above: of which folder is nobody's business
    const root = join(import.meta.dirname, '..', '..');
    const text = (await stack.showHistory(workflowId, runId))
      .replaceAll(root, '/app')
      .replaceAll(`(${dirname(root)}/`, '(/app/');
    const payloads = [...text.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)].map((match) =>
      Buffer.from(match[1] ?? '', 'base64').toString('utf8'),
    );
    expect(`${text}\n${payloads.join('\n')}`).not.toMatch(/canary/i);
    if (recording) writeFileSync(join(historiesFolder, `${packageJson.version}_${way}.json`), text);
    return (JSON.parse(text) as { events: unknown[] }).events.length;
  }

  it('end in every way without row data', async () => {
    const file = onePerson({ name: 'ways' });
    const place = (content: string) => stack.place('ways', { 'people.csv': content });
    const ended = async (way: string, sync: Sync) => take(way, sync.workflowId, sync.runId ?? undefined);
    await stack.put(file, 'ways');
    await place(rows(3, 'a@x'));
    const dry = await stack.sync('ways', { dryRun: true });
    await ended('dry-run', dry);
    const held = await stack.sync('ways');
    const next = await stack.sync('ways', { supersede: held.id });
    await ended('superseded', held);
    // a signal with a stale digest comes first, as it may in life
    await stack.temporal.workflow.getHandle('sync:ways').signal('resume', { digest: 'sha256:stale' });
    await ended('resumed', await stack.decide(next, 'resume'));
    await ended('unchanged', await stack.sync('ways'));
    await place(rows(4, 'b@x'));
    await ended('rejected', await stack.decide(await stack.sync('ways'), 'reject'));
    await stack.put(onePerson({ name: 'ways', thresholds: wide }), 'ways');
    await place(rows(4, 'a@x'));
    const completed = await stack.sync('ways');
    expect(completed.status).toBe('completed');
    await ended('completed', completed);
    await stack.place('ways', { 'people.csv': null });
    const failed = await stack.sync('ways');
    expect(failed.status).toBe('failed');
    await ended('failed', failed);
    await place(rows(600_000, 'a@x'));
    const started = await stack.startSync('ways');
    await stack.until(async () => (await stack.get<Sync>(`/v1/syncs/${started.id}`)).phase !== null);
    await stack.call('POST', `/v1/syncs/${started.id}/cancel`);
    await ended('cancelled', await stack.settled(started.id));
    const limits = { key: 'shared', concurrent: 1, requestsPerSecond: 0.25 };
    for (const name of ['reading', 'waiting']) {
      await stack.put(onePerson({ name, thresholds: wide, connection: { limits } }), name);
      await stack.place(name, { 'people.csv': rows(3, 'a@x') });
    }
    const reading = await stack.startSync('reading');
    await stack.until(async () => (await stack.get<Sync>(`/v1/syncs/${reading.id}`)).phase === 'export');
    await ended('throttled', await stack.sync('waiting'));
    await stack.settled(reading.id);
    const purge = await stack.call('POST', '/v1/connectors/ways/purge');
    await ended('purge', await stack.settled((purge.body as Sync).id));
    await stack.call('POST', '/v1/connectors/ways/test');
    for await (const found of stack.temporal.workflow.list({ query: `WorkflowType = 'inspectConnector'` }))
      await take('inspect', found.workflowId);
    await stack.call('PUT', '/v1/jobs/ways', { mode: 'complete', connectors: ['ways'], cron: '0 0 1 1 *' });
    const job = new Jobs(stack);
    await place(rows(4, 'a@x'));
    const executed = await job.run('ways');
    expect(executed).toMatchObject({ status: 'completed' });
    await take('job-completed', executed.workflowId ?? '');
    await stack.call('PUT', '/v1/jobs/ways', { mode: 'incremental', connectors: ['ways'], cron: '0 0 1 1 *' });
    const skipped = await job.run('ways');
    expect(skipped).toMatchObject({ status: 'skipped' });
    await take('job-skipped', skipped.workflowId ?? '');
    // these two go on for ever: what they have done so far
    for (const keeper of ['reconcile', 'clean-up']) await take(keeper, keeper);
  });

  it('of held syncs: one that nobody decides on, and one that is refreshed, in two workflows', async () => {
    for (const name of ['late', 'anew']) {
      await stack.put(onePerson({ name }), name);
      await stack.place(name, { 'people.csv': rows(3, 'a@x') });
    }
    // no file can have such times
    const database = new pg.Client(stack.databaseUrl);
    await database.connect();
    await database.query(
      `update syncline.connector_revision r set file = r.file || $1::jsonb
       from syncline.connector c where c.id = r.connector and c.name = 'late'`,
      [{ review: { remindAfter: '1s', escalateAfter: '2s', expireAfter: '3s' } }],
    );
    await database.end();
    const held = await stack.sync('anew');
    const expired = await stack.settled((await stack.startSync('late')).id, ['queued', 'running', 'held']);
    expect(expired.decision).toMatchObject({ action: 'expire', by: 'system' });
    await take('expired', expired.workflowId, expired.runId ?? undefined);

    await stack.place('anew', { 'people.csv': rows(4, 'a@x') });
    const { body } = await stack.call('POST', `/v1/syncs/${held.id}/refresh`);
    const fresh = await stack.settled((body as Sync).id);
    expect(fresh).toMatchObject({ status: 'held', refreshes: held.id, workflowId: held.workflowId });
    await take('refreshed', held.workflowId, held.runId ?? undefined);
    await take('refresh', `refresh:${held.id}`);
    await take('refreshing', fresh.workflowId, (await stack.decide(fresh, 'resume')).runId ?? undefined);
    // the second one cannot read the source
    await stack.place('anew', { 'people.csv': rows(5, 'a@x') });
    const other = await stack.sync('anew', {
      overrides: { thresholds: { maximumInsertedLines: 0 }, reason: 'a test' },
    });
    await stack.place('anew', { 'people.csv': null });
    const again = await stack.call('POST', `/v1/syncs/${other.id}/refresh`);
    expect(await stack.settled((again.body as Sync).id)).toMatchObject({ status: 'failed' });
    await take('refresh-failed', `refresh:${other.id}`);
  });

  it('of polls: a breaker that opens and is reset, and what is handed on', { timeout: 400_000 }, async () => {
    const settings = { delta: { directory: 'watched-delta', commandColumn: 'command' } };
    const file = onePerson({ name: 'watched', thresholds: wide, settings });
    const poll = { interval: '1s', failures: 1, reset: '12h' };
    const polls = async () =>
      (await stack.get<{ items: Sync[] }>('/v1/syncs?connector=watched&trigger=poll&limit=500')).items;
    await stack.place('watched', { 'people.csv': rows(2, 'a@x') });
    await stack.place('watched-delta', { 'people-1.csv': csv('command,id,name', 'insert,canary-9,Canary') });
    await stack.put({ ...file, connections: file.connections.map((each) => ({ ...each, poll })) }, 'watched');
    await stack.until(async () => (await polls())[0]?.status === 'held');
    await stack.decide((await polls())[0] as Sync, 'resume');
    await stack.until(async () => (await polls()).some(({ mode }) => mode === 'incremental'));
    await stack.place('watched-delta', { 'stranger.csv': csv('command,id', 'insert,canary-10') });
    const handle = stack.temporal.workflow.getHandle('poll:watched:files');
    await stack.until(async () => (await handle.query(breakerQuery)).state === 'open');
    await stack.place('watched-delta', { 'stranger.csv': null });
    await handle.signal(resetBreakerSignal);
    await stack.until(async () => (await polls()).some(({ requestedMode }) => requestedMode === 'complete'));
    const { runId } = await handle.describe();
    await take('poll', 'poll:watched:files', runId);
    await stack.until(async () => {
      await handle.signal(wakePollSignal);
      // a workflow that gets signals all the time cannot hand on: each one that comes meanwhile makes it decide again
      await sleep(1000);
      return (await handle.describe()).runId !== runId;
    }, 180);
    await stack.place('watched-delta', { 'stranger.csv': csv('command,id', 'insert,canary-10') });
    await stack.until(async () => (await handle.query(breakerQuery)).state === 'open');
    await take('poll-continued', 'poll:watched:files');
  });

  it('are as long for 200,000 rows as for 1,000', { timeout: 240_000 }, async () => {
    const events: number[] = [];
    for (const count of [1_000, 200_000]) {
      const name = `size${String(count)}`;
      await stack.put(onePerson({ name }), name);
      await stack.place(name, { 'people.csv': rows(count, 'a@x') });
      const held = await stack.sync(name);
      expect(held).toMatchObject({ status: 'held' });
      const done = await stack.decide(held, 'resume');
      expect(done.counters[`${name}_Person`]?.inserted).toBe(count);
      events.push(await take('completed', done.workflowId, done.runId ?? undefined));
    }
    const [small, large] = events as [number, number];
    expect(Math.abs(large - small) / small).toBeLessThanOrEqual(0.2);
  });

  it('are refused rows that have no place in them: errors name lines, not contents', async () => {
    await stack.put(onePerson({ name: 'broken', properties: { since: { column: 'since', type: 'date' } } }), 'broken');
    await stack.place('broken', {
      'people.csv': csv('id,name,mail,since', 'canary-1,Canary,a@x,canary', 'canary-2,"Canary,b@x,2024-01-01'),
    });
    const failed = await stack.sync('broken');
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'unclosed-quote', line: 3 } });
    expect(JSON.stringify(failed)).not.toMatch(/canary/i);
    await take('failed', failed.workflowId, failed.runId ?? undefined);
    const log = await stack.all<{ message: string }>(`/v1/syncs/${failed.id}/log`);
    expect(JSON.stringify(log)).not.toMatch(/canary/i);
    expect(stack.output).not.toMatch(/canary/i);
  });
});
