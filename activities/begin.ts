import { isDerived } from '../domain/sync-kind.ts';
import { Context } from '@temporalio/activity';
import { changesGap } from '../connectors/registry.ts';
import type { ConnectorFile } from '../domain/connector-file.ts';
import { dependsOnToday } from '../domain/mapping.ts';
import { SyncError } from '../domain/errors.ts';
import { skippedParts, tablesToRead } from '../domain/incremental.ts';
import { becomesComplete, type ModeReason } from '../domain/mode-reason.ts';
import { makesChanges } from '../domain/sync-end.ts';
import { readFingerprint } from '../domain/read-fingerprint.ts';
import { findsChangesItself } from '../domain/sync.ts';
import { adoptErrors, adoptExport } from '../repository/adopt.ts';
import { currentRules } from '../repository/derived-rules.ts';
import { appliedRules } from '../repository/directory/rules.ts';
import { findUnchangedBase } from '../repository/applied-base.ts';
import { fingerprintOfCheckpoint } from '../repository/checkpoint.ts';
import { rowOfConnector, type ConnectorRow } from '../repository/connectors.ts';
import type { Transaction } from '../repository/database.ts';
import { mustBeComplete } from '../repository/needs-complete.ts';
import { expireRefusals } from '../repository/refusals/end.ts';
import { logSync } from '../repository/sync-log.ts';
import { lastExport } from '../repository/last-export.ts';
import { changeStatus, lastPreparation, lockOpenSync, updateSync, type SyncRow } from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';
import { connectionsToRead, type ConnectionToRead } from './connections-to-read.ts';
import { loadSync } from './load-sync.ts';

/** What the workflow needs to know to drive a sync. It is small for a connector of any size. */
export interface SyncPlan {
  connections: ConnectionToRead[];
  checkUnchanged: boolean;
  export: boolean;
  prepare: boolean;
  synchronize: boolean;
  expressionsOnly: boolean;
  /** The sync ends with the verdicts, no matter how the workflow was started. */
  dryRun: boolean;
  /** What it writes is work for the directory. Absent in histories of earlier versions. */
  maps?: boolean;
}

