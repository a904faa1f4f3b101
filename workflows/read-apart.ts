import { ActivityFailure, CancellationScope, TimeoutFailure } from '@temporalio/workflow';
import type { BegunExport } from '../activities/far-export.ts';
import type { Exported } from '../activities/reading/outcome.ts';
import { apart, readApartOn } from './activity-groups.ts';
import { inTurn } from './in-turn.ts';

/** Where a connection is read by a worker that may have no database. */
interface Apart {
  name: string;
  taskQueue: string;
}

/** Reads a connection by a worker that may have no database. */
export const exportApart = (syncId: string, connection: Apart): Promise<Exported> =>
  between(syncId, connection, 'read', (begun) => {
    const { exportFromRequest } = readApartOn(connection.taskQueue, begun.limited);
    return exportFromRequest(referenceOf(begun));
  });

export const isUnchangedApart = (syncId: string, connection: Apart): Promise<boolean> =>
  between(syncId, connection, 'compare', (begun) => {
    const { compareFromRequest } = readApartOn(connection.taskQueue, begun.limited);
    return compareFromRequest(referenceOf(begun));
  });

/**
 * A read between the steps that take its turn and give it back. If no worker begins to read while others may wait for the turn, the turn
 * is given back and asked for again.
 */
async function between<Result extends Exported | boolean>(
  syncId: string,
  { name }: Apart,
  purpose: 'read' | 'compare',
  read: (begun: BegunExport) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const begun = await inTurn(() => apart.beginExport(syncId, name, purpose));
    const end = (folder: string | null) =>
      CancellationScope.nonCancellable(() => apart.endExport(referenceOf(begun), folder));
    let result: Result;
    try {
      result = await read(begun);
    } catch (error) {
      await end(null);
      if (!isNotBegun(error)) throw error;
      continue;
    }
    await end(typeof result === 'object' && 'attempt' in result ? result.attempt : null);
    return result;
  }
}

const referenceOf = ({ limited: _limited, ...reference }: BegunExport) => reference;

const isNotBegun = (error: unknown): boolean =>
  error instanceof ActivityFailure &&
  error.cause instanceof TimeoutFailure &&
  error.cause.timeoutType === 'SCHEDULE_TO_START';
