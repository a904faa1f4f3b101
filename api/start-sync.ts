import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { v7 as uuidv7 } from 'uuid';
import { reached } from '../domain/marked-points.ts';
import { takesShortWay } from '../domain/short-way.ts';
import type { Priority, RevertThen, SyncMode, SyncScope, Task, Trigger } from '../domain/sync.ts';
import type { SyncOverrides } from '../domain/thresholds/names.ts';
import { isMadeByRules } from '../repository/directory/rules.ts';
import { openSyncOf, viewSync, type SyncView } from '../repository/sync-views.ts';
import { installationId } from '../repository/installation.ts';
import { insertSync, markStarted, placeInQueue, withdrawSync } from '../repository/sync-requests.ts';
import type { refreshSync, syncConnector } from '../workflows/index.ts';
import type { SyncInput } from '../workflows/messages.ts';
import { isTemporalAway } from './failures.ts';
import type { Dependencies } from './dependencies.ts';
import { openMemo, requireOwnNames, requireOwnWorkflow } from './own-names.ts';
import { Problem } from './problems.ts';
import { requireSync } from './sync-body.ts';

export interface NewSync {
  connector: { id: number; name: string };
  configRevision: number;
  mode: SyncMode;
  tasks: Task[];
  scope: SyncScope | null;
  dryRun: boolean;
  trigger: Trigger;
  priority: Priority;
  by: string;
  /** Limits for this sync alone. */
  overrides?: SyncOverrides | undefined;
  /** A revert: what it undoes. It runs beside the other syncs of the connector. */
  revert?: { reverts: string[]; then: RevertThen; reason: string };
  /** Id of the held sync that this one is to take the place of, once it has read and prepared. */
  refreshes?: string;
}

/** Milliseconds that Temporal may take for an answer. */
const patience = 10_000;
/**
 * Milliseconds for the workflow of a sync to end after the sync has ended in the tables: if its worker died in between,
 * Temporal waits 10 s for that worker and gives the step another 10 s.
 */
const farewell = 25_000;
/** How long an answer waits for the first step: long enough for a worker to be started again. */
const beginning = { milliseconds: 10_000, ahead: 12 };

/**
 * Records a sync and starts its workflow.
 * @throws Problem `sync-running` or `sync-held` if another sync of the whole connector is open, `workflow-id-taken` if the
 * workflow is another installation's, `unavailable`
 */
export async function startSync(deps: Dependencies, wanted: NewSync): Promise<SyncView> {
  requireOwnNames(deps);
  await requireOwnSource(deps, wanted);
  const id = uuidv7();
  const place = placeOf(deps, wanted, id);
  const workflowId = wanted.refreshes === undefined ? place : deps.names.refreshWorkflowId(wanted.refreshes);
  await insertSync(deps.db, {
    id,
    workflowId,
    connector: wanted.connector.id,
    mode: wanted.mode,
    tasks: wanted.tasks,
    scope: wanted.scope,
    dryRun: wanted.dryRun,
    trigger: wanted.trigger,
    priority: wanted.priority,
    syncedBy: wanted.by,
    configRevision: wanted.configRevision,
    overrides: wanted.overrides,
    ...(wanted.revert ? { revert: wanted.revert } : {}),
    refreshes: wanted.refreshes,
  });
  await reached('start/recorded');
  const until = Date.now() + farewell;
  for (;;) {
    try {
      const runId = await startWorkflow(deps, wanted, id, { workflowId, place });
      await reached('start/started');
      await markStarted(deps.db, id, runId);
      await untilBegun(deps, id);
      return await requireSync(deps.db, id);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
        // the workflow may still have started: its first step, or reconcile, records this
        if (!isTemporalAway(error)) await withdrawSync(deps.db, id);
        else await withdrawUnlessStarted(deps, id, workflowId);
        throw error;
      }
      const open = await holderOf(deps, workflowId, id);
      if (!open) await ownOrWithdraw(deps, id, workflowId);
      // its sync has ended in the tables and the workflow is about to
      if (!open && Date.now() < until) {
        await sleep(50);
        continue;
      }
      await withdrawSync(deps.db, id);
      throw inTheWay(wanted, open);
    }
  }
}

/** The directory has no source: its syncs map, or remove what is retired. @throws Problem `not-supported` */
async function requireOwnSource({ db }: Dependencies, { connector, tasks, trigger }: NewSync): Promise<void> {
  if (tasks[0] === 'map' || tasks[0] === 'compute' || trigger === 'purge' || !(await isMadeByRules(db, connector.id)))
    return;
  throw new Problem(
    'not-supported',
    'What the directory and targets hold is made by rules, so it cannot be read or undone by itself. Change, synchronise or revert the connectors that it is made from.',
  );
}

