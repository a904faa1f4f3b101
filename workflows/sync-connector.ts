import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { NotYet } from '../activities/source-limits.ts';
import { decisionActions, type DecisionAction, type SyncFailure, type SyncStatus, type Task } from '../domain/sync.ts';
import { apply, exportOn, prepare, settle, synchronize } from './activity-groups.ts';
import { describeStanding, type Standing } from './details.ts';
import {
  decideUpdate,
  rejectSignal,
  resumeSignal,
  standingQuery,
  syncHeldSignal,
  type DecisionMessage,
  type SyncInput,
} from './messages.ts';
import { searchAttributes } from './names.ts';

/**
 * One sync over one connector: export, prepare, compare, hold where a limit is exceeded, apply, settle. It passes ids,
 * counts and digests; the rows stay in the export store and in Postgres.
 */
export async function syncConnector(input: SyncInput): Promise<{ status: SyncStatus }> {
  // one that was started by a version before this one stands as running from the start
  const queued = workflowInfo().typedSearchAttributes.get(searchAttributes.syncStatus) === 'queued';
  const standing: Standing = { status: queued ? 'queued' : 'running', phase: null, digest: null, notes: [] };
  let decision: (DecisionMessage & { action: DecisionAction }) | undefined;
  let answered = false;

  /** Why a decision cannot be taken, or undefined where it can. */
  function refuse(message: DecisionMessage): ApplicationFailure | undefined {
    if (decision) return ApplicationFailure.nonRetryable('A decision has been taken already.', 'sync-not-held');
    if (standing.status !== 'held')
      return ApplicationFailure.nonRetryable(`The sync is not held, it is ${standing.status}.`, 'sync-not-held');
    if (message.digest !== standing.digest)
      return ApplicationFailure.nonRetryable(
        'The digest is not that of the change set that is held: review the changes again.',
        'stale-digest',
      );
    return undefined;
  }
  function decide(action: DecisionAction, message: DecisionMessage): void {
    const refusal = refuse(message);
    if (refusal) {
      standing.notes.push(`A signal to ${action} was refused: ${refusal.message}`);
      show();
    } else decision = { ...message, action };
  }
  function show(): void {
    setCurrentDetails(describeStanding(input, standing));
  }
  function enter(phase: Task): void {
    standing.phase = phase;
    show();
  }

  setHandler(standingQuery, () => ({ status: standing.status, phase: standing.phase, digest: standing.digest }));
  setHandler(resumeSignal, (message) => {
    decide('resume', { digest: digestIn(message) });
  });
  setHandler(rejectSignal, (message) => {
    decide('reject', { digest: digestIn(message) });
  });
  setHandler(
    decideUpdate,
    async (message: DecisionMessage & { action: DecisionAction }) => {
      decide(message.action, message);
      await condition(() => answered);
    },
    {
      validator: (message: DecisionMessage & { action: DecisionAction }) => {
        if (!decisionActions.includes(message.action))
          throw ApplicationFailure.nonRetryable(`A decision is one of ${decisionActions.join(', ')}.`, 'invalid');
        const refusal = refuse(message);
        if (refusal) throw refusal;
      },
    },
  );

  async function run(): Promise<SyncStatus> {
    const plan = await settle.beginSync(input.syncId);
    standing.status = 'running';
    if (queued) upsertSearchAttributes([{ key: searchAttributes.syncStatus, value: 'running' }]);
    show();
    if (plan.checkUnchanged) {
      let same = true;
      for (const { name, taskQueue } of plan.connections)
        same &&= await inTurn(() => exportOn(taskQueue).isUnchanged(input.syncId, name));
      if (same) return settle.settleUnchanged(input.syncId);
    }
    if (plan.export) {
      enter('export');
      const attempts = [];
      for (const { name, taskQueue } of plan.connections)
        attempts.push({
          connection: name,
          ...(await inTurn(() => exportOn(taskQueue).exportConnection(input.syncId, name))),
        });
      await settle.recordExport(input.syncId, attempts);
    }
    if (plan.prepare) {
      enter('prepare');
      await prepare.prepareExport(input.syncId);
    }
    if (!plan.synchronize) return settle.finishSync(input.syncId, 'completed', null);

    enter(plan.expressionsOnly ? 'update-expressions' : 'synchronize');
    let found = await synchronize.computeChanges(input.syncId);
    while (found === 'staging-lost') {
      // Postgres recovered from a crash, which empties unlogged tables, or the staged difference does not tell enough: the
      // exported files are still there
      await prepare.prepareExport(input.syncId);
      found = await synchronize.computeChanges(input.syncId);
    }
    standing.digest = found.digest;
    standing.changes = found.changes;
    upsertSearchAttributes([{ key: searchAttributes.changes, value: found.changes }]);
    if (input.dryRun) return settle.finishSync(input.syncId, 'completed', null);
    if (found.holds.length > 0) {
      const action = await hold(found.holds);
      if (action !== 'resume') {
        const ended = await settle.finishSync(input.syncId, action === 'reject' ? 'rejected' : 'superseded', null);
        answered = true;
        return ended;
      }
      answered = true;
    }
    // from here on it is all or nothing: a cancellation that comes now is too late
    return CancellationScope.nonCancellable(async () => {
      await apply.applyChanges(input.syncId);
      return settle.finishSync(input.syncId, 'completed', null);
    });
  }

  async function hold(holds: string[]): Promise<DecisionAction> {
    standing.status = 'held';
    standing.holds = holds;
    upsertSearchAttributes([{ key: searchAttributes.syncStatus, value: 'held' }]);
    show();
    await settle.holdSync(input.syncId);
    if (input.parent) await tellHeld(input.parent, input.syncId);
    await condition(() => decision !== undefined);
    const { action, digest, decisionId } = decision as DecisionMessage & { action: DecisionAction };
    standing.status = 'running';
    upsertSearchAttributes([{ key: searchAttributes.syncStatus, value: 'running' }]);
    show();
    await settle.recordDecision(input.syncId, action, digest, decisionId ?? null);
    return action;
  }

  function end(status: SyncStatus): void {
    standing.status = status;
    upsertSearchAttributes([{ key: searchAttributes.syncStatus, value: status }]);
    show();
  }

  show();
  try {
    const status = await run();
    end(status);
    // whoever asked for the decision through the update gets the answer before the workflow is gone
    await condition(allHandlersFinished);
    return { status };
  } catch (error) {
    const cancelled = isCancellation(error);
    const failure = cancelled ? null : toFailure(error);
    await CancellationScope.nonCancellable(async () => {
      end(await settle.finishSync(input.syncId, cancelled ? 'cancelled' : 'failed', failure));
    });
    if (failure === null) throw error;
    throw ApplicationFailure.create({ message: failure.message, type: failure.code, nonRetryable: true });
  }
}

