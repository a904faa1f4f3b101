import type { Overlap } from './job.ts';

export type SkipReason = 'overlap' | 'already-waiting' | 'caught-up' | 'paused' | 'job-deleted';

/** What an execution may do: run, wait for the one that runs, or end as skipped, naming the execution it met. */
export type ClaimAnswer =
  { kind: 'run' } | { kind: 'wait'; met: string } | { kind: 'skip'; reason: SkipReason; met: string | null };

/** What the row of the job says, read under its lock. */
export interface JobClaims {
  overlap: Overlap;
  paused: boolean;
  /** This execution covers every scheduled time until then; RFC 3339. */
  coveredUntil: string | null;
  coveredBy: string | null;
  /** The execution that runs, and the one that waits, other than the one that asks. */
  running: string | null;
  waiting: string | null;
}

/**
 * Decides over a claim. An execution that starts covers every scheduled time that was due by then. After an outage all
 * missed times come at once, and one execution covers them.
 * @param scheduledAt the time that it was due, null if a person asked for it
 */
export function decideClaim(job: JobClaims | undefined, scheduledAt: string | null): ClaimAnswer {
  const skip = (reason: SkipReason, met: string | null = null): ClaimAnswer => ({ kind: 'skip', reason, met });
  if (!job) return skip('job-deleted');
  if (scheduledAt !== null) {
    if (job.paused) return skip('paused');
    if (job.coveredUntil !== null && Date.parse(scheduledAt) <= Date.parse(job.coveredUntil))
      return skip('caught-up', job.coveredBy);
  }
  // an execution that waits is next, also if the running one has just ended
  const ahead = job.running ?? job.waiting;
  if (ahead === null) return { kind: 'run' };
  if (job.overlap === 'skip') return skip('overlap', ahead);
  return job.waiting === null ? { kind: 'wait', met: ahead } : skip('already-waiting', job.waiting);
}
