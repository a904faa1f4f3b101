import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { v7 as uuidv7 } from 'uuid';
import { reached } from '../domain/marked-points.ts';
import type { DecisionAction, SyncStatus } from '../domain/sync.ts';
import { insertDecision } from '../repository/decisions.ts';
import type { SyncView } from '../repository/sync-views.ts';
import { decideUpdate } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';
import { isTemporalAway, isWorkerAway } from './failures.ts';
import { Problem, unavailable } from './problems.ts';
import { requireSync } from './sync-body.ts';

export interface Wish {
  action: DecisionAction;
  digest: string;
  reason: string | null;
  by: string;
}

/** A resumed sync answers when its change set is released, which needs a worker. */
const patience = 30_000;

/**
 * Sends a decision to the workflow of a held sync. The workflow lets Postgres check and accept the decision.
 * @returns the sync as it is after
 * @throws Problem `sync-not-held`, `stale-digest`, `unavailable`
 */
export async function decide(deps: Dependencies, sync: SyncView, wish: Wish): Promise<SyncView> {
  if (sync.status !== 'held') throw notHeld(sync);
  // in a copy of a database, the workflow is that of the original
  if (!deps.names.isOwnId(sync.workflowId)) throw workflowGone();
  if (wish.digest !== sync.digest) throw staleDigest();
  const decisionId = uuidv7();
  await insertDecision(deps.db, { id: decisionId, sync: sync.no, ...wish });
  await reached('decide/asked');
  try {
    await deps.temporal.connection.withDeadline(Date.now() + patience, () =>
      deps.temporal.workflow.getHandle(sync.workflowId, sync.runId ?? undefined).executeUpdate(decideUpdate, {
        updateId: decisionId,
        args: [{ action: wish.action, digest: wish.digest, decisionId }],
      }),
    );
  } catch (error) {
    throw await refusalOf(deps, sync, error);
  }
  await reached('decide/answered');
  return requireSync(deps.db, sync.id);
}

async function refusalOf(deps: Dependencies, sync: SyncView, error: unknown): Promise<unknown> {
  if (error instanceof WorkflowNotFoundError) {
    const now = await requireSync(deps.db, sync.id);
    return now.status === 'held' ? workflowGone() : notHeld(now);
  }
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (cause instanceof ApplicationFailure) {
    if (cause.type === 'stale-digest') return staleDigest();
    // another decision was first, or the sync has ended
    if (cause.type === 'sync-not-held') return notHeld(await requireSync(deps.db, sync.id), cause.message);
  }
  if (
    isTemporalAway(error) ||
    isWorkerAway(error) ||
    (error instanceof Error && error.name === 'WorkflowUpdateRPCTimeoutOrCancelledError')
  )
    return unavailable(
      'Temporal or the worker did not answer, so it is not known whether the decision was accepted. Look at the sync, then repeat the decision.',
    );
  return error;
}

const workflowGone = () =>
  new Problem(
    'sync-not-held',
    'The workflow of this sync does not exist any more. The sync is ended within a minute or two.',
  );

const notHeld = (
  { status, decision }: { status: SyncStatus; decision: SyncView['decision'] },
  detail = `The sync is not held, it is ${status}.`,
) => new Problem('sync-not-held', detail, { members: { syncStatus: status, decision } });

const staleDigest = () =>
  new Problem('stale-digest', 'The digest is not the digest of the held change set: review the changes again.');

/** Replaces a held sync: it ends `superseded`, and its workflow id is free. */
export async function supersede(deps: Dependencies, sync: SyncView, by: string): Promise<void> {
  await decide(deps, sync, { action: 'supersede', digest: sync.digest ?? '', reason: null, by });
  const until = Date.now() + patience;
  while ((await requireSync(deps.db, sync.id)).endedAt === null && Date.now() < until) await sleep(50);
}