/** Repeats a step until the limits of its source allow it; between, it waits without a worker's slot. */
async function inTurn<Result>(step: () => Promise<Result | NotYet>): Promise<Result> {
  for (;;) {
    const result = await step();
    if (!isNotYet(result)) return result;
    await sleep(result.waitSeconds * 1000, { summary: 'Until the source may be asked again for a turn' });
  }
}

const isNotYet = (result: unknown): result is NotYet =>
  typeof result === 'object' && result !== null && 'waitSeconds' in result;

/** The workflow that started the sync may be gone by now, which is no concern of the sync. */
async function tellHeld(parent: NonNullable<SyncInput['parent']>, syncId: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(parent.workflowId, parent.runId).signal(syncHeldSignal, { syncId });
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}

/** A signal is typed by hand: it may come with anything, or with nothing. */
function digestIn(message: unknown): string {
  const digest = typeof message === 'object' && message !== null && 'digest' in message ? message.digest : undefined;
  return typeof digest === 'string' ? digest : '';
}

/** What a person is told of the failure that ended the sync; the place (table, line, column) came with it. */
function toFailure(error: unknown): SyncFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const place = (cause.details?.[0] ?? {}) as Omit<SyncFailure, 'code' | 'message'>;
    return { ...place, code: (cause.type ?? 'internal') as SyncFailure['code'], message: cause.message };
  }
  return {
    code: 'internal',
    message: 'The sync could not go on: a step took longer than it may or its worker is gone. Start it again.',
  };
}
