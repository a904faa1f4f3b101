import { Context } from '@temporalio/activity';
import { changesGap } from '../connectors/registry.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { dependsOnToday } from '../domain/mapping.ts';
import { SyncError } from '../domain/errors.ts';
import { cannotTellChanges, skippedParts } from '../domain/incremental.ts';
import { makesChanges } from '../domain/sync-end.ts';
import { tablesInScope } from '../domain/scope.ts';
import { findUnchangedBase } from '../repository/checkpoint.ts';
import { rowOfConnector } from '../repository/connectors.ts';
import type { Transaction } from '../repository/database.ts';
import { logSync } from '../repository/sync-log.ts';
import {
  adoptErrors,
  adoptExport,
  changeStatus,
  lastExport,
  lastPreparation,
  lockOpenSync,
  updateSync,
  type SyncRow,
} from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';
import { loadSync } from './load-sync.ts';

/** What the workflow needs to know to drive a sync. It is small for a connector of any size. */
export interface SyncPlan {
  connections: { name: string; taskQueue: string }[];
  checkUnchanged: boolean;
  export: boolean;
  prepare: boolean;
  synchronize: boolean;
  expressionsOnly: boolean;
  /** The sync ends with the verdicts, no matter how the workflow was started. */
  dryRun: boolean;
}

export function createBeginActivities({ db, version }: Dependencies) {
  /**
   * Decides what a sync will do, and records its mode and that it runs. Safe to repeat: the mode of a sync that runs does
   * not change, and a sync that is held or has ended is not set to running.
   */
  async function beginSync(syncId: string): Promise<SyncPlan> {
    const { file } = await loadSync(db, syncId);
    const sync = await db.transaction((tx) => begin(tx, syncId, file));
    const { mode } = sync;
    if (sync.tasks[0] === 'synchronize' && sync.trigger !== 'purge') await adoptPreparation(sync);
    if (sync.tasks[0] === 'prepare' || sync.tasks[0] === 'update-expressions') {
      const last = await lastExport(db, sync.connector, sync.tasks[0] === 'update-expressions');
      if (last) await adoptExport(db, sync.no, last.exportRef.syncId);
    }
    const all = sync.tasks.length === 4;
    const expressionsOnly = sync.tasks.length === 1 && sync.tasks[0] === 'update-expressions';
    const purge = sync.trigger === 'purge';
    const base =
      all && mode === 'complete' && sync.scope === null && !sync.dryRun && !dependsOnToday(file)
        ? await findUnchangedBase(db, sync.connector, sync.configRevision, version)
        : undefined;
    return {
      connections: connectionsToRead(file, sync),
      checkUnchanged: base !== undefined,
      export: sync.tasks.includes('export'),
      prepare: !purge && (sync.tasks.includes('prepare') || expressionsOnly),
      synchronize: makesChanges(sync.tasks),
      expressionsOnly,
      dryRun: sync.dryRun,
    };
  }

  async function begin(tx: Transaction, syncId: string, file: ConnectorFile): Promise<SyncRow> {
    const sync = await lockOpenSync(tx, syncId);
    // records the run: the API has recorded it already if it started the sync, another workflow has not
    await updateSync(tx, sync.no, { runId: Context.current().info.workflowExecution?.runId ?? '' });
    await changeStatus(tx, sync.no, 'running', ['queued']);
    if (sync.phase !== null || sync.preparation !== null) return sync;
    const connector = await rowOfConnector(tx, sync.connector);
    const early = sync.requestedMode === 'incremental' && connector.firstCompleteSync === null;
    const mode = early ? 'complete' : sync.requestedMode;
    await updateSync(tx, sync.no, { mode });
    if (early)
      await logSync(tx, sync.no, null, 'info', 'No complete sync was applied yet, so this sync becomes complete.');
    if (mode === 'incremental' && sync.tasks.includes('export'))
      for (const { table, reason } of skippedParts(file, sync.scope, changesGap).tables)
        await logSync(tx, sync.no, null, 'info', `${table}: ${reason}`);
    return { ...sync, mode };
  }

  /** `synchronize` alone takes what the last `prepare` staged. */
  async function adoptPreparation(sync: SyncRow): Promise<void> {
    if (sync.preparation || sync.digest !== null) return;
    const last = await lastPreparation(db, sync.connector, sync.configRevision);
    if (!last)
      throw new SyncError(
        'nothing-prepared',
        'The sync has no preparation to synchronize. Run the task prepare first.',
      );
    const { preparation } = last;
    if (sync.scope !== null && JSON.stringify(sync.scope) !== JSON.stringify(preparation.scope))
      throw new SyncError(
        'nothing-prepared',
        'The stored preparation has another scope than this sync. Run the task prepare with the same scope first.',
      );
    await db.transaction(async (tx) => {
      if ((await lockOpenSync(tx, sync.id)).preparation) return;
      await adoptExport(tx, sync.no, preparation.exportRef.syncId, preparation.scope);
      await adoptErrors(tx, sync.no, preparation.sync);
      await updateSync(tx, sync.no, { preparation, mode: preparation.mode });
    });
  }

  return { beginSync };
}

/** The connections that it reads: an incremental sync leaves out those that cannot report changes. */
function connectionsToRead(file: ConnectorFile, sync: SyncRow): { name: string; taskQueue: string }[] {
  const skipped = sync.mode === 'incremental' ? cannotTellChanges(file, changesGap) : new Map<string, string>();
  return file.connections
    .filter(({ name }) => tablesInScope(file, sync.scope, name).length > 0 && !skipped.has(name))
    .map(({ name, taskQueue }) => ({ name, taskQueue: taskQueue ?? 'export' }));
}
