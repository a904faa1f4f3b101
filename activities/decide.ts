import { judgeDecision, type DecisionResult } from '../domain/judge-decision.ts';
import { reached } from '../domain/marked-points.ts';
import { taskOf } from '../domain/task-results.ts';
import type { DecisionAction, SyncStatus } from '../domain/sync.ts';
import { setUnchangedBase } from '../repository/checkpoint.ts';
import type { Transaction } from '../repository/database.ts';
import {
  acceptDecision,
  acceptedDecision,
  findDecision,
  insertDecision,
  type DecisionRow,
} from '../repository/decisions.ts';
import { logSync } from '../repository/sync-log.ts';
import { changeStatus, lockSync, updateSync, type SyncRow } from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';

/** The result of a decision and the status of the sync: ids and words only, since the history keeps it. */
export interface DecisionOutcome {
  result: DecisionResult;
  status: SyncStatus;
  /** The decision that counts, no matter who asked for it. */
  decided: DecisionAction | null;
}

export function createDecisionActivities({ db }: Dependencies) {
  /**
   * Judges a decision by what Postgres holds, and accepts it in the same transaction. The first that is accepted counts. A
   * repeat finds that its own decision was accepted, and answers the same.
   * @param decisionId the record of who asked for it; null for a bare signal
   * @param signalId of the record that is written for a bare signal
   */
  async function checkDecision(
    syncId: string,
    action: DecisionAction,
    digest: string,
    decisionId: string | null,
    signalId: string,
  ): Promise<DecisionOutcome> {
    const outcome = await db.transaction(async (tx): Promise<DecisionOutcome> => {
      const sync = await lockSync(tx, syncId);
      if (!sync) return { result: 'not-held', status: 'failed', decided: null };
      const winner = await acceptedDecision(tx, sync.no);
      if (winner && winner.id === (decisionId ?? signalId))
        return { result: 'accepted', status: sync.status, decided: winner.action };
      const recorded = decisionId === null ? null : await findDecision(tx, sync.no, decisionId);
      const result = judgeDecision({ ...sync, decided: winner !== undefined }, { action, digest }, recorded);
      if (result !== 'accepted') return { result, status: sync.status, decided: winner?.action ?? null };
      if (recorded === null)
        await insertDecision(tx, { id: signalId, sync: sync.no, action, digest, by: 'temporal', reason: null });
      return { result, status: await accept(tx, sync, decisionId ?? signalId), decided: action };
    });
    await reached('decide/recorded');
    return outcome;
  }

  async function accept(tx: Transaction, sync: SyncRow, id: string): Promise<SyncStatus> {
    await acceptDecision(tx, id);
    const decision = await acceptedDecision(tx, sync.no);
    if (!decision) throw new Error('the decision was not accepted');
    await record(tx, sync, decision);
    return decision.action === 'resume' ? 'running' : sync.status;
  }

  async function record(
    tx: Transaction,
    sync: SyncRow,
    { action, by, at, reason, digest }: Omit<DecisionRow, 'id' | 'acceptedAt'>,
  ): Promise<void> {
    await updateSync(tx, sync.no, { decision: { action, by, at, reason, digest } });
    if (action === 'resume') await changeStatus(tx, sync.no, 'running');
    // rejected changes are compared again by the next sync, even if the files are the same
    if (action === 'reject') await setUnchangedBase(tx, sync.connector, null);
    await logSync(tx, sync.no, taskOf(sync, 'synchronize'), 'info', `Decision: ${action}.`);
  }

  /**
   * Records a decision that a workflow of version 0.1.0 has taken by itself; such workflows may be running during an
   * upgrade. It counts only where Postgres holds that sync with that digest.
   */
  async function recordDecision(
    syncId: string,
    action: DecisionAction,
    digest: string,
    decisionId: string | null,
  ): Promise<void> {
    await db.transaction(async (tx) => {
      const sync = await lockSync(tx, syncId);
      if (!sync || judgeDecision({ ...sync, decided: false }, { action, digest }, null) !== 'accepted') return;
      const asked = decisionId === null ? undefined : await findDecision(tx, sync.no, decisionId);
      const { by, at, reason } = asked ?? { by: 'temporal', at: new Date().toISOString(), reason: null };
      await record(tx, sync, { action, by, at, reason, digest });
    });
  }

  return { checkDecision, recordDecision };
}
