import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReviewFile } from '../domain/review/times.ts';
import type { DecidedAction, Decision, SyncStatus, Waiting } from '../domain/sync.ts';
import { row, rows } from '../repository/database.ts';
import { insertDecision } from '../repository/decisions.ts';
import { inActivity } from '../test/support/activity.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { RepositoryFixture } from '../test/support/repository-fixture.ts';
import { createActivities, type Activities } from './index.ts';
import type { Dependencies } from './dependencies.ts';

const hold = JSON.stringify([{ code: 'threshold-exceeded', scope: 'connector', message: 'too much' }]);

interface Found {
  no: number;
  id: string;
  digest: string;
}

describe('a held sync that nobody decides on', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let fixture: RepositoryFixture;
  let activities: Activities;
  let connectors = 0;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    fixture = await RepositoryFixture.create(database.url, `waits${String(++connectors)}`);
    activities = createActivities({ db: fixture.db, databaseUrl: database.url } as unknown as Dependencies);
    return () => fixture.close();
  });

  /** A sync that is about to be held, of a connector with these settings. */
  async function found(review?: ReviewFile): Promise<Found> {
    const {
      sync: no,
      digest,
      changes,
    } = await fixture.diff({ people: [{ id: '1', name: 'Ann' }], groups: [], members: [] });
    await fixture.db.raw(
      `update syncline.sync set digest = ?, change_count = ?, holds = ?, diff_basis = '{}',
         tasks = '{export,prepare,synchronize,update-expressions}' where no = ?`,
      [digest, changes, hold, no],
    );
    await fixture.db.raw(
      `update syncline.connector_revision r set file = file || ?::jsonb from syncline.sync s
       where r.connector = s.connector and r.revision = s.config_revision and s.no = ?`,
      [JSON.stringify(review ? { review } : {}), no],
    );
    const sync = await row<{ id: string }>(fixture.db, 'select id from syncline.sync where no = ?', [no]);
    return { no, digest, id: sync?.id ?? '' };
  }

  const stateOf = async ({ no }: Found) =>
    row<{ status: SyncStatus; waitingFor: Waiting | null; decision: Decision | null }>(
      fixture.db,
      'select status, waiting_for as "waitingFor", decision from syncline.sync where no = ?',
      [no],
    );
  const told = ({ no }: Found) =>
    rows<{ type: string; data: Record<string, unknown> }>(
      fixture.db,
      `select type, data from syncline.sync_event where sync = ? and (type = 'waiting' or data ->> 'level' = 'warn') order by seq`,
      [no],
    );
  const holdSync = ({ id }: Found) => inActivity(() => activities.holdSync(id));
  const check = ({ id, digest }: Found, action: DecidedAction, decisionId: string | null = null) =>
    activities.checkDecision(id, action, digest, decisionId, randomUUID());
  const hours = (from: string | undefined, to: string | null | undefined) =>
    (Date.parse(to ?? '') - Date.parse(from ?? '')) / 3_600_000;

  it('has its times from the revision of the sync, and a repeat of the step does not put them off', async () => {
    const sync = await found({ remindAfter: '2h', escalateAfter: null, expireAfter: '3d' });
    const { times, status } = await holdSync(sync);
    expect(status).toBe('held');
    const waiting = (await stateOf(sync))?.waitingFor;
    expect(waiting).toMatchObject({ reason: 'approval', stage: 'waiting', ...times });
    expect(times?.escalateAt).toBeNull();
    expect([hours(waiting?.since, times?.remindAt), hours(waiting?.since, times?.expiresAt)]).toEqual([2, 72]);
    expect(await holdSync(sync)).toEqual({ status: 'held', decided: null, times });
  });

  it('has 4 hours, 24 hours and 7 days where the file says nothing', async () => {
    const sync = await found();
    const { times } = await holdSync(sync);
    const since = (await stateOf(sync))?.waitingFor?.since;
    expect([times?.remindAt, times?.escalateAt, times?.expiresAt].map((at) => hours(since, at))).toEqual([4, 24, 168]);
  });

  it('reminds and escalates once each, in this order', async () => {
    const sync = await found();
    await holdSync(sync);
    const before = (await told(sync)).length;
    await activities.tellStage(sync.id, 'reminded');
    await activities.tellStage(sync.id, 'reminded');
    await activities.tellStage(sync.id, 'escalated');
    await activities.tellStage(sync.id, 'escalated');
    await activities.tellStage(sync.id, 'reminded');
    const state = await stateOf(sync);
    expect(state).toMatchObject({ status: 'held', waitingFor: { stage: 'escalated' } });
    const { since, expiresAt } = state?.waitingFor ?? {};
    expect((await told(sync)).slice(before)).toEqual([
      { type: 'waiting', data: { stage: 'reminded', since, expiresAt } },
      {
        type: 'log',
        data: expect.objectContaining({
          level: 'warn',
          message: expect.stringMatching(/^Reminder: /) as string,
        }) as object,
      },
      { type: 'waiting', data: { stage: 'escalated', since, expiresAt } },
      {
        type: 'log',
        data: expect.objectContaining({
          level: 'warn',
          message: expect.stringMatching(/^Escalation: /) as string,
        }) as object,
      },
    ]);
  });

  it('says nothing once it is decided', async () => {
    const sync = await found();
    await holdSync(sync);
    await check(sync, 'resume');
    const before = await told(sync);
    await activities.tellStage(sync.id, 'reminded');
    expect(await told(sync)).toEqual(before);
  });

  it('expires as a rejection by the system', async () => {
    const sync = await found();
    await holdSync(sync);
    expect(await check(sync, 'expire')).toMatchObject({ result: 'accepted', decided: 'expire' });
    await inActivity(() => activities.finishSync(sync.id, 'rejected', null));
    const state = await stateOf(sync);
    expect(state).toMatchObject({
      status: 'rejected',
      waitingFor: null,
      decision: { action: 'expire', by: 'system', digest: sync.digest },
    });
    expect(state?.decision?.reason).toMatch(/Nobody decided/);
  });

  it('is resumed or expires, never both: the first that is accepted counts', async () => {
    for (let round = 0; round < 10; round++) {
      const sync = await found();
      await holdSync(sync);
      const id = randomUUID();
      await insertDecision(fixture.db, {
        id,
        sync: sync.no,
        action: 'resume',
        digest: sync.digest,
        by: 'user:a',
        reason: null,
      });
      const wishes = [() => check(sync, 'resume', id), () => check(sync, 'expire')];
      const outcomes = await Promise.all((round % 2 === 0 ? wishes : wishes.reverse()).map((wish) => wish()));
      expect(outcomes.map(({ result }) => result).sort()).toEqual(['accepted', 'not-held']);
      const action = (await stateOf(sync))?.decision?.action;
      // both are told who has won
      expect(outcomes.map(({ decided }) => decided)).toEqual([action, action]);
      await inActivity(() => activities.finishSync(sync.id, 'cancelled', null));
    }
  });

  it('that an earlier version held has no timers', async () => {
    const sync = await found();
    await fixture.db.raw(
      `update syncline.sync set status = 'held', waiting_for = '{"reason": "approval", "since": "2026-03-02T08:00:00Z"}' where no = ?`,
      [sync.no],
    );
    const none = { remindAt: null, escalateAt: null, expiresAt: null };
    expect(await holdSync(sync)).toEqual({ status: 'held', decided: null, times: none });
  });
});