/**
 * The open sync that has the workflow. While several requests come at once, their syncs stand side by side until all but one
 * are withdrawn: Temporal knows which of them it started.
 */
async function holderOf(deps: Dependencies, workflowId: string, id: string) {
  const found = await openSyncOf(deps.db, workflowId, id);
  if (!found || found.certain) return found;
  const named = (await openMemo(deps, workflowId))?.['syncId'];
  const started = typeof named === 'string' && named !== found.id ? await viewSync(deps.db, named) : undefined;
  return started && started.endedAt === null ? started : found;
}

async function ownOrWithdraw(deps: Dependencies, id: string, workflowId: string): Promise<void> {
  try {
    await requireOwnWorkflow(deps, workflowId);
  } catch (error) {
    await withdrawSync(deps.db, id);
    throw error;
  }
}

/**
 * If workers are free, a sync begins at once. The answer waits a little for this, so that the next request sees the sync
 * running. If other syncs are queued already, the answer does not wait.
 */
async function untilBegun(deps: Dependencies, id: string): Promise<void> {
  const until = Date.now() + beginning.milliseconds;
  for (let pause = 20; ; pause = Math.min(pause * 1.25, 250)) {
    const { queued, ahead } = await placeInQueue(deps.db, id);
    if (!queued || ahead >= beginning.ahead || Date.now() > until) return;
    await sleep(pause);
  }
}

/** The workflow id that no other sync can have meanwhile. */
function placeOf({ names }: Dependencies, { connector, scope, revert }: NewSync, id: string): string {
  if (revert) return names.revertWorkflowId(connector.name);
  return scope?.keys ? names.itemsWorkflowId(connector.name, id) : names.syncWorkflowId(connector.name);
}

function inTheWay(
  { connector: { name: connector }, revert }: NewSync,
  open: { id: string; status: string } | undefined,
): Problem {
  if (!open)
    return new Problem(
      'sync-running',
      `Temporal has a workflow for ${connector} that does not belong to a sync in the database. The workflow is ended within a minute or two. Then try again.`,
    );
  const held = open.status === 'held';
  const detail = revert
    ? `The revert ${open.id} of ${connector} is ${held ? 'held: resume or reject it' : 'running: wait for its end'}.`
    : held
      ? `The sync ${open.id} of ${connector} is held: resume or reject it, or replace it with "supersede": "${open.id}".`
      : `The sync ${open.id} of ${connector} is running: wait for its end, or cancel it.`;
  return new Problem(held ? 'sync-held' : 'sync-running', detail, { members: { syncId: open.id } });
}

/** Temporal did not answer, so it is not known whether it has the workflow: only a description of the workflow decides. */
async function withdrawUnlessStarted(deps: Dependencies, id: string, workflowId: string): Promise<void> {
  try {
    const found = await deps.temporal.connection.withDeadline(Date.now() + 1_000, () =>
      deps.temporal.workflow.getHandle(workflowId).describe(),
    );
    if (found.memo?.['syncId'] === id) return;
  } catch {
    // Temporal does not answer, or has no such workflow
  }
  await withdrawSync(deps.db, id);
}

async function startWorkflow(
  deps: Dependencies,
  wanted: NewSync,
  id: string,
  { workflowId, place }: { workflowId: string; place: string },
): Promise<string> {
  const { connector, mode, tasks, dryRun, trigger, priority, by, refreshes } = wanted;
  const installation = await installationId(deps.db);
  const input: SyncInput = {
    ...{ syncId: id, connector: connector.name, mode, tasks, dryRun },
    // a refresh reads and prepares before it has its place
    ...(refreshes === undefined && takesShortWay(wanted) ? { shortWay: true } : {}),
  };
  const options = deps.names.syncStart(installation, {
    ...{ workflowId, syncId: id, connector: connector.name, mode, trigger, priority, by },
    summary: wanted.revert && `revert of ${connector.name}`,
  });
  const { workflow, connection } = deps.temporal;
  const handle = await connection.withDeadline(Date.now() + patience, () =>
    refreshes === undefined
      ? workflow.start<typeof syncConnector>('syncConnector', { ...options, args: [input] })
      : workflow.start<typeof refreshSync>('refreshSync', {
          ...options,
          args: [{ ...input, workflowId: place, trigger, priority, syncedBy: by }],
        }),
  );
  return handle.firstExecutionRunId;
}
