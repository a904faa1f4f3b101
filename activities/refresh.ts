import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { reached } from '../domain/marked-points.ts';
import { hasEnded } from '../domain/sync.ts';
import { acceptedDecision, insertDecision, renewDecision } from '../repository/decisions.ts';
import { logSync } from '../repository/sync-log.ts';
import { moveToWorkflow } from '../repository/sync-requests.ts';
import { openSyncOf } from '../repository/sync-views.ts';
import { findSync, type SyncRow } from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';
import { whileBeating } from './heartbeat.ts';
import { loadSync } from './load-sync.ts';

const pauseMilliseconds = 200;

export function createRefreshActivities({ db, workflows }: Dependencies) {
  /**
   * Ends the held sync that a refresh was asked for, now that the source has been read and prepared again. A repeat finds
   * the decision that was accepted.
   * @returns whether its place is free; not if a person decided on it, or it expired, meanwhile
   */
  async function supersedeHeld(syncId: string): Promise<boolean> {
    return whileBeating(async (_tell, signal) => {
      const { sync } = await loadSync(db, syncId);
      for (;;) {
        const held = sync.refreshes === null ? undefined : await findSync(db, sync.refreshes);
        const decision = held && (await acceptedDecision(db, held.no));
        if (!held || (decision?.id !== sync.id && (decision || hasEnded(held.status)))) {
          await tellTaken(sync, held);
          return false;
        }
        if (hasEnded(held.status)) {
          await reached('refresh/superseded');
          return true;
        }
        if (!decision) await ask(sync, held);
        await sleep(pauseMilliseconds, undefined, { signal });
      }
    });
  }

  /** Asks the workflow of the held sync, as the API does for a person. The id of the refreshing sync is that of the decision. */
  async function ask(sync: SyncRow, held: SyncRow): Promise<void> {
    const { digest } = held;
    if (digest === null) return;
    const reason = `Refreshed by the sync ${sync.id}.`;
    const decision = { id: sync.id, sync: held.no, action: 'supersede' as const, digest, by: sync.syncedBy, reason };
    if (!(await renewDecision(db, sync.id))) await insertDecision(db, decision);
    await reached('refresh/asked');
    await workflows.decide(held.workflowId, held.runId, randomUUID(), {
      action: 'supersede',
      digest,
      decisionId: sync.id,
    });
  }

  async function tellTaken(sync: SyncRow, held: SyncRow | undefined): Promise<void> {
    const what = held
      ? `The sync ${held.id} was decided on or has ended meanwhile`
      : 'The held sync does not exist any more';
    await logSync(db, sync.no, null, 'warn', `${what}, so this sync does not take its place.`);
  }

  /** From now on another workflow has the sync. A repeat changes nothing. */
  async function handOver(syncId: string, workflowId: string, runId: string): Promise<void> {
    await moveToWorkflow(db, syncId, workflowId, runId);
    await reached('refresh/handed-over');
  }

  /** Another sync of the connector has begun before this one could. @returns whether there is one */
  async function tellPlaceTaken(syncId: string, workflowId: string): Promise<boolean> {
    const { sync } = await loadSync(db, syncId);
    const other = await openSyncOf(db, workflowId, syncId);
    if (!other) return false;
    await logSync(db, sync.no, null, 'warn', `Skipped: the sync ${other.id} of this connector is ${other.status}.`);
    return true;
  }

  return { supersedeHeld, handOver, tellPlaceTaken };
}
