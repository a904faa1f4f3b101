import type { SyncStatus } from './sync.ts';

/**
 * The circuit breaker of a polled source: after some failures in a row it opens and the source is left alone for a while;
 * then one attempt, a complete sync, decides whether it closes.
 */

export const breakerStates = ['closed', 'open', 'half-open'] as const;
export type BreakerState = (typeof breakerStates)[number];

export interface Breaker {
  state: BreakerState;
  /** Failures in a row. */
  failures: number;
  /** Open only: when one attempt is let through, RFC 3339 UTC. */
  retryAt: string | null;
  /** The next sync is a complete one: what changed while the breaker was open may be in no delta any more. */
  completeNext: boolean;
}

export interface BreakerRule {
  /** Failures in a row that open it. */
  failures: number;
  /** Milliseconds that it stays open. */
  reset: number;
}

/** What a sync says of its source. */
export type Outcome = 'success' | 'failure' | 'neutral';

/** A sync that is held, was decided by a person, or could not start for another one counts neither way. */
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

/** A person says that the source is well again: closed at once. Where it had been open, a complete sync comes first. */
export function reset(breaker: Breaker): Breaker {
  return { ...closedBreaker, completeNext: breaker.completeNext };
}

/** Whether a reset would change anything. */
export const canReset = ({ state, failures }: Pick<Breaker, 'state' | 'failures'>): boolean =>
  state !== 'closed' || failures > 0;

/** The rule has changed: an open breaker waits no longer than the new one says. */
export function follow(breaker: Breaker, rule: BreakerRule, now: number): Breaker {
  if (breaker.state !== 'open') return breaker;
  const latest = Math.min(Date.parse(breaker.retryAt ?? ''), now + rule.reset);
  return { ...breaker, retryAt: new Date(latest).toISOString() };
}
