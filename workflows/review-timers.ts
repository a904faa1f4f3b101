import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { timersOf, type ReviewTimer, type ReviewTimes } from '../domain/review/times.ts';

const summaries: Record<ReviewTimer, string> = {
  remind: 'Until the sync reminds that it is held',
  escalate: 'Until the sync escalates',
  expire: 'Until the sync is rejected, if nobody decides',
};

/**
 * Starts the timers of a hold. Each is due once.
 * @param due gets a timer when its time has come
 * @returns ends the timers that are not yet due
 */
export function startReviewTimers(times: ReviewTimes, due: (timer: ReviewTimer) => void): () => void {
  const scope = new CancellationScope();
  for (const { timer, wait } of timersOf(times, Date.now()))
    scope
      .run(async () => {
        await sleep(wait, { summary: summaries[timer] });
        due(timer);
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
  return () => {
    scope.cancel();
  };
}
