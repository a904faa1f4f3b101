import { whyNotApplied } from '../domain/apply-check.ts';
import { SyncError } from '../domain/errors.ts';
import { reached } from '../domain/marked-points.ts';
import { coversTable } from '../domain/scope.ts';
import { hasEnded, type SyncStatus } from '../domain/sync.ts';
import { taskOf } from '../domain/task-results.ts';
import { applyChanges as executeChanges, isUndisturbed, type ApplyResult } from '../repository/apply.ts';
import { countWrite, setUnchangedBase, storeCheckpoints, type UnchangedBase } from '../repository/checkpoint.ts';
import { ofSync } from '../repository/change-parts.ts';
import { acceptFilters } from '../repository/filters.ts';
import { lockConnectorRow } from '../repository/connectors.ts';
import { acceptedDecision } from '../repository/decisions.ts';
import { sharingConnectors } from '../repository/diff.ts';
import { allowWork, row, type Transaction } from '../repository/database.ts';
import { clearNeedsComplete, noteNeedsComplete } from '../repository/moved-targets.ts';
import { logSync } from '../repository/sync-log.ts';
import { countRejections, lockSync, markApplied, updateSync, type SyncRow } from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';
import { whileBeating } from './heartbeat.ts';
import { loadSync } from './load-sync.ts';

/** What Postgres has of the sync after apply, no matter which worker applied or ended it. */
export interface ApplyOutcome {
  status: SyncStatus;
  applied: boolean;
}

export function createApplyActivities({ db, version }: Dependencies) {
  /**
   * Executes exactly the change rows of the sync, stores the source checkpoint and marks the sync applied. All of this is
   * one transaction. It first checks in Postgres: the sync has not ended, it has the change set with this digest and all of
   * its rows, and if it was held it has a decision to apply them. A repeat finds the mark and does nothing. A worker that
   * hung until the sync had ended waits for the lock, and then does nothing.
   * @param digest of the changes that were decided on, or that needed no decision; absent in a workflow of version 0.1.0,
   * for which the decision counts that the sync's own row has
   * @throws SyncError `change-set-altered`
   */
  async function applyChanges(syncId: string, digest?: string): Promise<ApplyOutcome> {
    return whileBeating(async () => {
      await reached('apply/begun');
      const done = await db.transaction(async (tx) => {
        const sync = await lockSync(tx, syncId);
        if (!sync) return { outcome: { status: 'failed' as const, applied: false } };
        if (hasEnded(sync.status) || sync.applied) return { outcome: { status: sync.status, applied: sync.applied } };
        const decision = digest === undefined ? sync.decision : ((await acceptedDecision(tx, sync.no)) ?? null);
        const refusal = whyNotApplied({ ...sync, decision }, digest ?? sync.digest ?? '');
        if (refusal !== undefined) throw new SyncError('change-set-altered', `${refusal} Nothing was applied.`);
        return { outcome: { status: sync.status, applied: true }, grown: await applyLocked(tx, sync) };
      });
      await reached('apply/committed');
      if (done.grown) await refreshStatistics(done.grown);
      return done.outcome;
    });
  }

  async function applyLocked(tx: Transaction, sync: SyncRow): Promise<ApplyResult['grown']> {
    await allowWork(tx);
    // in name order, so that connectors with links to each other never wait in a circle
    const sharing = await sharingConnectors(tx, sync.connector);
    for (const { id } of sharing) await lockConnectorRow(tx, id);
    const undisturbed = await isUndisturbed(tx, sync.diffBasis ?? {});
    const done = await executeChanges(tx, sync.no, undisturbed);
    if (done.changes !== sync.changeCount)
      throw new SyncError(
        'change-set-altered',
        `The database has ${String(done.changes)} changes of this sync, but the sync counted ${String(sync.changeCount)}. Nothing was applied.`,
      );
    await updateSync(tx, sync.no, { overtaken: sync.overtaken + done.overtaken });
    await markApplied(tx, sync.no);
    await acceptFilters(tx, sync.no);
    await storeProgress(tx, sync, done.overtaken, undisturbed, sharing);
    await logSync(
      tx,
      sync.no,
      taskOf(sync, 'synchronize'),
      'info',
      `Applied: resources ${told(done.resources)}; links ${told(done.links)}` +
        (done.overtaken > 0 ? `; ${String(done.overtaken)} overtaken by later changes` : ''),
    );
    await reached('apply/before-commit');
    return done.grown;
  }

  /** How far the source has been read, and whether equal files from now on mean that nothing changed. */
  async function storeProgress(
    tx: Transaction,
    sync: SyncRow,
    overtaken: number,
    undisturbed: boolean,
    sharing: { id: number }[],
  ): Promise<void> {
    const whole = sync.scope === null && sync.tasks.includes('synchronize') && sync.preparation !== null;
    if (sync.tasks.includes('synchronize') && sync.preparation) {
      const { file } = await loadSync(tx, sync.id);
      const covers = (connection: string, table: string) => coversTable(file, sync.scope, connection, table);
      await storeCheckpoints(tx, sync, sync.preparation, covers);
    }
    if (sync.preparation?.mode === 'incremental') await noteNeedsComplete(tx, sync);
    const clean = overtaken + sync.overtaken + sync.deletesWithheld + (await countRejections(tx, sync.no)) === 0;
    const certified = sync.preparation?.tables.every((table) => table.certified) ?? false;
    if (
      whole &&
      certified &&
      sync.preparation?.mode === 'complete' &&
      overtaken + sync.overtaken + sync.deletesWithheld === 0
    )
      await clearNeedsComplete(tx, sync);
    const base: UnchangedBase | null =
      // another sync may have written since the comparison, or while the export waited; our files do not show that
      whole &&
      clean &&
      certified &&
      undisturbed &&
      sync.tasks.length === 4 &&
      sync.mode === 'complete' &&
      sync.preparation
        ? {
            sync: sync.no,
            revision: sync.configRevision,
            version,
            tables: sync.preparation.tables.map(({ connection, table, files }) => ({ connection, table, files })),
          }
        : null;
    const changed = await row(
      tx,
      `select 1 from syncline.change where ${ofSync(sync.no)}
       union all select 1 from syncline.link_change where ${ofSync(sync.no)} limit 1`,
    );
    if (changed)
      await countWrite(
        tx,
        sync.connector,
        sharing.map(({ id }) => id),
        base,
      );
    else if (base) await setUnchangedBase(tx, sync.connector, base);
  }

  /** After a first load the planner has no statistics until autovacuum runs. Readers should not wait for that. */
  async function refreshStatistics({ types, properties }: ApplyResult['grown']): Promise<void> {
    // of keys only: statistics of the attributes cost ten times as much and serve no plan
    for (const type of types) await db.raw(`analyze syncline.resource_${String(type)} (entity_type, key)`);
    for (const property of properties) await db.raw(`analyze syncline.link_${String(property)}`);
  }

  return { applyChanges };
}

const told = (counts: { inserted: number; updated: number; deleted: number }) =>
  `${String(counts.inserted)} inserted, ${String(counts.updated)} updated, ${String(counts.deleted)} deleted`;
