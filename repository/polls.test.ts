import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedBreaker } from '../domain/breaker.ts';
import { connectorFileSchema } from '../domain/connector-file.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { activateRevision } from './catalog.ts';
import { deleteConnector, findConnector, lockConnector, saveRevision, setActive } from './connectors.ts';
import { openDatabase, row, type Database } from './database.ts';
import { breakersOf, deletePoll, findPoll, pausePoll, polledConnectors, savePoll, tellPoll } from './polls.ts';

describe('polls', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: Database;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = openDatabase(database.url, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  async function connector(name: string, poll: object | undefined): Promise<number> {
    const file = connectorFileSchema.parse({
      apiVersion: 'syncline/v1',
      kind: 'Connector',
      name,
      connections: [
        { name: 'files', package: 'csv', settings: {}, ...(poll ? { poll } : {}) },
        { name: 'other', package: 'csv', settings: {} },
      ],
      entityTypes: [],
    });
    return db.transaction(async (tx) => {
      const locked = await lockConnector(tx, name, name);
      await activateRevision(tx, locked.id, await saveRevision(tx, locked, file, 'test'), file);
      return locked.id;
    });
  }

  async function syncOf(id: number, status: string, error: object | null): Promise<string> {
    const made = await row<{ id: string }>(
      db,
      `insert into syncline.sync (id, connector, mode, requested_mode, tasks, status, trigger, priority, synced_by,
         config_revision, workflow_id, error)
       values (gen_random_uuid(), ?, 'incremental', 'incremental', '{export}', ?, 'poll', 'low', 'system', 1, 'test', ?::jsonb)
       returning id`,
      [id, status, error === null ? null : JSON.stringify(error)],
    );
    return made?.id ?? '';
  }

  // one that Postgres writes shorter than a Date does
  const at = '2026-01-31T10:00:00.050Z';

  it('are those that the files in use name, closed until something is known of them', async () => {
    const hr = await connector('hr', {});
    await connector('plain', undefined);
    const fresh = { connector: 'hr', connection: 'files', state: 'closed', failures: 0 };
    expect(await breakersOf(db)).toEqual([{ ...fresh, retryAt: null, nextAt: null, lastError: null }]);
    expect(await breakersOf(db, hr)).toHaveLength(1);
    expect(await polledConnectors(db)).toMatchObject([{ id: hr, name: 'hr', revision: 1, followed: {} }]);
  });

  it('show what was stored, and the error of the last failed sync until one succeeds', async () => {
    const id = (await findConnector(db, 'hr'))?.id ?? 0;
    const poll = { connector: id, connection: 'files', revision: 1, nextAt: at };
    await savePoll(db, { ...poll, state: 'open', failures: 5, retryAt: at, completeNext: true });
    const failed = await syncOf(id, 'failed', { code: 'missing-file', message: 'There is no file.' });
    await tellPoll(db, id, 'files', failed);
    expect(await breakersOf(db, id)).toEqual([
      {
        connector: 'hr',
        connection: 'files',
        state: 'open',
        failures: 5,
        retryAt: at,
        nextAt: at,
        lastError: { syncId: failed, code: 'missing-file', message: 'There is no file.' },
      },
    ]);
    expect(await findPoll(db, id, 'files')).toMatchObject({ revision: 1, state: 'open', completeNext: true });
    expect(await polledConnectors(db)).toMatchObject([{ followed: { files: 1 } }]);
    await tellPoll(db, id, 'files', await syncOf(id, 'skipped', null));
    expect((await breakersOf(db, id))[0]?.lastError).not.toBeNull();
    await savePoll(db, { ...poll, ...closedBreaker });
    await tellPoll(db, id, 'files', await syncOf(id, 'completed', null));
    expect(await breakersOf(db, id)).toMatchObject([{ state: 'closed', retryAt: null, lastError: null }]);
  });

  it('have no next attempt while their connector is deactivated, and keep their state', async () => {
    const id = (await findConnector(db, 'hr'))?.id ?? 0;
    await savePoll(db, {
      ...{ connector: id, connection: 'files', revision: 1, nextAt: at },
      ...{ state: 'open', failures: 6, retryAt: at, completeNext: true },
    });
    await setActive(db, id, false);
    expect(await breakersOf(db, id)).toMatchObject([{ state: 'open', failures: 6, nextAt: null }]);
    expect(await polledConnectors(db)).toEqual([]);
    await pausePoll(db, id, 'files');
    await setActive(db, id, true);
    expect(await breakersOf(db, id)).toMatchObject([{ state: 'open', failures: 6, nextAt: null }]);
  });

  it('are forgotten where they are no longer polled, and with their connector', async () => {
    const id = (await findConnector(db, 'hr'))?.id ?? 0;
    await deletePoll(db, id, 'files');
    expect(await findPoll(db, id, 'files')).toBeUndefined();
    await savePoll(db, { connector: id, connection: 'files', revision: 1, nextAt: null, ...closedBreaker });
    await connector('hr', undefined);
    expect(await breakersOf(db, id)).toEqual([]);
    expect(await db.transaction((tx) => deleteConnector(tx, id))).toBe(true);
    expect(await findPoll(db, id, 'files')).toBeUndefined();
  });
});
