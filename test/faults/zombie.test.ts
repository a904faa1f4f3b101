import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync, Task } from '../../domain/sync.ts';
import { sleep } from '../support/api-client.ts';
import { onePerson, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

const people = 120_000;
const rows = (n: number) =>
  `id,name,mail\n${Array.from({ length: people }, (_, i) => `E${String(i)},Name ${String(i % 3 === 0 ? n : 0)},m${String(i)}@x\n`).join('')}`;

describe('a worker that hangs while another takes over its work', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
    await stack.put(onePerson({ name: 'hang', thresholds: wide }), 'hang');
    await stack.place('hang', { 'people.csv': rows(0) });
    expect((await stack.syncAndResume('hang')).status).toBe('completed');
  });
  afterAll(() => stack.stop());

  it.each(['export', 'prepare', 'synchronize'] as Task[])(
    'changes nothing when it comes back, stopped during %s',
    { timeout: 240_000 },
    async (phase) => {
      const n = ['export', 'prepare', 'synchronize'].indexOf(phase) + 1;
      await stack.place('hang', { 'people.csv': rows(n) });
      const started = await stack.startSync('hang');
      await stack.until(async () => (await stack.get<Sync>(`/v1/syncs/${started.id}`)).phase === phase);
      const hanging = stack.freeze('worker');
      expect((await stack.get<Sync>(`/v1/syncs/${started.id}`)).status).toBe('running');
      stack.launch('worker');
      const done = await stack.settled(started.id, ['queued', 'running'], 200);
      expect(done).toMatchObject({
        status: 'completed',
        applied: true,
        counters: { hang_Person: { inserted: 0, updated: people / 3, deleted: 0 } },
      });
      const changes = async () =>
        (await stack.get<{ items: unknown[] }>(`/v1/syncs/${done.id}/changes?limit=500`)).items;
      const before = await changes();
      hanging.thaw();
      await sleep(5_000);
      expect(await stack.get<Sync>(`/v1/syncs/${done.id}`)).toEqual(done);
      expect(await changes()).toEqual(before);
      await hanging.end();
      const again = await stack.sync('hang', { dryRun: true });
      expect(again.counters['hang_Person']).toMatchObject({ stored: people, inserted: 0, updated: 0, deleted: 0 });
    },
  );
});
