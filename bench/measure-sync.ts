import type { Sync } from '../domain/sync.ts';
import { describeChanges, foundChanges, sameChanges, type Changes } from './expected.ts';
import { readHistory, type History } from './history.ts';
import type { Product } from './product.ts';
import { timed } from './statistics.ts';
import { peakMemory, resetPeakMemory } from './worker-memory.ts';

/** One sync as a user met it. */
export interface SyncMeasurement {
  /** Its id. */
  sync: string;
  /** From the request until it has ended; without the time in which it was held, which is the person's. */
  seconds: number;
  /** Of a sync that was held: until then. */
  untilHeld?: number;
  history: History;
  /** Peak of the worker, MB; undefined where the system does not count it. */
  workerMemory: number | undefined;
  found: Changes;
  /** What was not as it should be. */
  faults: string[];
}

/**
 * Runs a sync over the API from the request to its end; one that is held is resumed at once.
 * @returns seconds without the time in which it was held, which is the person's
 */
export async function runToEnd(
  { api }: Product,
  connector: string,
  mode: Sync['mode'],
): Promise<Pick<SyncMeasurement, 'seconds' | 'untilHeld'> & { sync: Sync }> {
  const read = await timed(async () => api.settled((await api.startSync(connector, mode)).id));
  const held = read.result.status === 'held' ? read.result : undefined;
  const applied = held
    ? await timed(async () => {
        await api.resume(held);
        return api.settled(held.id, ['held', 'running']);
      })
    : undefined;
  const sync = applied?.result ?? read.result;
  return {
    sync,
    seconds: read.seconds + (applied?.seconds ?? 0),
    ...(held ? { untilHeld: read.seconds } : {}),
  };
}

/** Runs a sync to its end, and looks at what it has found and used. */
export async function measureSync(
  product: Product,
  connector: string,
  mode: Sync['mode'],
  expected: Changes,
  ends: Sync['status'] = 'completed',
): Promise<SyncMeasurement> {
  const { temporal, workerPid } = product;
  resetPeakMemory(workerPid);
  const { sync, seconds, untilHeld } = await runToEnd(product, connector, mode);
  const workerMemory = product.workerPid === workerPid ? peakMemory(workerPid) : undefined;
  const found = foundChanges(sync.counters);
  const history = await readHistory(temporal, sync.workflowId, sync.runId ?? '');
  const faults = [
    ...(sync.status === ends ? [] : [`it ended ${sync.status}${describeError(sync)}`]),
    ...(sameChanges(found, expected)
      ? []
      : [`it found ${describeChanges(found)} where the files have ${describeChanges(expected)}`]),
    ...(history.retries === 0 ? [] : [`${String(history.retries)} steps were repeated, so its times say little`]),
  ];
  return {
    sync: sync.id,
    seconds,
    ...(untilHeld === undefined ? {} : { untilHeld }),
    history,
    workerMemory,
    found,
    faults,
  };
}

const describeError = ({ error, mode, requestedMode }: Sync) =>
  (error ? ` (${error.code}: ${error.message})` : '') + (mode === requestedMode ? '' : `, as ${mode}`);
