import { isAway } from '../problem.ts';

let live = false;

/** Whether events arrive, in this tab or by another one. */
export const setLive = (now: boolean): void => {
  live = now;
};

/** Events may be lost in ways that nobody notices; so often everything is asked again all the same. */
const rarely = 60_000;

/**
 * How often a query is asked again: rarely as long as events say when it is old. No event says that what was away is back, so a
 * query that met it is asked again by the clock.
 */
export const unlessLive = (milliseconds: number, { state }: Asked): number =>
  live && !isAway(state.error) ? rarely : milliseconds;

interface Asked {
  state: { error: unknown };
}
