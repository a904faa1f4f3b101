import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ExportStore } from '../store/export-store.ts';
import type { ExportRequest } from '../store/export-request.ts';
import { inActivity } from '../test/support/activity.ts';
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
