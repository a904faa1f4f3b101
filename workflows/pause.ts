import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';

/**
 * Waits for a time, or until something has happened.
 * @param ms milliseconds; none or less waits for nothing
 * @param summary what the timer is for, in the Temporal Web UI
 */
export async function pause(ms: number, summary: string, happened: () => boolean): Promise<void> {
  if (ms <= 0 || happened()) return;
  const timer = new CancellationScope();
  const waiting = timer
    .run(() => sleep(ms, { summary }))
    .catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  await Promise.race([waiting, condition(happened)]);
  timer.cancel();
}
