import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startTemporal, type RunningTemporal } from '../../local/temporal.ts';
import { csv, onePerson } from '../support/connector.ts';
import { Jobs } from '../support/jobs.ts';
import { Stack } from '../support/stack.ts';

/** A worker and an API that run on while what goes on for ever in Temporal is ended, or all of Temporal is gone. */
describe('the workflows that go on for ever', () => {
  let stack: Stack;
  let server: RunningTemporal;
  let temporal: Client;

  const startServer = (port: number) =>
    startTemporal({
      cli: inject('temporalCli'),
      dbFile: undefined,
      port,
      uiPort: undefined,
      namespace: 'default',
      logFile: join(inject('databaseLog'), '..', 'temporal-keepers.log'),
    });

  beforeAll(async () => {
    server = await startServer(0);
    temporal = new Client({ connection: await Connection.connect({ address: server.address }) });
    stack = await Stack.start({ SYNCLINE_TEMPORAL_ADDRESS: server.address, SYNCLINE_TEMPORAL_NAMESPACE: 'default' });
  });
  afterAll(async () => {
    await stack.stop();
    await temporal.connection.close();
    await server.stop();
  });

  const describedOrNone = (workflowId: string) =>
    temporal.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => undefined);
  const isRunning = async (workflowId: string) => (await describedOrNone(workflowId))?.status.name === 'RUNNING';

  it('are started again where somebody ends them, without a restart of the worker', async () => {
    await stack.until(async () => (await isRunning('reconcile')) && (await isRunning('clean-up')));
    for (const workflowId of ['reconcile', 'clean-up']) {
      const handle = temporal.workflow.getHandle(workflowId);
      const { runId } = await handle.describe();
      await handle.terminate('for a test');
      await stack.until(async () => (await isRunning(workflowId)) && (await handle.describe()).runId !== runId);
    }
  });

  it('take over the intervals of a worker that starts', async () => {
    const { runId, memo } = await temporal.workflow.getHandle('clean-up').describe();
    expect(memo?.['everySeconds']).toBe(86_400);
    await stack.kill('worker');
    const worker = await stack.launchWorker({ SYNCLINE_CLEAN_UP_SECONDS: '1' });
    const handle = temporal.workflow.getHandle('clean-up', runId);
    await stack.until(async () => (await handle.describe()).memo?.['everySeconds'] === 1);
    // it cleans up now: a day has not gone by
    await stack.until(async () =>
      ((await handle.fetchHistory()).events ?? []).some((event) => event.activityTaskCompletedEventAttributes != null),
    );
    await worker.stop();
    stack.launch('worker');
    await stack.ready();
  });

  it('come back with schedules and polls after Temporal was wiped, and lost syncs end', async () => {
    const settings = { delta: { directory: 'changes', commandColumn: 'command' } };
    await stack.place('polled', { 'people.csv': csv('id,name,mail', 'E1,N,m@x') });
    await stack.place('changes', {});
    await stack.put(onePerson({ name: 'polled', settings, connection: { poll: { interval: '1h' } } }), 'polled');
    await stack.put(onePerson({ name: 'hr', directory: 'polled' }), 'hr');
    await new Jobs(stack).put('nightly', { connectors: ['hr'] });
    const held = await stack.sync('hr');
    expect(held.status).toBe('held');
    await stack.until(() => isRunning('poll:polled:files'));

    await server.stop();
    server = await startServer(server.port);

    await stack.until(async () => (await isRunning('reconcile')) && (await isRunning('clean-up')), 80);
    await stack.until(() => isRunning('poll:polled:files'));
    await stack.until(async () => {
      const schedule = await temporal.schedule
        .getHandle('job:nightly')
        .describe()
        .catch(() => undefined);
      return schedule?.action.workflowId === 'job:nightly';
    });
    expect(await stack.settled(held.id, ['held'])).toMatchObject({
      status: 'failed',
      error: { code: 'workflow-lost' },
    });
    expect((await stack.sync('hr')).status).toBe('held');
  });
});
