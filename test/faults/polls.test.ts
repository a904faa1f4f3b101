import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { components } from '../../cli/generated/api.ts';
import type { Sync } from '../../domain/sync.ts';
import { sleep } from '../support/api-client.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { LocalStack } from '../support/local-stack.ts';

type Status = components['schemas']['ConnectorStatus'];

describe('an open breaker, while each part is killed once', () => {
  let stack: LocalStack;
  const poll = { interval: '1s', failures: 2, reset: '12h' };
  beforeAll(async () => {
    stack = await LocalStack.create();
    await stack.start();
    await stack.place('src', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x') });
    await stack.place('src-delta', {});
    const settings = { delta: { directory: 'src-delta', commandColumn: 'command' } };
    const file = onePerson({ name: 'src', thresholds: wide, settings });
    await stack.put(file, 'src');
    expect((await stack.syncAndResume('src')).status).toBe('completed');
    await stack.put({ ...file, connections: file.connections.map((each) => ({ ...each, poll })) }, 'src');
  }, 240_000);
  afterAll(() => stack.remove());

  const connection = async () => {
    const found = await stack.all<Status>('/v1/sync-status?connector=src').catch(() => undefined);
    return found?.[0]?.connections[0];
  };
  const polls = () => stack.all<Sync>('/v1/syncs?connector=src&trigger=poll');

  it(
    'stays open until its time, asks the source nothing, and closes by a complete sync',
    { timeout: 600_000 },
    async () => {
      // a delta file of no table fails every incremental sync
      await stack.place('src-delta', { 'stranger.csv': csv('command,id,name', 'insert,E9,Nobody') });
      await stack.until(async () => (await connection())?.state === 'open', 120);
      const opened = await connection();
      expect(opened).toMatchObject({ state: 'open', failures: 2, lastError: { code: 'unknown-delta-file' } });
      const before = await polls();
      for (const part of ['temporal', 'postgres', 'worker', 'api'] as const) {
        await stack.kill(part);
        await stack.until(async () => (await connection()) !== undefined, 120);
        expect(await connection()).toEqual(opened);
      }
      // long enough for a poll that had forgotten it
      await sleep(5_000);
      expect(await connection()).toEqual(opened);
      expect(await polls()).toHaveLength(before.length);
      await stack.place('src', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x', 'E2,Ben,b@x') });
      await rm(join(stack.folder, 'files', 'src-delta', 'stranger.csv'));
      // 202 where Temporal still waits for the worker that was killed
      const asked = await stack.call('POST', '/v1/connectors/src/connections/files/reset-breaker');
      expect([200, 202]).toContain(asked.status);
      const after = async () => (await polls()).filter(({ id }) => before.every((each) => each.id !== id));
      await stack.until(async () => (await after()).some(({ status }) => status === 'completed'), 120);
      // newest first
      expect((await after()).at(-1)).toMatchObject({
        mode: 'complete',
        status: 'completed',
        counters: { src_Person: { inserted: 1 } },
      });
      await stack.until(async () => (await connection())?.state === 'closed', 60);
    },
  );
});
