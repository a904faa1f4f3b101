import { changeCountsOf } from '../domain/change-counts.ts';
import { judgeDecision, whatApplies, type DecisionResult } from '../domain/judge-decision.ts';
import { reached } from '../domain/marked-points.ts';
import { nameOf } from '../domain/people.ts';
import { taskOf } from '../domain/task-results.ts';
import type { DecidedAction, Decision, DecisionAction, SyncStatus } from '../domain/sync.ts';
import { setUnchangedBase } from '../repository/applied-base.ts';
import { configurationChanges } from '../repository/configuration-changed.ts';
import type { Transaction } from '../repository/database.ts';
import {
  acceptDecision,
  acceptedDecision,
  findDecision,
  insertDecision,
  type DecisionRow,
} from '../repository/decisions.ts';
import { endDrafts, namedDraft, type Draft } from '../repository/drafts/drafts.ts';
import { logSync } from '../repository/sync-log.ts';
import { changeStatus, lockSync, updateSync, type SyncRow } from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';

/** The result of a decision and the status of the sync: ids and words only, since the history keeps it. */
export interface DecisionOutcome {
  result: DecisionResult;
  status: SyncStatus;
  /** The decision that counts, no matter who asked for it. */
  decided: DecidedAction | null;
  /** Of the decision that counts: what apply is to be given. Absent in histories of earlier versions. */
  digest?: string | null;
}

export function createDecisionActivities({ db }: Dependencies) {
  /**
   * Judges a decision by what Postgres holds, and accepts it in the same transaction. The first that is accepted counts. A
   * repeat finds that its own decision was accepted, and answers the same.
   * @param decisionId the record of who asked for it; null for a bare signal and for the expiry of the hold
   * @param signalId of the record that is written for these
   */
  async function checkDecision(
    syncId: string,
    action: DecidedAction,
    digest: string,
    decisionId: string | null,
    signalId: string,
  ): Promise<DecisionOutcome> {
    const outcome = await db.transaction(async (tx): Promise<DecisionOutcome> => {
      const sync = await lockSync(tx, syncId);
      if (!sync) return { result: 'not-held', status: 'failed', decided: null, digest: null };
      const winner = await acceptedDecision(tx, sync.no);
      const found = { status: sync.status, decided: winner?.action ?? null, digest: winner?.digest ?? null };
      if (winner && winner.id === (decisionId ?? signalId)) return { ...found, result: 'accepted' };
      const recorded = decisionId === null ? null : await findDecision(tx, sync.no, decisionId);
      const named = recorded?.draft ?? null;
      const draft = await namedDraft(tx, sync, digest, named);
      const applies = whatApplies(sync, draft, named);
      const configurationChanged = action === 'resume' && (await configurationChanges(tx, sync)).length > 0;
      const decided = winner !== undefined;
      const result = judgeDecision({ ...sync, decided, applies, configurationChanged }, { action, digest }, recorded);
      if (result !== 'accepted') return { ...found, result };
      const id = decisionId ?? signalId;
      if (recorded === null) await insertDecision(tx, { id, sync: sync.no, action, digest, ...authorOf(action, sync) });
      await accept(tx, sync, id, draft);
      return { result, status: action === 'resume' ? 'running' : sync.status, decided: action, digest };
    });
    await reached('decide/recorded');
    return outcome;
  }

  async function accept(tx: Transaction, sync: SyncRow, id: string, draft: Draft | undefined): Promise<void> {
    await acceptDecision(tx, id, draft?.id ?? null);
    const decision = await acceptedDecision(tx, sync.no);
    if (!decision) throw new Error('the decision was not accepted');
    await endDrafts(tx, sync.no, draft?.no);
    await record(tx, sync, decision, draft);
  }

  async function record(
    tx: Transaction,
    sync: SyncRow,
    { action, by, at, reason, digest }: Pick<DecisionRow, 'action' | 'by' | 'at' | 'reason' | 'digest'>,
    draft?: Draft,
  ): Promise<void> {
    const counts = action === 'resume' ? (draft?.counts.applied ?? changeCountsOf(sync.counters)) : null;
    const decision: Decision = {
      ...{ action, by, byName: nameOf(by), at, reason, digest },
      draftId: draft?.id ?? null,
      counts,
    };
    await updateSync(tx, sync.no, { decision });
    if (action === 'resume') await changeStatus(tx, sync.no, 'running');
    // rejected changes are compared again by the next sync, even if the files are the same
    if (action === 'reject' || action === 'expire') await setUnchangedBase(tx, sync.connector, null);
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
      if (!sync) return;
      const facts = { ...sync, decided: false, applies: whatApplies(sync), configurationChanged: false };
      if (judgeDecision(facts, { action, digest }, null) !== 'accepted') return;
      const asked = decisionId === null ? undefined : await findDecision(tx, sync.no, decisionId);
      const { by, at, reason } = asked ?? { by: 'temporal', at: new Date().toISOString(), reason: null };
      await record(tx, sync, { action, by, at, reason, digest });
    });
  }

  return { checkDecision, recordDecision };
}

/** Who decided, where no person is recorded. */
function authorOf(action: DecidedAction, { waitingFor }: SyncRow): Pick<DecisionRow, 'by' | 'reason'> {
  if (action !== 'expire') return { by: 'temporal', reason: null };
  return { by: 'system', reason: `Nobody decided. The sync was held since ${waitingFor?.since ?? ''}.` };
}
