import type { SyncErrorCode } from './codes.ts';
import type { Retry } from './sync.ts';

/** How a step is tried again, times in milliseconds. */
export interface RetryRule {
  initialInterval: number;
  backoffCoefficient: number;
  maximumInterval: number;
  /** 0: for ever. */
  maximumAttempts: number;
}

/** A source that is lost is waited for about 5 minutes: after 1, 2, 4, 8 and 16 seconds, and then nine times after 30. */
const attemptsOfLostSource = 15;

/** How many attempts a step has that fails with a code, by the rule of all codes. 0: without an end. */
export const attemptsOf = (code: SyncErrorCode, maximumAttempts: number): number =>
  code === 'connection' ? Math.min(attemptsOfLostSource, maximumAttempts || Infinity) : maximumAttempts;

/**
 * When a step whose attempt failed is tried again, as Temporal does it.
 * @param attempt the one that failed, from 1
 * @param delay what the failure itself asks for, in the place of the rule's wait
 * @returns undefined if it is given up
 */
export function nextAttempt(
  rule: RetryRule,
  attempt: number,
  now: Date,
  delay?: number,
): Pick<Retry, 'attempt' | 'maximumAttempts' | 'nextAt'> | undefined {
  const { initialInterval, backoffCoefficient, maximumInterval, maximumAttempts } = rule;
  if (maximumAttempts > 0 && attempt >= maximumAttempts) return undefined;
  const wait = delay ?? Math.min(maximumInterval, initialInterval * backoffCoefficient ** (attempt - 1));
  return {
    attempt,
    maximumAttempts: maximumAttempts > 0 ? maximumAttempts : null,
    nextAt: new Date(now.getTime() + wait).toISOString(),
  };
}
