import type { SyncStatus } from '../domain/sync.ts';
import { takesShortWay } from '../domain/short-way.ts';
import { createBeginActivities } from './begin.ts';
import type { Dependencies } from './dependencies.ts';
import { createApplyActivities } from './apply.ts';
import { createExportActivities } from './export.ts';
import { loadSync } from './load-sync.ts';
import { createPrepareActivities } from './prepare.ts';
import { createSettleActivities } from './settle.ts';
import { createSynchronizeActivities, type ChangeSetVerdict } from './synchronize.ts';

/**
 * What became of a sync of single items: how it ended; what it found, where a person has to decide; or that it goes step by step,
 * from wherever it stands.
 */
export type ItemsOutcome = { status: SyncStatus } | { found: ChangeSetVerdict } | { steps: true };

export function createItemActivities(dependencies: Dependencies) {
  const { db } = dependencies;
  const { beginSync } = createBeginActivities(dependencies);
  const { exportConnection } = createExportActivities(dependencies);
  const { recordExport, finishSync } = createSettleActivities(dependencies);
  const { prepareExport } = createPrepareActivities(dependencies);
  const { computeChanges } = createSynchronizeActivities(dependencies);
  const { applyChanges } = createApplyActivities(dependencies);

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
    if (sync.preparation === null) await prepareExport(syncId);
    const found = await computeChanges(syncId);
    // Postgres recovered from a crash, which empties unlogged tables
    if (found === 'staging-lost') return { steps: true };
    if (!plan.dryRun) {
      if (found.holds.length > 0) return { found };
      await applyChanges(syncId, found.digest);
    }
    return { status: await finishSync(syncId, 'completed', null) };
  }

  return { synchronizeItems };
}
