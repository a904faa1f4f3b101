import { taskOf } from '../domain/task-results.ts';
import { applyChanges as executeChanges, isUndisturbed, type ApplyResult } from '../repository/apply.ts';
import { countWrite, setUnchangedBase, storeCheckpoint, type UnchangedBase } from '../repository/checkpoint.ts';
import { ofSync } from '../repository/change-parts.ts';
import { sharingConnectors } from '../repository/diff.ts';
import { allowWork, row, type Transaction } from '../repository/database.ts';
import { logSync } from '../repository/sync-log.ts';
import { countRejections, lockSync, updateSync, type SyncRow } from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';
import { whileBeating } from './heartbeat.ts';

export function createApplyActivities({ db, version }: Dependencies) {
  /**
   * Executes exactly the change rows of the sync, stores the source checkpoint and marks the sync applied, all in one
   * transaction. A repeat finds the mark and does nothing; so does a zombie that comes late, since it waits for the lock.
   */
  async function applyChanges(syncId: string): Promise<void> {
    await whileBeating(async () => {
      const grown = await db.transaction(async (tx) => {
        const sync = await lockSync(tx, syncId);
        if (!sync || sync.applied) return undefined;
        await allowWork(tx);
        // in name order, so that connectors with links to each other never wait in a circle
        const sharing = await sharingConnectors(tx, sync.connector);
        for (const { id } of sharing) await tx.raw('select 1 from syncline.connector where id = ? for update', [id]);
        const undisturbed = await isUndisturbed(tx, sync.diffBasis ?? {});
        const done = await executeChanges(tx, sync.no, undisturbed);
        await tx.raw('update syncline.sync set applied_at = clock_timestamp() where no = ?', [sync.no]);
        await updateSync(tx, sync.no, { applied: true, overtaken: sync.overtaken + done.overtaken });
        await storeProgress(tx, sync, done.overtaken, undisturbed, sharing);
        await logSync(
          tx,
          sync.no,
          taskOf(sync, 'synchronize'),
          'info',
          `Applied: resources ${told(done.resources)}; links ${told(done.links)}` +
            (done.overtaken > 0 ? `; ${String(done.overtaken)} overtaken by later changes` : ''),
        );
        return done.grown;
      });
      if (grown) await refreshStatistics(grown);
    });
  }

  /** How far the source is now taken, and whether equal files will from now on mean that nothing changed. */
  async function storeProgress(
    tx: Transaction,
    sync: SyncRow,
    overtaken: number,
    undisturbed: boolean,
    sharing: { id: number }[],
  ): Promise<void> {
    const whole = sync.scope === null && sync.tasks.includes('synchronize') && sync.preparation !== null;
    if (whole && sync.preparation) await storeCheckpoint(tx, sync, sync.preparation);
    const clean = overtaken + sync.overtaken + sync.deletesWithheld + (await countRejections(tx, sync.no)) === 0;
    const base: UnchangedBase | null =
      // what another sync wrote since the comparison, or while the export waited for it, no file of ours says
      whole && clean && undisturbed && sync.tasks.length === 4 && sync.mode === 'complete' && sync.preparation
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

  /** A first load leaves the planner without statistics until autovacuum comes by; readers should not wait for that. */
  async function refreshStatistics({ types, properties }: ApplyResult['grown']): Promise<void> {
    // of keys only: statistics of the attributes cost ten times as much and serve no plan
    for (const type of types) await db.raw(`analyze syncline.resource_${String(type)} (entity_type, key)`);
    for (const property of properties) await db.raw(`analyze syncline.link_${String(property)}`);
  }

  return { applyChanges };
}

const told = (counts: { inserted: number; updated: number; deleted: number }) =>
  `${String(counts.inserted)} inserted, ${String(counts.updated)} updated, ${String(counts.deleted)} deleted`;
