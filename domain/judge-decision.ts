import type { DecisionAction, SyncStatus } from './sync.ts';

/**
 * `not-held`: there is nothing to decide, or it has been decided. `stale-digest`: other changes were reviewed than those
 * that are held. `forbidden`: the decision names a record that is not its own.
 */
export const decisionResults = ['accepted', 'not-held', 'stale-digest', 'forbidden'] as const;
export type DecisionResult = (typeof decisionResults)[number];

/** What a decision is about: the sync as Postgres has it. */
export interface Decidable {
  status: SyncStatus;
  digest: string | null;
  /** A decision has been accepted already. */
  decided: boolean;
}

/** The record of a decision: what it was written for. */
export interface RecordedDecision {
  action: DecisionAction;
  digest: string;
}

/**
 * Whether a decision counts.
 * @param recorded the record that it names; undefined if it names one that its sync does not have, null if it names
 * none, as a bare signal
 */
export function judgeDecision(
  sync: Decidable,
  wish: { action: DecisionAction; digest: string },
  recorded: RecordedDecision | null | undefined,
): DecisionResult {
  if (sync.status !== 'held' || sync.decided || sync.digest === null) return 'not-held';
  if (wish.digest !== sync.digest) return 'stale-digest';
  if (recorded === null) return 'accepted';
  return recorded?.action === wish.action && recorded.digest === wish.digest ? 'accepted' : 'forbidden';
}
