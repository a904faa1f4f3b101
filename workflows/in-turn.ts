import { sleep } from '@temporalio/workflow';
import type { NotYet } from '../activities/source-limits.ts';

/** Repeats a step until the limits of its source allow it. Between two attempts it waits without a slot of a worker. */
export async function inTurn<Result>(step: () => Promise<Result | NotYet>): Promise<Result> {
  for (;;) {
    const result = await step();
    if (!isNotYet(result)) return result;
    await sleep(result.waitSeconds * 1000, { summary: 'Until the source may be asked again for a turn' });
  }
}

const isNotYet = (result: unknown): result is NotYet =>
  typeof result === 'object' && result !== null && 'waitSeconds' in result;
