import { taskOf } from '../domain/task-results.ts';
import type { DecisionAction, SyncFailure, SyncStatus } from '../domain/sync.ts';
import { countLinks, countResources } from '../repository/stored.ts';
import { setUnchangedBase } from '../repository/checkpoint.ts';
import { entityTypesOf, linkPropertiesOf } from '../repository/catalog.ts';
import { findDecision } from '../repository/decisions.ts';
import { endSync } from '../repository/end-sync.ts';
import { seeErrors } from '../repository/open-errors.ts';
import { dropStaging } from '../repository/staging.ts';
import { logSync } from '../repository/sync-log.ts';
import {
  changeStatus,
  countRejections,
  findSync,
  leavePhase,
  updateSync,
  type ExportReference,
} from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';
import { whileBeating } from './heartbeat.ts';
import { loadSync } from './load-sync.ts';

export function createSettleActivities({ db }: Dependencies) {
  /** Names the completed export. A repeat writes the same. */
  async function recordExport(syncId: string, attempts: ExportReference['attempts']): Promise<void> {
    const { sync } = await loadSync(db, syncId);
    await updateSync(db, sync.no, { exportRef: { syncId, attempts } });
    await leavePhase(db, sync.no, 'export');
  }

  async function holdSync(syncId: string): Promise<void> {
    const { sync } = await loadSync(db, syncId);
    await whileBeating(async () => {
      await db.transaction(async (tx) => {
        await updateSync(tx, sync.no, { waitingFor: { reason: 'approval', since: new Date().toISOString() } });
        // it may wait for days: what it has seen is wrong now
        await seeErrors(tx, sync);
        await changeStatus(tx, sync.no, 'held');
      });
    });
    for (const { message } of sync.holds)
      await logSync(db, sync.no, taskOf(sync, 'synchronize'), 'warn', `Held: ${message}`);
  }

  /**
   * Records who decided what, when and why. A bare Temporal signal has no row of its own and is recorded as
   * `temporal`.
   */
  async function recordDecision(
    syncId: string,
    action: DecisionAction,
    digest: string,
    decisionId: string | null,
  ): Promise<void> {
    const { sync } = await loadSync(db, syncId);
    const asked = decisionId === null ? undefined : await findDecision(db, sync.no, decisionId);
    await updateSync(db, sync.no, {
      decision: {
        action,
        by: asked?.decidedBy ?? 'temporal',
        at: asked?.decidedAt ?? new Date().toISOString(),
        reason: asked?.reason ?? null,
        digest,
      },
    });
    if (action === 'resume') await changeStatus(db, sync.no, 'running');
    // what was refused is compared again, whatever the files are by then
    if (action === 'reject') await setUnchangedBase(db, sync.connector, null);
    await logSync(db, sync.no, taskOf(sync, 'synchronize'), 'info', `Decision: ${action}.`);
  }

  /**
   * Ends the sync in the tables and drops its staging, unless a later task is to take it. A repeat, or an end that
   * reconcile was first to record, changes nothing.
   * @returns the status it ended with
   */
  async function finishSync(syncId: string, wished: SyncStatus, failure: SyncFailure | null): Promise<SyncStatus> {
    const sync = await findSync(db, syncId);
    if (!sync) return wished;
    const errors = wished === 'completed' ? await countRejections(db, sync.no) : 0;
    const status =
      wished === 'completed' && !sync.dryRun && errors + sync.deletesWithheld + sync.overtaken > 0
        ? 'completed-with-errors'
        : wished;
    const keeps = status.startsWith('completed') && sync.preparation !== null && !sync.preparation.consumed;
    if (!keeps) await dropStaging(db, sync.no);
    if (await whileBeating(() => endSync(db, sync, status, failure))) {
      await logSync(
        db,
        sync.no,
        null,
        failure ? 'error' : 'info',
        failure ? `Failed: ${failure.code}. ${failure.message}` : `Ended: ${status}.`,
      );
    }
    return status;
  }

  /** Ends a sync whose files are those of the last applied one: there is nothing to compare or apply. */
  async function settleUnchanged(syncId: string): Promise<SyncStatus> {
    const { sync } = await loadSync(db, syncId);
    const counters: Record<string, unknown> = {};
    const links = (await linkPropertiesOf(db, sync.connector)).filter((link) => !link.retired);
    for (const type of (await entityTypesOf(db, sync.connector)).filter((each) => !each.retired)) {
      const stored = await countResources(db, type.id);
      const own: Record<string, unknown> = {};
      for (const link of links.filter((each) => each.entityType === type.id))
        own[link.name] = { stored: await countLinks(db, link.id), inserted: 0, updated: 0, deleted: 0, rejected: 0 };
      counters[type.name] = {
        stored,
        inserted: 0,
        updated: 0,
        deleted: 0,
        unchanged: stored,
        read: 0,
        rejected: 0,
        duplicates: 0,
        filtered: 0,
        links: own,
      };
    }
    await updateSync(db, sync.no, { counters: counters as typeof sync.counters, applied: true, changeCount: 0 });
    await logSync(
      db,
      sync.no,
      taskOf(sync, 'export'),
      'info',
      'The files are those of the last applied complete sync: nothing changed.',
    );
    return finishSync(syncId, 'completed', null);
  }

  return { recordExport, holdSync, recordDecision, finishSync, settleUnchanged };
}
