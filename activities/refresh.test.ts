import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DecisionAction, SyncStatus } from '../domain/sync.ts';
import { row, rows } from '../repository/database.ts';
import { inActivity } from '../test/support/activity.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { RepositoryFixture } from '../test/support/repository-fixture.ts';
import type { AskedDecision, Dependencies } from './dependencies.ts';
import { createActivities, type Activities } from './index.ts';

describe('a sync that has prepared to take the place of a held one', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let fixture: RepositoryFixture;
  let activities: Activities;
  let connectors = 0;
  /** Stands for the workflow of the held sync. */
  let workflow: (decision: AskedDecision) => Promise<void>;
  let held: { id: string; digest: string };
  let fresh: { id: string };

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    fixture = await RepositoryFixture.create(database.url, `refreshed${String(++connectors)}`);
    activities = createActivities({
      db: fixture.db,
      databaseUrl: database.url,
      workflows: { decide: (_id: string, _run: string, _update: string, asked: AskedDecision) => workflow(asked) },
    } as unknown as Dependencies);
    const found = await fixture.diff({ people: [{ id: '1', name: 'Ann' }], groups: [], members: [] });
    const other = await fixture.diff({ people: [{ id: '1', name: 'Ann' }], groups: [], members: [] });
    held = { ...(await idOf(found.sync)), digest: found.digest };
    fresh = await idOf(other.sync);
    const tasks = '{export,prepare,synchronize,update-expressions}';
    await fixture.db.raw(
      `update syncline.sync set digest = ?, change_count = ?, diff_basis = '{}', tasks = ?,
         holds = '[{"code": "threshold-exceeded", "scope": "connector", "message": "too much"}]' where id = ?`,
      [found.digest, found.changes, tasks, held.id],
    );
    await fixture.db.raw(`update syncline.sync set digest = null, refreshes = ?, tasks = ? where id = ?`, [
      held.id,
      tasks,
      fresh.id,
    ]);
    await inActivity(() => activities.holdSync(held.id));
    return () => fixture.close();
  });

  const idOf = async (no: number) =>
    (await row<{ id: string }>(fixture.db, 'select id from syncline.sync where no = ?', [no])) ?? { id: '' };
  const statusOf = async ({ id }: { id: string }) =>
    row<{ status: SyncStatus; action: DecisionAction | null; by: string | null }>(
      fixture.db,
      `select status, decision ->> 'action' as action, decision ->> 'by' as by from syncline.sync where id = ?`,
      [id],
    );
  const decided = (action: DecisionAction, decisionId: string | null = null) =>
    activities.checkDecision(held.id, action, held.digest, decisionId, randomUUID());
  const end = (status: SyncStatus) => inActivity(() => activities.finishSync(held.id, status, null));
  const supersede = () => inActivity(() => activities.supersedeHeld(fresh.id));

  it('ends it, and a repeat finds its own decision', async () => {
    let asked = 0;
    workflow = async ({ action, decisionId }) => {
      asked++;
      await decided(action, decisionId);
      await end('superseded');
    };
    expect([await supersede(), await supersede(), asked]).toEqual([true, true, 1]);
    expect(await statusOf(held)).toMatchObject({ status: 'superseded', action: 'supersede' });
  });

  it('asks again if its decision came too late', async () => {
    let asked = 0;
    workflow = async ({ action, decisionId }) => {
      if (++asked === 1)
        await fixture.db.raw(`update syncline.decision set decided_at = now() - interval '2 minutes' where id = ?`, [
          decisionId,
        ]);
      if ((await decided(action, decisionId)).result === 'accepted') await end('superseded');
    };
    expect([await supersede(), asked]).toEqual([true, 2]);
  });

  it.each(['resume', 'reject'] as const)('leaves the place to a person who was first to %s', async (action) => {
    workflow = async (asked) => {
      await decided(action);
      expect((await decided(asked.action, asked.decisionId)).result).toBe('not-held');
    };
    expect(await supersede()).toBe(false);
    expect((await statusOf(held))?.action).toBe(action);
    expect(
      await rows(
        fixture.db,
        `select 1 from syncline.sync_event e join syncline.sync s on s.no = e.sync
        where s.id = ? and e.data ->> 'level' = 'warn'`,
        [fresh.id],
      ),
    ).toHaveLength(1);
  });

  it('begins as prepared: it neither reads nor prepares again', async () => {
    const plan = await inActivity(() => activities.beginSync(fresh.id));
    expect(plan).toMatchObject({ checkUnchanged: false, export: true, prepare: true, synchronize: true });
    await fixture.db.raw(`update syncline.sync set preparation = '{}' where id = ?`, [fresh.id]);
    expect(await inActivity(() => activities.beginSync(fresh.id))).toMatchObject({
      ...{ checkUnchanged: false, export: false, prepare: false, synchronize: true },
    });
  });
});
