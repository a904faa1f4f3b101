import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/activity';
import type { Pacer, Resumption } from '../../connectors/package.ts';
import { secondsInPlace, Throttled } from '../../domain/throttle.ts';
import type { Pace } from './report.ts';

/** Shorter waits are not reported. */
const toldFromSeconds = 1;

/**
 * What a package asks before requests that are not counted by themselves, and where it says that its source is busy. The waits
 * that a source asks for are made here, as `secondsInPlace` says.
 * @param answered to be called when the source has answered: then it is busy for the first time again
 */
export function pacerOf(
  pace: Pace,
  { resume, signal }: { resume: Resumption; signal: AbortSignal },
): { pacer: Pacer; answered: () => Promise<void> } {
  const since = { times: 0, waitedSeconds: 0 };
  return {
    pacer: {
      request: () => pace.request(),
      async busy(askedSeconds) {
        const seconds = secondsInPlace({ askedSeconds, ...since, resumable: resume !== 'none' });
        since.times++;
        since.waitedSeconds += seconds;
        if (seconds >= toldFromSeconds) await pace.busy();
        if (seconds > 0) await sleep(seconds * 1000, undefined, { signal });
        await pace.request();
      },
    },
    async answered() {
      if (since.times === 0) return;
      Object.assign(since, { times: 0, waitedSeconds: 0 });
      await pace.goOn();
    },
  };
}

/**
 * A wait that leaves the slot of the worker: the attempt ends, and Temporal begins the next one when the source allows. Other
 * errors are thrown as they are.
 */
export async function leavingTheSlot<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Throttled)) throw error;
    throw ApplicationFailure.create({
      type: error.code,
      message: error.message,
      nonRetryable: false,
      details: [error.place],
      nextRetryDelay: error.waitSeconds * 1000,
      cause: error,
    });
  }
}

const batches: ReadonlySet<string> = new Set(['records', 'lines', 'structured', 'tombstones', 'present']);

/** Counts each batch that a package is asked for as a request to its source. */
export async function* paced<Event extends { kind: string }>(
  events: AsyncIterable<Event>,
  request: () => Promise<void>,
): AsyncGenerator<Event> {
  await request();
  for await (const event of events) {
    yield event;
    if (batches.has(event.kind)) await request();
  }
}
