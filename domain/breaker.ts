import type { SyncStatus } from './sync.ts';

/**
 * The circuit breaker of a polled source. After some failures in a row it opens, and the source is not polled for a while.
 * Then one attempt, a complete sync, decides whether the breaker closes.
 */

export const breakerStates = ['closed', 'open', 'half-open'] as const;
export type BreakerState = (typeof breakerStates)[number];

export interface Breaker {
  state: BreakerState;
  /** Failures in a row. */
  failures: number;
  /** Open only: when one attempt is let through, RFC 3339 UTC. */
  retryAt: string | null;
  /** The next sync is a complete one, since deltas may no longer have the changes from when the breaker was open. */
  completeNext: boolean;
}

export interface BreakerRule {
  /** Failures in a row that open it. */
  failures: number;
  /** Milliseconds that it stays open. */
  reset: number;
}

/** What the end of a sync shows about its source. */
export type Outcome = 'success' | 'failure' | 'neutral';

/**
 * `neutral`: the sync is held, a person decided it, or another sync kept it from starting. It is neither a success nor a
 * failure.
 */
export function outcomeOf(status: SyncStatus): Outcome {
  if (status === 'failed') return 'failure';
  return status === 'completed' || status === 'completed-with-errors' ? 'success' : 'neutral';
}

export const closedBreaker: Breaker = { state: 'closed', failures: 0, retryAt: null, completeNext: false };

/**
 * Before a sync: an open breaker whose time has come lets one attempt through.
 * @param now milliseconds since 1970
 */
export function attempt(breaker: Breaker, now: number): Breaker {
  if (breaker.state !== 'open' || now < Date.parse(breaker.retryAt ?? '')) return breaker;
  return { ...breaker, state: 'half-open', retryAt: null };
}

/** After a sync. @param complete whether it was a complete one */
export function record(breaker: Breaker, outcome: Outcome, rule: BreakerRule, now: number, complete: boolean): Breaker {
  if (outcome === 'neutral') return breaker;
  if (outcome === 'success') return { ...closedBreaker, completeNext: breaker.completeNext && !complete };
  const failures = breaker.failures + 1;
  if (breaker.state === 'closed' && failures < rule.failures) return { ...breaker, failures };
  return { state: 'open', failures, retryAt: new Date(now + rule.reset).toISOString(), completeNext: true };
}

/**
 * A person says that the source works again: the breaker closes at once. If it was open, the next sync is a complete one.
 */
export function reset(breaker: Breaker): Breaker {
  return { ...closedBreaker, completeNext: breaker.completeNext };
}

/** Whether a reset would change anything. */
export const canReset = ({ state, failures }: Pick<Breaker, 'state' | 'failures'>): boolean =>
  state !== 'closed' || failures > 0;

/** The rule has changed: an open breaker waits no longer than the new rule says. */
export function follow(breaker: Breaker, rule: BreakerRule, now: number): Breaker {
  if (breaker.state !== 'open') return breaker;
  const latest = Math.min(Date.parse(breaker.retryAt ?? ''), now + rule.reset);
  return { ...breaker, retryAt: new Date(latest).toISOString() };
}
