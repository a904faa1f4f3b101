import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.ts';

const pauseMilliseconds = 1000;

/**
 * Asks again while nobody answers: an API that restarts, or a network that is gone for a moment, ends no long command.
 * @param seconds how long nobody may answer
 * @throws Failure of the last question where that time is over, or where the API refused
 */
export async function patiently<Answer>(ask: () => Promise<Answer>, seconds = 60): Promise<Answer> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'unavailable' || Date.now() > until) throw error;
      await sleep(pauseMilliseconds);
    }
  }
}
