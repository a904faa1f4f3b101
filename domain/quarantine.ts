import type { SyncMode } from './sync.ts';

/**
 * If the scheduled syncs of a connector keep failing, jobs try it only once a day. Until then they leave it out and say why.
 * Each mode counts separately, so that failing incremental syncs do not stop complete syncs.
 */

/** Scheduled syncs of one mode that failed since the last success of a whole sync that does at least as much. */
export interface FailedRow {
  failures: number;
  /** When the first and the last of them was asked for, RFC 3339. */
  since: string;
  last: string;
  /** Of the last of them. */
  error: { code: string; message: string; syncId: string };
}

export interface Quarantine extends FailedRow {
  /** Jobs of this mode leave the connector out. */
  mode: SyncMode;
  /** Until then, RFC 3339. */
  until: string;
  /** A sentence for people. */
  reason: string;
}

/** Failures in a row. */
export const quarantineAfter = 5;
/** An hour less than a day, so that a job that runs at the same time each day tries the connector each day. */
const pause = 23 * 3_600_000;

/**
 * @param failed null if the last whole sync succeeded, or none was scheduled
 * @param now milliseconds since 1970
 * @returns null if jobs may take the connector
 */
export function quarantine(failed: FailedRow | null, mode: SyncMode, now: number): Quarantine | null {
  if (!failed || failed.failures < quarantineAfter) return null;
  const until = Date.parse(failed.last) + pause;
  if (now >= until) return null;
  const text = new Date(until).toISOString();
  return {
    ...failed,
    mode,
    until: text,
    reason: `The last ${String(failed.failures)} scheduled ${mode} syncs of this connector failed (the last: ${failed.error.code}). Jobs now try it once a day: not before ${text}. This ends when a ${mode === 'complete' ? 'complete sync' : 'sync'} succeeds, also if a person started it.`,
  };
}
