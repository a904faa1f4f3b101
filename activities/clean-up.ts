import { dropBuiltLinks } from '../repository/built-links.ts';
import { dropParts } from '../repository/change-parts.ts';
import {
  dropLeftovers,
  markExportRemoved,
  removableChanges,
  removableExports,
  removeChanges,
  removeExecutions,
} from '../repository/retention.ts';
import { removeEndedRefusals } from '../repository/refusals/retention.ts';
import type { Dependencies } from './dependencies.ts';
import { whileBeating } from './heartbeat.ts';

/** Syncs that are looked up at once. */
const batch = 100;

/** What a clean-up removed; counts only. */
export interface CleanedUp {
  changesOfSyncs: number;
  exportsOfSyncs: number;
  executions: number;
  refusals: number;
  changePartitions: number;
  stagingTables: number;
}

export function createCleanUpActivities({ db, store, retention }: Dependencies) {
  /**
   * Removes what is no longer to be kept: change lists with their errors and logs, exported files, executions of jobs,
   * staging that was left behind. It takes one sync at a time, so that nothing waits for it. A repeat continues with
   * the next sync. Rows of syncs stay.
   */
  async function cleanUpStores(): Promise<CleanedUp> {
    return whileBeating(async (_tell, signal) => {
      const done: CleanedUp = {
        changesOfSyncs: 0,
        exportsOfSyncs: 0,
        executions: 0,
        refusals: 0,
        changePartitions: 0,
        stagingTables: 0,
      };
      for (;;) {
        const syncs = await removableExports(db, retention.exports, batch);
        for (const { no, id, connector } of syncs) {
          signal.throwIfAborted();
          await store.removeSync(connector, id);
          await markExportRemoved(db, no);
          done.exportsOfSyncs++;
        }
        if (syncs.length < batch) break;
      }
      for (;;) {
        const syncs = await removableChanges(db, retention.changes, batch);
        for (const { no } of syncs) {
          signal.throwIfAborted();
          await db.transaction((tx) => removeChanges(tx, no));
          done.changesOfSyncs++;
        }
        if (syncs.length < batch) break;
      }
      // executions are kept for the same time as the changes of their syncs
      done.executions = await removeExecutions(db, retention.changes);
      done.refusals = await removeEndedRefusals(db, retention.changes.days);
      done.changePartitions = await dropParts(db);
      done.stagingTables = (await dropLeftovers(db)) + (await dropBuiltLinks(db));
      return done;
    });
  }

  return { cleanUpStores };
}
