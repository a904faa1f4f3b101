import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.ts';

const pauseMilliseconds = 1000;

/**
 * Asks again while the API does not answer: a restart of the API, or a short break of the network, does not end a long command.
 * @param seconds how long the API may not answer
 * @throws Failure of the last request if this time is over, or if the API refused
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
