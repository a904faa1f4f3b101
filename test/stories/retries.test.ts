import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

describe('a step that fails', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());
  const look = (id: string) => stack.get<Sync>(`/v1/syncs/${id}`);
  const messages = async (id: string) =>
    (await stack.all<{ message: string }>(`/v1/syncs/${id}/log`)).map(({ message }) => message);

  it('is tried again where that may help, with attempt and next time shown, until it succeeds', async () => {
    await stack.put(onePerson({ name: 'away', thresholds: wide }), 'away');
    await stack.place('away', {});
    // a socket where the file should be: it is there, and cannot be opened
    const path = join(stack.files, 'away', 'people.csv');
    const socket = createServer().listen(path);
    await once(socket, 'listening');
    const sync = await stack.startSync('away');
    const seen: NonNullable<Sync['retry']>[] = [];
    await stack.until(async () => {
      const { retry, status } = await look(sync.id);
      expect(status).toBe('running');
      if (retry && retry.attempt > (seen.at(-1)?.attempt ?? 0)) seen.push(retry);
      return seen.length >= 3;
    });
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    for (const retry of seen)
      expect(retry).toMatchObject({
        maximumAttempts: 15,
        code: 'connection',
        message: expect.stringContaining('people.csv') as string,
      });
    const status = await stack.all<{ runningSync: { retry: unknown } }>('/v1/sync-status?connector=away');
    expect(status).toMatchObject([{ runningSync: { retry: { maximumAttempts: 15, code: 'connection' } } }]);
    const times = seen.map(({ nextAt }) => Date.parse(nextAt));
    // ever longer: two seconds after the second attempt, four after the third
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThan((times[1] ?? 0) - (times[0] ?? 0));
    socket.close();
    await rm(path, { force: true });
    await stack.place('away', { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x') });
    const done = await stack.settled(sync.id);
    expect(done).toMatchObject({ retry: null, error: null });
    const told = await messages(sync.id);
    expect(told.filter((message) => /^Attempt \d+ of 15 failed: connection\./.test(message)).length).toBeGreaterThan(2);
    expect(told).toContainEqual(expect.stringMatching(/^Attempt \d+ succeeded\.$/) as string);
  });

  it.each([
    ['missing-column', { 'people.csv': csv('id,name', 'E1,Ada') }, {}],
    ['missing-file', {}, {}],
    [
      'credentials',
      { 'people.csv': csv('id,name,mail', 'E1,Ada,a@x') },
      { secrets: { password: 'env:SYNCLINE_SECRET_NOT_SET_HERE' } },
    ],
  ])('in a way that no retry mends ends the sync at once: %s', async (code, files, connection) => {
    const name = `never-${code}`;
    const file = onePerson({ name, connection });
    const [type] = file.entityTypes;
    await stack.put({ ...file, entityTypes: [{ ...type, name: `Never_${code.replace('-', '_')}` }] }, name);
    await stack.place(name, files);
    const sync = await stack.startSync(name);
    let last = sync;
    await stack.until(async () => {
      last = await look(sync.id);
      expect(last.retry).toBeNull();
      return last.endedAt !== null;
    });
    expect(last).toMatchObject({ status: 'failed', retry: null, error: { code } });
    expect((await messages(sync.id)).filter((message) => message.startsWith('Attempt'))).toEqual([]);
    const [failed] = last.taskResults.filter(({ status }) => status === 'failed');
    expect(failed).toBeDefined();
    expect(last.taskResults.at(2)).toMatchObject({ task: 'synchronize', status: 'skipped' });
  });
});
