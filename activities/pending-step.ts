import type { Retry } from '../domain/sync.ts';

/** What Temporal knows of the attempts of a step that has not ended. */
export interface PendingStep {
  /** The attempt that runs, or waits to begin. */
  attempt: number;
  /** How the one before failed; undefined if it told nothing: its worker ended or hung. */
  failed?: Pick<Retry, 'code' | 'message' | 'nextAt' | 'maximumAttempts'>;
}