export function createBeginActivities({ db, packages, version }: Dependencies) {
  /**
   * Decides what a sync will do, and records its mode and that it runs. Safe to repeat: the mode of a sync that runs does
   * not change, and a sync that is held or has ended is not set to running.
   */
  async function beginSync(syncId: string): Promise<SyncPlan> {
    const { file } = await loadSync(db, syncId);
    const sync = await db.transaction((tx) => begin(tx, syncId, file));
    const { mode } = sync;
    if (sync.tasks[0] === 'synchronize' && !findsChangesItself(sync.trigger)) await adoptPreparation(sync);
    if (sync.tasks[0] === 'prepare' || sync.tasks[0] === 'update-expressions') {
      const last = await lastExport(db, sync.connector, sync.tasks[0] === 'update-expressions');
      if (last) await adoptExport(db, sync.no, last.exportRef.syncId);
    }
    const all = sync.tasks.length === 4;
    const expressionsOnly = sync.tasks.length === 1 && sync.tasks[0] === 'update-expressions';
    const base =
      all &&
      sync.refreshes === null &&
      mode === 'complete' &&
      sync.scope === null &&
      !sync.dryRun &&
      !dependsOnToday(file)
        ? await findUnchangedBase(db, sync.connector, sync.configRevision, version)
        : undefined;
    // a refresh has read and prepared before it took its place
    const prepared = sync.refreshes !== null && sync.preparation !== null;
    return {
      connections: connectionsToRead(file, sync),
      checkUnchanged: base !== undefined,
      export: !prepared && sync.tasks.includes('export'),
      prepare:
        !prepared &&
        !findsChangesItself(sync.trigger) &&
        (sync.tasks.some((task) => ['prepare', 'map', 'compute'].includes(task)) || expressionsOnly),
      synchronize: makesChanges(sync.tasks),
      expressionsOnly,
      dryRun: sync.dryRun,
      ...(!sync.dryRun && makesWork(file) ? { maps: true } : {}),
    };
  }

  async function begin(tx: Transaction, syncId: string, file: ConnectorFile): Promise<SyncRow> {
    const sync = await lockOpenSync(tx, syncId);
    // records the run: the API has recorded it already if it started the sync, another workflow has not
    const { workflowId = '', runId = '' } = Context.current().info.workflowExecution ?? {};
    await updateSync(tx, sync.no, { runId, ...(sync.refreshes === null ? {} : { workflowId }) });
    await changeStatus(tx, sync.no, 'running', ['queued']);
    if (sync.phase !== null || sync.preparation !== null) return sync;
    const connector = await rowOfConnector(tx, sync.connector);
    await expireRefusals(tx, sync.connector);
    const why = sync.requestedMode === 'incremental' ? await whyComplete(tx, sync, connector, file) : null;
    const mode = why === null ? sync.requestedMode : 'complete';
    await updateSync(tx, sync.no, { mode, ...(why ? { modeReason: why } : {}) });
    if (why !== null) await logSync(tx, sync.no, null, 'info', becomesComplete(why));
    if (mode === 'incremental' && sync.tasks.includes('export'))
      for (const { table, reason } of skippedParts(file, sync.scope, changesGap).tables)
        await logSync(tx, sync.no, null, 'info', `${table}: ${reason}`);
    return { ...sync, mode };
  }

  /** Why an incremental sync has to be complete; null if it has not. */
  async function whyComplete(
    tx: Transaction,
    sync: SyncRow,
    connector: ConnectorRow,
    file: ConnectorFile,
  ): Promise<ModeReason | null> {
    if (isDerived(sync)) {
      const applied = await appliedRules(tx, sync.connector);
      if (applied === null)
        return {
          code: 'no-checkpoint',
          message: sync.tasks.includes('map') ? 'Not everything was mapped yet.' : 'Not everything was computed yet.',
        };
      if ((await currentRules(tx, sync)) === applied) return null;
      return {
        code: 'rules-changed',
        message: sync.tasks.includes('map')
          ? 'The mappings or the directory have changed since everything was mapped.'
          : 'The provisioning has changed since everything was computed.',
      };
    }
    if (connector.firstCompleteSync === null)
      return { code: 'no-checkpoint', message: 'No complete sync was applied yet.' };
    if (await mustBeComplete(tx, sync.connector, sync.scope))
      return {
        code: 'deferred',
        message: 'Changes were deferred, or are no longer refused, and only a complete sync finds them again.',
      };
    return sync.tasks.includes('export') ? whyNoCheckpoint(tx, sync, file) : null;
  }

  /** Why a table cannot be read from where the last applied sync left it; null if every table can. */
  async function whyNoCheckpoint(tx: Transaction, sync: SyncRow, file: ConnectorFile): Promise<ModeReason | null> {
    for (const { name: connection, package: packageName } of file.connections) {
      const tables = tablesToRead(file, { ...sync, mode: 'incremental' }, connection, changesGap);
      // changes that come as deltas need no checkpoint
      if (tables.length === 0 || packages.get(packageName).pending) continue;
      for (const table of tables) {
        const stored = await fingerprintOfCheckpoint(tx, sync.connector, { connection, table });
        if (stored === undefined)
          return { code: 'no-checkpoint', message: `No applied sync has left a checkpoint of ${table}.` };
        if (stored !== readFingerprint(file, connection, table))
          return {
            code: 'read-changed',
            message: `The checkpoint of ${table} does not count for the settings and columns of now.`,
          };
      }
    }
    return null;
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

/** Whether what a sync of such a file writes may be work for the directory or for a target. */
const makesWork = (file: ConnectorFile): boolean => file.mappings !== undefined || file.kind !== 'Connector';
