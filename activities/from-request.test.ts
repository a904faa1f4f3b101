import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createRegistry } from '../connectors/registry.ts';
import { SyncError } from '../domain/errors.ts';
import { ExportStore } from '../store/export-store.ts';
import type { ExportRequest } from '../store/export-request.ts';
import { inActivity } from '../test/support/activity.ts';
import { ToldSource } from '../test/support/told-source.ts';
import { createFromRequestActivities } from './from-request.ts';

const folder = mkdtempSync(join(tmpdir(), 'syncline-request-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('refuses a request of a later version, and says that the worker is behind', async () => {
  const store = new ExportStore(folder);
  const of = {
    connector: 'hr',
    syncId: 'f3b2a1c0-0000-4000-8000-000000000000',
    connection: 'files',
    attempt: 'files-1',
  };
  const { exportFromRequest } = createFromRequestActivities({ store, packages: new Map(), secretFolders: [] });
  const failed = () => inActivity(() => exportFromRequest(of));
  await expect(failed()).rejects.toThrow(/SYNCLINE_EXPORT_STORE/);
  const request: ExportRequest = {
    ...{ version: 1, connector: of.connector, syncId: of.syncId, mode: 'complete', filterFingerprint: '' },
    connection: { name: of.connection, package: 'csv', settings: {}, secrets: {} },
    ...{ tables: [], allTables: [] },
  };
  await store.exchange.writeRequest(of, { ...request, later: true } as ExportRequest);
  await expect(failed()).rejects.toThrow(/does not understand/);
});

it('tells a read what the attempt before has noted, since rows that are older would hide changes', async () => {
  const store = new ExportStore(folder);
  let lost = true;
  const source = new ToldSource(['id'], { resume: 'table' });
  source.rows.set('people', [{ id: '1' }]);
  const read = source.adapter.read.bind(source.adapter);
  source.adapter.read = async function* (connection, request) {
    if (request.table === 'groups' && lost) throw new SyncError('connection', 'lost');
    yield* read(connection, request);
  };
  const of = { connector: 'hr', syncId: 'f3b2a1c0-0000-4000-8000-000000000001', connection: 'told', attempt: 'told-1' };
  const table = (name: string) => ({ table: name, taken: [], noted: [] });
  await store.exchange.writeRequest(of, {
    ...{ version: 1, connector: of.connector, syncId: of.syncId, mode: 'complete', filterFingerprint: '' },
    connection: { name: of.connection, package: 'told', settings: {}, secrets: {} },
    ...{ tables: [table('people'), table('groups')], allTables: ['people', 'groups'] },
  });
  const packages = createRegistry([source.adapter]);
  const { exportFromRequest } = createFromRequestActivities({ store, packages, secretFolders: [] });
  let before: unknown;
  const heartbeat = (details: unknown) => (before = details);
  await expect(inActivity(() => exportFromRequest(of), { heartbeat })).rejects.toThrow('lost');
  lost = false;
  await inActivity(() => exportFromRequest(of), { before });
  expect(source.requests.map(({ table: name, noted }) => [name, noted?.value])).toEqual([
    ['people', undefined],
    ['groups', '2'],
  ]);
});
