import { parseDuration } from '../duration.ts';

/** What happens to a sync that is held for long, in this order. */
export const reviewTimers = ['remind', 'escalate', 'expire'] as const;
export type ReviewTimer = (typeof reviewTimers)[number];

/** `review` of a connector file: how long after the beginning of the hold; null switches a timer off. */
export type ReviewFile = Partial<Record<`${ReviewTimer}After`, string | null | undefined>>;

export const reviewDefaults = { remindAfter: '4h', escalateAfter: '24h', expireAfter: '7d' } as const;

/** When the timers of a hold are due: RFC 3339 UTC; null if a timer is switched off. */
export interface ReviewTimes {
  remindAt: string | null;
  escalateAt: string | null;
  expiresAt: string | null;
}

/** How long each timer waits, as the file or the default has it. */
export const waitsOf = (review: ReviewFile = {}): Record<ReviewTimer, string | null> => ({
  remind: waitOf(review, 'remindAfter'),
  escalate: waitOf(review, 'escalateAfter'),
  expire: waitOf(review, 'expireAfter'),
});

const waitOf = (review: ReviewFile, name: keyof typeof reviewDefaults): string | null =>
  review[name] === undefined ? reviewDefaults[name] : review[name];

/** @param since the beginning of the hold */
export function timesOf(review: ReviewFile | undefined, since: Date): ReviewTimes {
  const waits = waitsOf(review);
  const at = (wait: string | null) =>
    wait === null ? null : new Date(since.getTime() + parseDuration(wait)).toISOString();
  return { remindAt: at(waits.remind), escalateAt: at(waits.escalate), expiresAt: at(waits.expire) };
}

/** What a held sync has of them; a sync that an earlier version held has none. */
export const timesIn = (waiting: Partial<ReviewTimes> | null): ReviewTimes => ({
  remindAt: waiting?.remindAt ?? null,
  escalateAt: waiting?.escalateAt ?? null,
  expiresAt: waiting?.expiresAt ?? null,
});

/**
 * The timers of a hold, the soonest first.
 * @param now milliseconds since 1970; a timer that is overdue waits for no time
 * @returns with the milliseconds that each has to wait
 */
export function timersOf(times: ReviewTimes, now: number): { timer: ReviewTimer; wait: number }[] {
  const at: Record<ReviewTimer, string | null> = {
    remind: times.remindAt,
    escalate: times.escalateAt,
    expire: times.expiresAt,
  };
  return reviewTimers.flatMap((timer) => {
    const due = at[timer];
    return due === null ? [] : [{ timer, wait: Math.max(0, Date.parse(due) - now) }];
  });
}

/** The first two waits that are in the wrong order, if there are such. A timer that is switched off has no place. */
export function disorderOf(review: ReviewFile): { timer: ReviewTimer; before: ReviewTimer } | undefined {
  const waits = waitsOf(review);
  const set = reviewTimers.filter((timer) => waits[timer] !== null);
  const length = (timer: ReviewTimer) => parseDuration(waits[timer] ?? '0s');
  for (const [i, timer] of set.entries()) {
    const before = set[i - 1];
    if (before && length(timer) <= length(before)) return { timer, before };
  }
  return undefined;
}
