import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { openDatabase, row, type Database } from './database.ts';
import type { SyncMode } from '../domain/sync.ts';
import { quarantinesOf, quarantinesOfAll } from './quarantine.ts';

describe('a connector whose scheduled syncs fail', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: Database;
  let connector = 0;
  let minute = 0;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = openDatabase(database.url, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    const made = await row<{ id: number }>(
      db,
      `insert into syncline.connector (name, display_name) values (gen_random_uuid()::text, 'x') returning id`,
    );
    connector = made?.id ?? 0;
  });

  const at = (n: number) => new Date(Date.parse('2026-01-31T00:00:00Z') + n * 60_000);
  async function sync(
    status: string,
    trigger = 'scheduled',
    more: { tasks?: string; scope?: object; dryRun?: boolean; mode?: SyncMode; requestedMode?: SyncMode } = {},
  ) {
    minute += 1;
    await db.raw(
      `insert into syncline.sync (id, connector, mode, requested_mode, tasks, scope, dry_run, status, trigger, priority,
         synced_by, config_revision, workflow_id, error, created_at, ended_at)
       values (gen_random_uuid(), ?, ?, ?, ?, ?::jsonb, ?, ?, ?, 'low', 'system', 1, 'test', ?::jsonb, ?, ?)`,
      [
        connector,
        more.mode ?? 'complete',
        more.requestedMode ?? more.mode ?? 'complete',
        more.tasks ?? '{export,prepare,synchronize,update-expressions}',
        more.scope ? JSON.stringify(more.scope) : null,
        more.dryRun ?? false,
        status,
        trigger,
        status === 'failed' ? JSON.stringify({ code: 'missing-file', message: 'There is no file.' }) : null,
        at(minute).toISOString(),
        at(minute + 0.5).toISOString(),
      ],
    );
  }
  const fail = async (times: number) => {
    for (let n = 0; n < times; n++) await sync('failed');
  };
  const now = async (mode: SyncMode = 'complete') =>
    (await quarantinesOf(db, connector, at(minute + 1).getTime()))[mode] ?? null;

  it('is in quarantine after five in a row, until nearly a day after the last', async () => {
    expect(await now()).toBeNull();
    await fail(4);
    expect(await now()).toBeNull();
    await fail(1);
    expect(await now()).toMatchObject({
      failures: 5,
      last: expect.stringContaining('2026-01-31T') as string,
      until: at(minute + 23 * 60).toISOString(),
      error: { code: 'missing-file', message: 'There is no file.' },
    });
    expect(await quarantinesOf(db, connector, at(minute + 23 * 60).getTime())).toEqual({});
  });

  it('is out of it by one success, also one by hand or by a poll', async () => {
    for (const trigger of ['scheduled', 'manual', 'poll']) {
      await fail(5);
      expect(await now()).not.toBeNull();
      await sync('completed-with-errors', trigger);
      expect(await now()).toBeNull();
      await fail(4);
      expect(await now()).toBeNull();
      await sync('completed');
    }
  });

  it('counts the modes apart: incremental syncs that fail keep no complete one from running, nor the other way round', async () => {
    const incremental = { mode: 'incremental' } as const;
    // one that had to become complete is still one of the incremental job
    for (let n = 0; n < 2; n++) await sync('failed', 'scheduled', { mode: 'complete', requestedMode: 'incremental' });
    for (let n = 0; n < 3; n++) await sync('failed', 'scheduled', incremental);
    expect(await now('incremental')).toMatchObject({ failures: 5, mode: 'incremental' });
    expect(await now('complete')).toBeNull();
    await fail(5);
    expect(await now('complete')).toMatchObject({ failures: 5, mode: 'complete' });
    // an incremental success says nothing of a complete read, a complete one of both
    await sync('completed', 'manual', incremental);
    expect(await now('incremental')).toBeNull();
    expect(await now('complete')).toMatchObject({ failures: 5 });
    for (let n = 0; n < 5; n++) await sync('failed', 'scheduled', incremental);
    await sync('completed', 'manual');
    expect(await now('incremental')).toBeNull();
    expect(await now('complete')).toBeNull();
  });

  it('is told apart from others that are asked about with it', async () => {
    const failing = connector;
    await fail(5);
    const other = await row<{ id: number }>(
      db,
      `insert into syncline.connector (name, display_name) values (gen_random_uuid()::text, 'x') returning id`,
    );
    connector = other?.id ?? 0;
    await fail(4);
    for (let n = 0; n < 6; n++) await sync('failed', 'scheduled', { mode: 'incremental' });
    const all = await quarantinesOfAll(db, [failing, connector, -1], at(minute + 1).getTime());
    expect([...all.keys()].sort()).toEqual([failing, connector].sort());
    expect(all.get(failing)).toEqual({ complete: expect.objectContaining({ failures: 5 }) as object });
    expect(all.get(connector)).toEqual({ incremental: expect.objectContaining({ failures: 6 }) as object });
    expect(await quarantinesOfAll(db, [], 0)).toEqual(new Map());
  });

  it('is not moved by what says nothing of its source', async () => {
    await fail(4);
    for (const status of ['skipped', 'held', 'cancelled', 'rejected', 'superseded']) await sync(status);
    await sync('failed', 'manual');
    await sync('failed', 'poll');
    expect(await now()).toBeNull();
    await fail(1);
    expect(await now()).toMatchObject({ failures: 5 });
    await sync('completed', 'manual', { dryRun: true });
    await sync('completed', 'manual', { tasks: '{export}' });
    await sync('completed', 'high-priority', { scope: { keys: { Person: [['1']] } } });
    expect(await now()).toMatchObject({ failures: 5 });
  });
});
