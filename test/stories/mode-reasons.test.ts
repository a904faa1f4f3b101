import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe('a read of changes that the source refuses', () => {
  const why = { code: 'checkpoint-refused', reason: 'The source no longer knows the place.' } as const;
  const two = {
    ...file(),
    name: 'two',
    connections: ['c', 'd'].map((name) => ({ name, package: 'told' })),
    entityTypes: [
      ['P', 'c', 'people'],
      ['G', 'd', 'groups'],
    ].map(([name, connection, table]) => ({
      name,
      source: { connection, table },
      key: ['id'],
      properties: { id: { column: 'id' } },
    })),
  };
  const run = async () => {
    const { id } = await syncline.sync('two', 'incremental');
    return viewSync(syncline.db, id);
  };

  it('makes the sync complete: every connection is read again from its beginning, also those that were read', async () => {
    source.rows.set('people', [{ id: 'a' }, { id: 'b' }]);
    source.rows.set('groups', [{ id: 'g' }, { id: 'h' }]);
    await syncline.put(two);
    await run();
    source.rows.set('people', [{ id: 'b' }, { id: 'c' }]);
    source.rows.set('groups', [{ id: 'h' }]);
    source.told.set('people', { records: [{ id: 'not from a complete read' }] });
    source.told.set('groups', { refused: why });
    source.requests.length = 0;
    expect(await run()).toMatchObject({
      status: 'completed',
      mode: 'complete',
      requestedMode: 'incremental',
      modeReason: { code: 'checkpoint-refused', message: why.reason },
      counters: { P: { inserted: 1, deleted: 1 }, G: { inserted: 0, deleted: 1 } },
      completeness: { people: { mode: 'complete' }, groups: { mode: 'complete' } },
    });
    expect(source.requests.map(({ mode, table }) => `${mode} ${table}`)).toEqual([
      'incremental people',
      'incremental groups',
      'complete people',
      'complete groups',
    ]);
    source.told.clear();
    expect(await run()).toMatchObject({ mode: 'incremental', modeReason: null });
  });

  it('fails the sync if a package refuses a complete read, and changes nothing', async () => {
    const { adapter } = source;
    const read = adapter.read.bind(adapter);
    source.told.set('people', { refused: why });
    adapter.read = (connection, request) => read(connection, { ...request, mode: 'incremental' });
    try {
      await expect(run()).rejects.toMatchObject({ code: 'internal' });
    } finally {
      adapter.read = read;
      source.told.clear();
    }
  });
});
