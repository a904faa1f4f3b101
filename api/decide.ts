import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { v7 as uuidv7 } from 'uuid';
import { reached } from '../domain/marked-points.ts';
import { claimDecision, releaseDecision } from '../repository/decision-claims.ts';
import { insertDecision } from '../repository/decisions.ts';
import type { SyncView } from '../repository/sync-views.ts';
import { decideUpdate } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';
import { isTemporalAway, isWorkerAway } from './failures.ts';
import { notHeld, requireDecidable, staleDigest, type Wish } from './judge.ts';
import { Problem, unavailable } from './problems.ts';
import { requireSync } from './sync-body.ts';

/** A resumed sync answers when its change set is released, which needs a worker. */
const patience = 30_000;
/** How often a request looks whether another one has decided. */
const glance = 150;

/**
 * Sends a decision to the workflow of a held sync. The workflow lets Postgres check and accept the decision. Of requests that
 * come at once, one is on its way; the others wait for its outcome, and are answered by what Postgres then holds.
 * @returns the sync as it is after
 * @throws Problem `sync-not-held`, `stale-digest`, `counts-differ`, `configuration-changed`, `unavailable`
 */
export async function decide(deps: Dependencies, sync: SyncView, wish: Wish): Promise<SyncView> {
  // in a copy of a database, the workflow is that of the original
  if (sync.status === 'held' && !deps.names.isOwnId(sync.workflowId)) throw workflowGone();
  const owner = uuidv7();
  const until = Date.now() + patience;
  await requireDecidable(deps.db, sync.id, wish);
  while (!(await claimDecision(deps.db, sync.no, owner))) {
    if (Date.now() > until) throw unknown();
    await sleep(glance);
    await requireDecidable(deps.db, sync.id, wish);
  }
  try {
    const draft = await requireDecidable(deps.db, sync.id, wish);
    await send(deps, sync, { ...wish, draftId: draft });
  } finally {
    await releaseDecision(deps.reserve, sync.no, owner);
  }
  await reached('decide/answered');
  return requireSync(deps.db, sync.id);
}

async function send(deps: Dependencies, sync: SyncView, wish: Wish): Promise<void> {
  const { action, digest, reason, by, draftId = null, confirm = null } = wish;
  const decisionId = uuidv7();
  await insertDecision(deps.db, {
    ...{ id: decisionId, sync: sync.no, action, digest, reason, by },
    draft: draftId,
    confirm,
  });
  await reached('decide/asked');
  try {
    await deps.temporal.connection.withDeadline(Date.now() + patience, () =>
      deps.temporal.workflow.getHandle(sync.workflowId, sync.runId ?? undefined).executeUpdate(decideUpdate, {
        updateId: decisionId,
        args: [{ action, digest, decisionId }],
      }),
    );
  } catch (error) {
    throw await refusalOf(deps, sync, wish, error);
  }
}

async function refusalOf(deps: Dependencies, sync: SyncView, wish: Wish, error: unknown): Promise<unknown> {
  if (error instanceof WorkflowNotFoundError) {
    const now = await requireSync(deps.db, sync.id);
    return now.status === 'held' ? workflowGone() : notHeld(now);
  }
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (cause instanceof ApplicationFailure) {
    if (cause.type === 'too-late') return unknown();
    if (cause.type === 'stale-digest') return staleDigest(wish.action);
    // another decision was first, or the sync has ended
    if (cause.type === 'sync-not-held') return notHeld(await requireSync(deps.db, sync.id), cause.message);
    // it was decidable when it was sent: Postgres says what has changed since
    await requireDecidable(deps.db, sync.id, wish);
  }
  if (
    isTemporalAway(error) ||
    isWorkerAway(error) ||
    (error instanceof Error && error.name === 'WorkflowUpdateRPCTimeoutOrCancelledError')
  )
    return unknown();
  return error;
}

const workflowGone = () =>
  new Problem(
    'sync-not-held',
    'The workflow of this sync does not exist any more. The sync is ended within a minute or two.',
  );

const unknown = () =>
  unavailable(
    'Temporal or the worker did not answer in time, so it is not known whether the decision was accepted. Look at the sync, then repeat the decision.',
  );

/** Replaces a held sync: it ends `superseded`, and its workflow id is free. */
export async function supersede(deps: Dependencies, sync: SyncView, by: string): Promise<void> {
  await decide(deps, sync, { action: 'supersede', digest: sync.digest ?? '', reason: null, by });
  const until = Date.now() + patience;
  while ((await requireSync(deps.db, sync.id)).endedAt === null && Date.now() < until) await sleep(50);
}
