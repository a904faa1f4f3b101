import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const answerSchema = z.object({ checks: z.record(z.string(), z.object({ ok: z.boolean(), message: z.string() })) });

/**
 * Waits until the API says that syncs can run.
 * @param api address of the API
 * @param note called with the missing parts
 */
export async function untilReady(api: string, note: (text: string) => void, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const answer = await fetch(`${api}/readyz`, { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
      if (answer.ok) return;
      const { checks } = answerSchema.parse(await answer.json());
      note(
        Object.entries(checks)
          .flatMap(([name, { ok }]) => (ok ? [] : [name]))
          .join(', '),
      );
    } catch {
      signal.throwIfAborted();
      note('API');
    }
    await sleep(100, undefined, { signal });
  }
}
