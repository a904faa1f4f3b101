import { becomesComplete, type ModeReason } from '../domain/mode-reason.ts';
import { logSync } from '../repository/sync-log.ts';
import { lockOpenSync, updateSync } from '../repository/syncs.ts';
import { connectionsToRead, type ConnectionToRead } from './connections-to-read.ts';
import type { Dependencies } from './dependencies.ts';
import { loadSync } from './load-sync.ts';

export function createBecomeCompleteActivities({ db }: Pick<Dependencies, 'db'>) {
  /**
   * Makes an incremental sync complete, since a source could not tell what has changed. A repeat changes nothing, and keeps the
   * first reason.
   * @returns the connections that it reads now, each from its beginning
   * @throws SyncError `sync-ended`
   */
  async function becomeComplete(syncId: string, why: ModeReason): Promise<ConnectionToRead[]> {
    const { file } = await loadSync(db, syncId);
    return db.transaction(async (tx) => {
      const sync = await lockOpenSync(tx, syncId);
      if (sync.mode === 'incremental' && sync.exportRef === null && sync.digest === null) {
        await updateSync(tx, sync.no, { mode: 'complete', modeReason: why });
        await logSync(tx, sync.no, 'export', 'info', becomesComplete(why));
      }
      return connectionsToRead(file, { ...sync, mode: 'complete' });
    });
  }

  return { becomeComplete };
}
