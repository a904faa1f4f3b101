import { changeCountsOf, differingCounts } from './change-counts.ts';
import type { ChangeCounts, Counters, DecidedAction, SyncStatus } from './sync.ts';

/**
 * `not-held`: there is nothing to decide, or it has been decided. `stale-digest`: something else was reviewed than what is
 * held, or a draft that is gone. `forbidden`: the decision names a record that is not its own. `too-late`: it was asked for
 * long ago; safe to repeat. `configuration-changed`: a later revision has retired or changed what the changes are about.
 * `counts-differ`: a count that was confirmed is not that of what would be applied.
 */
export const decisionResults = [
  'accepted',
  'not-held',
  'stale-digest',
  'forbidden',
  'too-late',
  'configuration-changed',
  'counts-differ',
] as const;
export type DecisionResult = (typeof decisionResults)[number];

/** So long a decision that was asked for may take until it is judged, in seconds. */
export const longestWait = 60;

/** What a decision is about: the sync as Postgres has it. */
export interface Decidable {
  status: SyncStatus;
  digest: string | null;
  /** A decision has been accepted already. */
  decided: boolean;
  /** What a resume applies: the change set, or the draft that the decision names. Null: there is no such thing. */
  applies: { digest: string; counts: ChangeCounts } | null;
  /** Whether what the changes are about was retired or changed. */
  configurationChanged: boolean;
}

/**
 * What a digest stands for.
 * @param draft the draft that has the digest
 * @param named id of the draft that the decision names: no other draft fits, nor does the change set
 */
export function whatApplies(
  sync: { digest: string | null; counters: Counters },
  draft?: { id: string; digest: string; counts: { applied: ChangeCounts } },
  named: string | null = null,
): Decidable['applies'] {
  if (named !== null && named !== draft?.id) return null;
  if (draft) return { digest: draft.digest, counts: draft.counts.applied };
  return sync.digest === null ? null : { digest: sync.digest, counts: changeCountsOf(sync.counters) };
}

/** The record of a decision: what it was written for. */
export interface RecordedDecision {
  action: DecidedAction;
  digest: string;
  confirm: Partial<ChangeCounts> | null;
  ageSeconds: number;
}

/**
 * Whether a decision counts. Roles, the four eyes and changes that somebody may not see will be asked for here, and give
 * `forbidden`.
 * @param recorded the record that it names; undefined if it names one that its sync does not have, null if it names
 * none, as a bare signal
 */
export function judgeDecision(
  sync: Decidable,
  wish: { action: DecidedAction; digest: string },
  recorded: RecordedDecision | null | undefined,
): DecisionResult {
  if (sync.status !== 'held' || sync.decided || sync.digest === null) return 'not-held';
  const reviewed = wish.action === 'resume' ? sync.applies?.digest : sync.digest;
  if (wish.digest !== reviewed) return 'stale-digest';
  if (recorded !== null) {
    if (recorded?.action !== wish.action || recorded.digest !== wish.digest) return 'forbidden';
    if (recorded.ageSeconds > longestWait) return 'too-late';
  }
  if (wish.action !== 'resume') return 'accepted';
  if (sync.configurationChanged) return 'configuration-changed';
  const differing = sync.applies ? differingCounts(recorded?.confirm ?? {}, sync.applies.counts) : [];
  return differing.length === 0 ? 'accepted' : 'counts-differ';
}
