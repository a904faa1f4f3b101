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
 * The keepers are the workflows that go on for ever: reconcile and clean-up. The API and every worker look from time to time
 * whether they run, and start those that do not: after a Temporal was wiped, and after somebody ended one.
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
  /** Asked at each look, since Postgres may be away. */
  owner: () => Promise<KeeperOwner>;
  intervals: KeeperIntervals;
  /** Also tell a keeper that runs how often to work, where it works at other intervals. */
  adjust: boolean;
  /** At each look, whatever came of it. */
  looked?: () => Promise<void>;
  warn: (error: unknown) => void;
}

/** Milliseconds that Temporal may take for one look. */
const patience = 10_000;

/** Looks after the keepers until it is stopped. It never fails: what it cannot do now, it does at its next look. */
export function careForKeepers({ client, owner, intervals, adjust, looked, warn }: KeeperCare): {
  /** The UUID of another installation whose workflows have the names of this one; undefined where there is none. */
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
      // whoever was second does not take the place of the first: one of its workers does, when it may start
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
 * Starts the keepers that do not run. A repeat changes nothing. It leaves those of another installation alone.
 * @param how `start`: whether to start those that do not run; `adjust`: whether to set the intervals of those that do
 * @returns the UUID of the other installation whose keepers have these names, where there is one
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
    // one that a version started which did not tell the installation keeps no state: a new one takes its place
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
    // somebody was quicker
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
