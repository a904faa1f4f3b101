import { tasks, type Priority, type SyncMode, type SyncScope, type SyncStatus, type Trigger } from '../domain/sync.ts';
import { isDirectoryConnector } from '../repository/directory/rules.ts';
import { findConnector } from '../repository/connectors.ts';
import { insertSync } from '../repository/sync-requests.ts';
import { openSyncOf } from '../repository/sync-views.ts';
import { logSync } from '../repository/sync-log.ts';
import { changeStatus, findSync } from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';

/** A whole sync that a workflow asks for: ids and small words, since it is in the history. */
export interface SyncWish {
  syncId: string;
  connector: string;
  workflowId: string;
  mode: SyncMode;
  trigger: Trigger;
  priority: Priority;
  /** Who asked; `system` if no person asked. */
  syncedBy?: string;
  scope?: Pick<SyncScope, 'entityTypes' | 'operations' | 'managedOnly'>;
  job?: string;
  executionId?: string;
}

export function createRequestSyncActivities({ db }: Dependencies) {
  /**
   * Records a sync that a workflow is about to start. A repeat changes nothing.
   * @returns why there is none to start, or null
   */
  async function requestSync(wish: SyncWish): Promise<'no-connector' | 'no-revision' | null> {
    const connector = await findConnector(db, wish.connector);
    if (!connector) return 'no-connector';
    if (connector.activeRevision === null) return 'no-revision';
    await insertSync(db, {
      id: wish.syncId,
      connector: connector.id,
      mode: wish.mode,
      tasks: (await isDirectoryConnector(db, connector.id)) ? ['map'] : [...tasks],
      scope: wish.scope ?? null,
      dryRun: false,
      trigger: wish.trigger,
      priority: wish.priority,
      syncedBy: wish.syncedBy ?? 'system',
      configRevision: connector.activeRevision,
      workflowId: wish.workflowId,
      ...(wish.job === undefined ? {} : { job: wish.job }),
      ...(wish.executionId === undefined ? {} : { executionId: wish.executionId }),
    });
    return null;
  }

  /**
   * Ends a sync that could not start because another sync has the connector. If no other sync is found and this is not the
   * last attempt, nothing is changed. A repeat changes nothing.
   * @returns the other sync, if it is still there; null if another attempt may succeed
   */
  async function skipSync(
    syncId: string,
    workflowId: string,
    last: boolean,
  ): Promise<{ met: { syncId: string; status: SyncStatus } | null } | null> {
    const met = await openSyncOf(db, workflowId, syncId);
    if (!met && !last) return null;
    const sync = await findSync(db, syncId);
    if (sync && (await changeStatus(db, sync.no, 'skipped', ['queued'])))
      await logSync(
        db,
        sync.no,
        null,
        'info',
        met ? `Skipped: the sync ${met.id} of this connector is ${met.status}.` : 'Skipped: another sync was running.',
      );
    return { met: met ? { syncId: met.id, status: met.status } : null };
  }

  return { requestSync, skipSync };
}
