import { log } from '@temporalio/activity';
import { SyncError } from '../domain/errors.ts';
import { takesShortWay } from '../domain/short-way.ts';
import type { SyncStatus } from '../domain/sync.ts';
import { ensureSharedParts } from '../repository/change-parts.ts';
import { againIfOvertaken, type Transaction } from '../repository/database.ts';
import { createApplyActivities } from './apply.ts';
import { createBeginActivities } from './begin.ts';
import type { Dependencies } from './dependencies.ts';
import { createExportActivities } from './export.ts';
import { nudgeAfter } from './nudge-directory.ts';
import { loadSync } from './load-sync.ts';
import { createPrepareActivities } from './prepare.ts';
import { createSettleActivities } from './settle.ts';
import { createSynchronizeActivities, type ChangeSetVerdict } from './synchronize.ts';

/**
 * What became of a sync of single items: how it ended; what it found, where a person has to decide; or that it goes step by step,
 * from wherever it stands.
 */
export type ItemsOutcome = { status: SyncStatus } | { found: ChangeSetVerdict; maps?: true } | { steps: true };

export function createItemActivities(dependencies: Dependencies) {
  const { db } = dependencies;
  const { beginSync } = createBeginActivities(dependencies);
  const { exportConnection } = createExportActivities(dependencies);
  const { recordExport } = createSettleActivities(dependencies);

  /**
   * All steps of a sync of single items, one after the other. Each of them can be repeated, so a retry goes on where the attempt before
   * ended. A sync that has to wait leaves: for its turn at the source, or for a decision.
   */
  async function synchronizeItems(syncId: string): Promise<ItemsOutcome> {
    const plan = await beginSync(syncId);
    const { sync } = await loadSync(db, syncId);
    const [connection, ...others] = plan.connections;
    if (!takesShortWay(sync) || !connection || connection.apart || others.length > 0) return { steps: true };
    if (sync.exportRef === null) {
      const exported = await exportConnection(syncId, connection.name);
      if (!('attempt' in exported)) return { steps: true };
      await recordExport(syncId, [{ connection: connection.name, ...exported }]);
    }
    await ensureSharedParts(db, sync.no);
    const found = await unlessFailed(() =>
      againIfOvertaken(() =>
        db.transaction((tx) => prepareAndCompare(tx, syncId), { isolationLevel: 'repeatable read' }),
      ),
    );
    if (found === undefined || found === 'staging-lost') return { steps: true };
    const rest = { found, ...(plan.maps ? { maps: true as const } : {}) };
    if (!plan.dryRun && found.holds.length > 0) return rest;
    const status = await unlessFailed(() =>
      db.transaction((tx) => applyAndEnd(tx, syncId, plan.dryRun ? null : found.digest)),
    );
    if (status === undefined) return rest;
    if (plan.maps && status.startsWith('completed')) await nudgeSoon(syncId);
    return { status };
  }

  /** The sync has ended, so nothing is tried again here: what is due is found by reconcile. */
  async function nudgeSoon(syncId: string): Promise<void> {
    try {
      await nudgeAfter(dependencies, syncId);
    } catch (error) {
      log.warn('the directory is told later', { error });
    }
  }

  /** One commit, in place of one for each line of the log. */
  async function prepareAndCompare(tx: Transaction, syncId: string): Promise<ChangeSetVerdict | 'staging-lost'> {
    const within = { ...dependencies, db: tx };
    await createPrepareActivities(within).prepareExport(syncId);
    return createSynchronizeActivities(within).computeChanges(syncId);
  }

  async function applyAndEnd(tx: Transaction, syncId: string, digest: string | null): Promise<SyncStatus> {
    const within = { ...dependencies, db: tx };
    if (digest !== null) await createApplyActivities(within).applyChanges(syncId, digest);
    return createSettleActivities(within).finishSync(syncId, 'completed', null);
  }

  return { synchronizeItems };
}

/** What has failed was undone with its transaction: the steps do it again one by one, and tell how far they came. */
async function unlessFailed<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SyncError) return undefined;
    throw error;
  }
}
