import type { Counters } from './sync.ts';

/** How many changes a sync did not propose since people had refused equal ones. */
export const suppressedIn = (counters: Counters): number =>
  Object.values(counters).reduce(
    (sum, type) =>
      sum + (type.suppressed ?? 0) + Object.values(type.links).reduce((of, link) => of + (link.suppressed ?? 0), 0),
    0,
  );
