import type { DecidedAction, Hold } from './sync.ts';

/** What apply knows of a sync that has not ended: its row, and the decision that was accepted for it. */
export interface Applicable {
  dryRun: boolean;
  /** Of what is to be applied: the change set, or the draft that the decision names. */
  digest: string | null;
  changeCount: number | null;
  holds: readonly Hold[];
  decision: { action: DecidedAction; digest: string } | null;
}

/**
 * Why a sync must not be applied, as a sentence for people; undefined if it may be.
 * @param digest of the changes that were decided on, or that needed no decision
 */
export function whyNotApplied(sync: Applicable, digest: string): string | undefined {
  if (sync.dryRun) return 'A dry run is never applied.';
  if (sync.digest === null || sync.changeCount === null)
    return 'The database has no change set of this sync. Either the database was restored to an earlier state, or this step ran again too late.';
  if (digest !== sync.digest) return 'The database has another change set than the one that was decided on.';
  if (sync.holds.length === 0) return undefined;
  if (sync.decision?.action !== 'resume' || sync.decision.digest !== digest)
    return 'The sync was held, and the database has no decision to apply these changes.';
  return undefined;
}
