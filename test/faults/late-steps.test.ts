import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActivities, type Activities } from '../../activities/index.ts';
import type { Dependencies } from '../../activities/dependencies.ts';
import { baseVersion } from '../../domain/applied-base.ts';
import type { DecisionAction, SyncStatus } from '../../domain/sync.ts';
import { row, rows } from '../../repository/database.ts';
import { insertDecision } from '../../repository/decisions.ts';
import { openStore } from '../../store/export-store.ts';
import { inActivity } from '../support/activity.ts';
import { createTestDatabase } from '../support/database.ts';
import { RepositoryFixture } from '../support/repository-fixture.ts';

const ann = { id: '1', name: 'Ann' };
const bob = { id: '2', name: 'Bob' };
const version = '1.0.0';
const hold = JSON.stringify([{ code: 'threshold-exceeded', scope: 'connector', message: 'too much' }]);
const base = { sync: 0, revision: 1, version: baseVersion(version), linked: {}, tables: [] };

/** Of each sort: with its changes applied or refused, and without any. */
const ends: SyncStatus[] = ['completed', 'failed', 'cancelled'];

describe('a step', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let folder: string;
  let fixture: RepositoryFixture;
  let activities: Activities;
  let connectors = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'syncline-late-'));
  });
  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    fixture = await RepositoryFixture.create(database.url, `late${String(++connectors)}`);
    activities = createActivities({
      db: fixture.db,
      databaseUrl: database.url,
      store: openStore({ kind: 'file', folder }),
      version,
    } as unknown as Dependencies);
    return () => fixture.close();
  });

  interface Found {
    id: string;
    no: number;
    digest: string;
  }

  /** A sync that has found that Ann and Bob are new. */
  async function found(values: Record<string, unknown> = {}): Promise<Found> {
    const { sync: no, digest, changes } = await fixture.diff({ people: [ann, bob], groups: [], members: [] });
    const preparation = { sync: no, attempt: 'a', consumed: true, mode: 'complete', types: {}, links: {}, tables: [] };
    const all = {
      digest,
      change_count: changes,
      preparation: JSON.stringify(preparation),
      diff_basis: '{}',
      ...values,
    };
    await set(no, { tasks: '{export,prepare,synchronize,update-expressions}', ...all });
    const created = await row<{ id: string }>(fixture.db, 'select id from syncline.sync where no = ?', [no]);
    return { no, digest, id: created?.id ?? '' };
  }
  const held = (values: Record<string, unknown> = {}) => found({ status: 'held', holds: hold, ...values });

  async function set(no: number, values: Record<string, unknown>): Promise<void> {
    await fixture.db.raw(
      `update syncline.sync set ${Object.keys(values)
        .map((name) => `${name} = ?`)
        .join(', ')} where no = ?`,
      [...(Object.values(values) as string[]), no],
    );
  }

  /** All that a step may write for a sync: its own row, its decisions, its connector, and what is stored. */
  async function everything({ no }: Found): Promise<unknown> {
    const one = (sql: string) => rows(fixture.db, sql, [no]);
    return {
      sync: await one('select * from syncline.sync where no = ?'),
      decisions: await one('select * from syncline.decision where sync = ? order by id'),
      connector: await one(
        'select c.* from syncline.connector c join syncline.sync s on s.connector = c.id where s.no = ?',
      ),
      changes: await one('select count(*)::int from syncline.change where sync = ?'),
      errors: await one('select * from syncline.sync_error where sync = ?'),
      open: await one(
        'select e.* from syncline.open_error e join syncline.sync s on s.connector = e.connector where s.no = ? order by e.id',
      ),
      status: await one(`select count(*)::int from syncline.sync_event where sync = ? and type = 'status'`),
      staging: await rows(fixture.db, `select tablename from pg_tables where tablename like ?`, [`s${String(no)}\\_%`]),
      stored: await fixture.state(),
    };
  }

  const statusOf = async ({ no }: Found) =>
    row<{ status: SyncStatus; applied: boolean; error: { code: string } | null }>(
      fixture.db,
      'select status, applied, error from syncline.sync where no = ?',
      [no],
    );
  const unchangedBase = async ({ no }: Found) =>
    (
      await row<{ base: unknown }>(
        fixture.db,
        'select unchanged_base as base from syncline.connector where id = (select connector from syncline.sync where no = ?)',
        [no],
      )
    )?.base;

  async function ask({ no }: Found, action: DecisionAction, digest: string): Promise<string> {
    const id = randomUUID();
    await insertDecision(fixture.db, { id, sync: no, action, digest, by: 'someone', reason: 'because' });
    return id;
  }
  const check = ({ id }: Found, action: DecisionAction, digest: string, decisionId: string | null = null) =>
    activities.checkDecision(id, action, digest, decisionId, randomUUID());
  const apply = ({ id }: Found, digest?: string) => inActivity(() => activities.applyChanges(id, digest));
  const finish = ({ id }: Found, wished: SyncStatus) => inActivity(() => activities.finishSync(id, wished, null));

  /** Every step of a sync, as a worker would do it that hung before its first statement. */
  const steps: Record<string, (sync: Found) => Promise<unknown>> = {
    beginSync: ({ id }) => inActivity(() => activities.beginSync(id)),
    exportConnection: ({ id }) => inActivity(() => activities.exportConnection(id, 'files')),
    becomeComplete: ({ id }) => activities.becomeComplete(id, { code: 'checkpoint-refused', message: 'late' }),
    recordExport: ({ id }) => activities.recordExport(id, [{ connection: 'files', attempt: 'late' }]),
    prepareExport: ({ id }) => inActivity(() => activities.prepareExport(id)),
    computeChanges: ({ id }) => inActivity(() => activities.computeChanges(id)),
    holdSync: ({ id }) => inActivity(() => activities.holdSync(id)),
    checkDecision: (sync) => check(sync, 'resume', sync.digest),
    recordDecision: ({ id, digest }) => activities.recordDecision(id, 'reject', digest, null),
    settleUnchanged: ({ id }) => inActivity(() => activities.settleUnchanged(id)),
    applyChanges: (sync) => apply(sync, sync.digest),
    'applyChanges of a workflow of 0.1.0': (sync) => apply(sync),
    finishSync: (sync) => finish(sync, 'completed'),
    'finishSync, failed': ({ id }) =>
      inActivity(() => activities.finishSync(id, 'failed', { code: 'internal', message: 'late' })),
    skipSync: ({ id }) => activities.skipSync(id, 'sync:test', true),
  };

  describe.each(Object.keys(steps))('%s', (name) => {
    it('that comes after the sync has ended changes nothing', async () => {
      for (const status of ends) {
        const compared = status !== 'cancelled';
        const sync = await found({ ended_at: '2026-01-01T00:00:00Z', status, ...(compared ? {} : { digest: null }) });
        await fixture.db.raw('update syncline.connector set unchanged_base = ?::jsonb', [JSON.stringify(base)]);
        const before = await everything(sync);
        const answer = await steps[name]?.(sync).catch((error: unknown) => error);
        expect(await everything(sync)).toEqual(before);
        // what is answered of an end is what Postgres holds
        if (answer instanceof Error) expect(answer).toMatchObject({ code: 'sync-ended' });
        else if (typeof answer === 'string') expect(answer).toBe(status);
        else if (answer && typeof answer === 'object' && 'status' in answer) expect(answer.status).toBe(status);
      }
    });
  });

  it.each([
    'beginSync',
    'becomeComplete',
    'recordExport',
    'prepareExport',
    'computeChanges',
    'holdSync',
    'settleUnchanged',
    'skipSync',
  ])('of an attempt that hung, %s, leaves a sync as it is that is held or applies by now', async (name) => {
    for (const status of ['held', 'running'] as const) {
      const sync = await held({ status, phase: 'synchronize', run_id: 'late-run' });
      if (status === 'running') {
        await set(sync.no, { status: 'held' });
        expect(await check(sync, 'resume', sync.digest)).toMatchObject({ result: 'accepted' });
      }
      const before = await everything(sync);
      await steps[name]?.(sync);
      expect(await everything(sync)).toEqual(before);
    }
  });

  describe('that applies', () => {
    it('applies the change set once that needed no decision, and one that was resumed', async () => {
      const sync = await found();
      expect(await apply(sync, sync.digest)).toEqual({ status: 'running', applied: true });
      expect(Object.keys((await fixture.state()).people)).toEqual(['1', '2']);
      const after = await everything(sync);
      expect(await apply(sync, sync.digest)).toEqual({ status: 'running', applied: true });
      expect(await everything(sync)).toEqual(after);
      expect(await finish(sync, 'completed')).toBe('completed');
    });

    it('refuses a dry run, another digest, none at all, and rows that are not those that were counted', async () => {
      const refused: [Found, string][] = [];
      const dry = await found({ dry_run: true });
      refused.push([dry, dry.digest]);
      const other = await found();
      refused.push([other, 'sha256:other']);
      const unproven = await found({ digest: null, change_count: null });
      refused.push([unproven, unproven.digest]);
      const uncounted = await found({ change_count: null });
      refused.push([uncounted, uncounted.digest]);
      const fewer = await found();
      await fixture.db.raw(`delete from syncline.change where sync = ? and key = '2'`, [fewer.no]);
      refused.push([fewer, fewer.digest]);
      const more = await found({ change_count: 1 });
      refused.push([more, more.digest]);
      for (const [sync, digest] of refused) {
        await expect(apply(sync, digest)).rejects.toMatchObject({ code: 'change-set-altered', retryable: false });
        expect(await statusOf(sync)).toMatchObject({ applied: false });
        expect(await unchangedBase(sync)).toBeNull();
      }
      expect((await fixture.state()).people).toEqual({});
    });

    it('refuses a sync that was held without the accepted decision to resume exactly these changes', async () => {
      const undecided = await held();
      await ask(undecided, 'resume', undecided.digest);
      await expect(apply(undecided, undecided.digest)).rejects.toMatchObject({ code: 'change-set-altered' });
      await expect(apply(undecided)).rejects.toMatchObject({ code: 'change-set-altered' });
      const rejected = await held();
      await check(rejected, 'reject', rejected.digest, await ask(rejected, 'reject', rejected.digest));
      await expect(apply(rejected, rejected.digest)).rejects.toMatchObject({ code: 'change-set-altered' });
      const neighbour = await held();
      await check(neighbour, 'resume', neighbour.digest, await ask(neighbour, 'resume', neighbour.digest));
      await expect(apply(undecided, undecided.digest)).rejects.toMatchObject({ code: 'change-set-altered' });
      expect((await fixture.state()).people).toEqual({});
      expect(await apply(neighbour, neighbour.digest)).toMatchObject({ applied: true });
      expect(Object.keys((await fixture.state()).people)).toEqual(['1', '2']);
    });

    it('goes on with what a workflow of 0.1.0 decided during an upgrade', async () => {
      const sync = await held();
      await activities.recordDecision(sync.id, 'resume', 'sha256:other', null);
      await expect(apply(sync)).rejects.toMatchObject({ code: 'change-set-altered' });
      await activities.recordDecision(sync.id, 'resume', sync.digest, await ask(sync, 'resume', sync.digest));
      expect(await apply(sync)).toEqual({ status: 'running', applied: true });
    });

    it('cannot mark a rejected dry run applied, nor can any statement', async () => {
      const sync = await held({ dry_run: true });
      await check(sync, 'reject', sync.digest);
      expect(await finish(sync, 'rejected')).toBe('rejected');
      expect(await apply(sync, sync.digest)).toEqual({ status: 'rejected', applied: false });
      await expect(set(sync.no, { applied: true })).rejects.toMatchObject({ constraint: 'sync_dry_run_not_applied' });
    });
  });

  describe('that judges a decision', () => {
    it('accepts one of many that come at once, and a repeat finds it accepted', async () => {
      const sync = await held();
      const actions = Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? 'resume' : 'reject') as DecisionAction);
      const asked = await Promise.all(
        actions.map(async (action) => ({ action, id: await ask(sync, action, sync.digest) })),
      );
      const outcomes = await Promise.all(asked.map(({ action, id }) => check(sync, action, sync.digest, id)));
      const winners = asked.filter((_, n) => outcomes[n]?.result === 'accepted');
      expect(winners).toHaveLength(1);
      const [winner] = winners;
      if (!winner) return;
      for (const outcome of outcomes) expect(outcome.decided).toBe(winner.action);
      expect(await check(sync, winner.action, sync.digest, winner.id)).toMatchObject({ result: 'accepted' });
      const recorded = await row<{ decision: unknown }>(fixture.db, 'select decision from syncline.sync where no = ?', [
        sync.no,
      ]);
      expect(recorded?.decision).toMatchObject({ action: winner.action, by: 'someone', reason: 'because' });
    });

    it('writes the record of a bare signal itself, and refuses what names a record that is not its own', async () => {
      const sync = await held();
      const neighbour = await held();
      const ofReject = await ask(sync, 'reject', sync.digest);
      const ofNeighbour = await ask(neighbour, 'resume', neighbour.digest);
      for (const id of [ofReject, ofNeighbour, randomUUID(), `'; drop table x; --`])
        expect(await check(sync, 'resume', sync.digest, id)).toMatchObject({ result: 'forbidden', decided: null });
      expect(await check(sync, 'resume', 'sha256:other')).toMatchObject({ result: 'stale-digest' });
      const signal = randomUUID();
      const signalled = () => activities.checkDecision(sync.id, 'resume', sync.digest, null, signal);
      expect(await signalled()).toMatchObject({ result: 'accepted', status: 'running', decided: 'resume' });
      expect(await signalled()).toMatchObject({ result: 'accepted', status: 'running', decided: 'resume' });
      expect(
        await rows(
          fixture.db,
          `select id, decided_by as by from syncline.decision where sync = ? and accepted_at is not null`,
          [sync.no],
        ),
      ).toEqual([{ id: signal, by: 'temporal' }]);
      expect(await apply(sync, sync.digest)).toMatchObject({ applied: true });
    });

    it('takes none for a sync that was restored to the middle of prepare, whose files are no base', async () => {
      const sync = await found({ digest: null, change_count: null, holds: '[]', phase: 'prepare' });
      expect(await inActivity(() => activities.holdSync(sync.id))).toEqual({ status: 'running', decided: null });
      expect(await check(sync, 'resume', sync.digest)).toEqual({
        result: 'not-held',
        status: 'running',
        decided: null,
        digest: null,
      });
      await expect(apply(sync, sync.digest)).rejects.toMatchObject({ code: 'change-set-altered' });
      await expect(apply(sync)).rejects.toMatchObject({ code: 'change-set-altered' });
      // nor where a workflow claims that all went well
      expect(await finish(sync, 'completed')).toBe('failed');
      expect(await statusOf(sync)).toMatchObject({ applied: false, error: { code: 'change-set-altered' } });
      expect(await unchangedBase(sync)).toBeNull();
    });
  });

  it('that ends a sync cannot take back what was applied, and a second end is not told as the first', async () => {
    for (const wished of ['rejected', 'superseded', 'cancelled'] as const) {
      const sync = await found();
      await apply(sync, sync.digest);
      expect(await finish(sync, wished)).toMatch(/^completed/);
    }
    const sync = await held();
    expect(await finish(sync, 'rejected')).toBe('rejected');
    expect(await finish(sync, 'completed')).toBe('rejected');
    expect(await activities.skipSync(sync.id, 'sync:test', true)).toEqual({ met: null });
    expect(await statusOf(sync)).toMatchObject({ status: 'rejected', applied: false });
  });

  it('that finds nothing changed looks again under the lock, and ends and marks the sync at once', async () => {
    const late = await found({ digest: null, change_count: null, preparation: null });
    expect(await inActivity(() => activities.settleUnchanged(late.id))).toBe('changed');
    expect(await statusOf(late)).toMatchObject({ status: 'running', applied: false });
    await fixture.db.raw('update syncline.connector set unchanged_base = ?::jsonb', [JSON.stringify(base)]);
    expect(await inActivity(() => activities.settleUnchanged(late.id))).toBe('completed');
    expect(
      await row(fixture.db, 'select applied, applied_at <= ended_at as "inOrder" from syncline.sync where no = ?', [
        late.no,
      ]),
    ).toEqual({ applied: true, inOrder: true });
  });
});
