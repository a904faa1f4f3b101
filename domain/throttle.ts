import { SyncError } from './errors.ts';

/** Longer waits for a busy source leave the slot of the worker, if a later read can go on from there. */
const inPlaceSeconds = 60;
/** The longest wait at a time. A read that cannot go on later waits no longer for one answer. */
const longestSeconds = 900;
/** Where the source does not say how long to wait. */
const firstSeconds = 1;
const longestGuess = 60;

/** A source asks for a wait that is not made in place. The read ends, and is to go on after so many seconds. */
export class Throttled extends SyncError {
  override name = 'Throttled';
  readonly waitSeconds: number;

  constructor(waitSeconds: number) {
    super('throttled', `The source asks to wait ${String(Math.round(waitSeconds))} s.`);
    this.waitSeconds = waitSeconds;
  }
}

export interface Busy {
  /** What the source says; undefined: it does not. */
  askedSeconds: number | undefined;
  /** How often it has been busy since its last answer, before this time. */
  times: number;
  /** How long the read has waited since then. */
  waitedSeconds: number;
  /** Whether a later read can go on where this one stops. */
  resumable: boolean;
}

/**
 * @returns the seconds to wait in place
 * @throws Throttled if the read is to go on later; SyncError `throttled` if it cannot, and has waited long enough
 */
export function secondsInPlace({ askedSeconds, times, waitedSeconds, resumable }: Busy): number {
  const seconds = Math.max(0, askedSeconds ?? Math.min(longestGuess, firstSeconds * 2 ** times));
  if (waitedSeconds + seconds <= (resumable ? inPlaceSeconds : longestSeconds)) return seconds;
  if (resumable) throw new Throttled(Math.min(seconds, longestSeconds));
  throw new SyncError(
    'throttled',
    `The source asks to wait longer than ${String(longestSeconds / 60)} minutes, and the read cannot go on later. Sync at another time, or lower requestsPerSecond of the connection.`,
  );
}
