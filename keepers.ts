import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import type { cleanUp, reconcile } from './workflows/index.ts';
import { intervalSignal } from './workflows/messages.ts';
import { ownerIn, type Names } from './workflows/names.ts';

/**
 * The keepers are the workflows that never end: reconcile and clean-up. The API and every worker check from time to time that
 * they run, and start them if not: after the data of Temporal were deleted, or after somebody ended one.
 */

export interface KeeperIntervals {
  reconcileSeconds: number;
  cleanUpSeconds: number;
}

/** Whose keepers these are: the names of an installation, and the UUID that its database keeps. */
export interface KeeperOwner {
  names: Names;
  id: string;
}

interface Keeper {
  type: 'reconcile' | 'cleanUp';
  workflowId: string;
  everySeconds: number;
  staticSummary: string;
}

const keepersOf = (names: Names, { reconcileSeconds, cleanUpSeconds }: KeeperIntervals): Keeper[] => [
  {
    type: 'reconcile',
    workflowId: names.reconcileWorkflowId,
    everySeconds: reconcileSeconds,
    staticSummary: 'Keeps the tables and Temporal in step',
  },
  {
    type: 'cleanUp',
    workflowId: names.cleanUpWorkflowId,
    everySeconds: cleanUpSeconds,
    staticSummary: 'Removes what is no longer kept: changes, exports, staging',
  },
];

export interface KeeperCare {
  client: Client;
  /** Called at each check, because Postgres may not answer. */
  owner: () => Promise<KeeperOwner>;
  intervals: KeeperIntervals;
  /** Whether to set the interval of a running keeper that has another one. */
  adjust: boolean;
  /** Called at each check, whatever its result. */
  looked?: () => Promise<void>;
  warn: (error: unknown) => void;
}

/** Milliseconds that Temporal may take for one check. */
const patience = 10_000;

/** Checks the keepers until it is stopped. It never fails: the next check does what this one could not. */
export function careForKeepers({ client, owner, intervals, adjust, looked, warn }: KeeperCare): {
  /** The UUID of another installation whose workflows have the names of this one; undefined if there is none. */
  takenBy: () => string | undefined;
  stop: () => void;
} {
  const pause = Math.min(Math.max(intervals.reconcileSeconds, 5), 60) * 1000;
  let takenBy: string | undefined;
  let told: string | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    try {
      const whose = await owner();
      // the API of the second installation starts no keepers; one of its workers does, when it may start
      const start = takenBy === undefined;
      takenBy = await client.connection.withDeadline(Date.now() + patience, () =>
        ensureKeepers(client, whose, intervals, { start, adjust }),
      );
      await looked?.();
      if (takenBy !== undefined)
        throw new Error(
          `The workflows reconcile and clean-up belong to the installation ${takenBy}: give this installation a name with SYNCLINE_INSTALLATION`,
        );
      told = undefined;
    } catch (error) {
      const text = error instanceof Error ? error.message : 'unknown error';
      if (text !== told) warn(error);
      told = text;
    }
    if (!stopped) timer = setTimeout(() => void look(), pause);
  };
  void look();
  return {
    takenBy: () => takenBy,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/**
 * Starts the keepers that do not run. A repeat changes nothing. Keepers of another installation are not touched.
 * @param how `start`: whether to start those that do not run; `adjust`: whether to set the intervals of those that do
 * @returns the UUID of the other installation whose keepers have these names, if there is one
 */
export async function ensureKeepers(
  client: Client,
  owner: KeeperOwner,
  intervals: KeeperIntervals,
  how: { start: boolean; adjust: boolean },
): Promise<string | undefined> {
  let foreign: string | undefined;
  for (const keeper of keepersOf(owner.names, intervals)) foreign ??= await ensureKeeper(client, owner, keeper, how);
  return foreign;
}

async function ensureKeeper(
  client: Client,
  owner: KeeperOwner,
  keeper: Keeper,
  how: { start: boolean; adjust: boolean },
): Promise<string | undefined> {
  const running = await describeOpen(client, keeper.workflowId);
  const whose = ownerIn(running?.memo);
  if (running && whose !== undefined && whose !== owner.id) return whose;
  if (!running) {
    if (how.start) await start(client, owner, keeper, 'FAIL');
  } else if (whose === undefined) {
    // a keeper of an old version has no UUID and no state: a new one replaces it
    if (how.start) await start(client, owner, keeper, 'TERMINATE_EXISTING');
  } else if (how.adjust && running.memo?.['everySeconds'] !== keeper.everySeconds)
    await client.workflow
      .getHandle(keeper.workflowId, running.runId)
      .signal(intervalSignal, { everySeconds: keeper.everySeconds });
  return undefined;
}

async function describeOpen(client: Client, workflowId: string): Promise<WorkflowExecutionDescription | undefined> {
  try {
    const found = await client.workflow.getHandle(workflowId).describe();
    return found.status.name === 'RUNNING' ? found : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

async function start(
  client: Client,
  { names, id }: KeeperOwner,
  { type, workflowId, everySeconds, staticSummary }: Keeper,
  workflowIdConflictPolicy: 'FAIL' | 'TERMINATE_EXISTING',
): Promise<void> {
  try {
    await client.workflow.start<typeof reconcile | typeof cleanUp>(type, {
      workflowId,
      taskQueue: names.taskQueues.sync,
      args: [everySeconds],
      workflowIdConflictPolicy,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      memo: { installation: id, everySeconds },
      staticSummary,
    });
  } catch (error) {
    // another process was faster
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
