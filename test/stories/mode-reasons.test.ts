import { afterAll, beforeAll, expect, it } from 'vitest';
import { listCheckpoints } from '../../repository/checkpoint.ts';
import { viewSync } from '../../repository/sync-views.ts';
import { wide } from '../support/connector.ts';
import { InProcess } from '../support/in-process.ts';
import { ToldSource } from '../support/told-source.ts';

const source = new ToldSource(['id', 'mail']);
let syncline: InProcess;
beforeAll(async () => {
  syncline = await InProcess.start({ packages: [source.adapter] });
});
afterAll(() => syncline.stop());

const file = (properties: Record<string, unknown> = {}) => ({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'told',
  thresholds: wide,
  connections: [{ name: 'c', package: 'told' }],
  entityTypes: [
    {
      name: 'T',
      source: { connection: 'c', table: 'people' },
      key: ['id'],
      properties: { id: { column: 'id' }, ...properties },
    },
  ],
});

it('a sync says why it became complete, how its tables were read, and where the next one goes on', async () => {
  source.rows.set('people', [{ id: 'a', mail: 'a@x' }]);
  const connector = await syncline.put(file());
  const run = async () => {
    const { id } = await syncline.sync('told', 'incremental');
    return viewSync(syncline.db, id);
  };
  const first = await run();
  expect(first).toMatchObject({
    mode: 'complete',
    requestedMode: 'incremental',
    modeReason: { code: 'no-checkpoint', message: 'No complete sync was applied yet.' },
    completeness: { people: { certified: true, mode: 'complete', checkpoint: { name: 'read 1' } } },
  });
  expect(Date.parse(first?.completeness['people']?.checkpoint?.at ?? '')).toBeLessThan(Date.now());
  expect(await listCheckpoints(syncline.db, connector)).toMatchObject([
    { connection: 'c', table: 'people', name: 'read 1', syncId: first?.id },
  ]);
  const second = await run();
  expect(second).toMatchObject({ mode: 'incremental', modeReason: null });
  expect(second?.completeness).toMatchObject({ people: { mode: 'incremental', checkpoint: { name: 'read 2' } } });
  await syncline.put(file({ mail: { column: 'mail' } }));
  expect(await run()).toMatchObject({ mode: 'complete', modeReason: { code: 'read-changed' } });
});
