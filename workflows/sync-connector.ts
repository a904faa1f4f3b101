import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  patched,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { NotYet } from '../activities/source-limits.ts';
import type { DecisionOutcome } from '../activities/decide.ts';
import type { HoldOutcome } from '../activities/settle.ts';
import {
  decisionActions,
  hasEnded,
  type DecisionAction,
  type SyncFailure,
  type SyncStatus,
  type Task,
} from '../domain/sync.ts';
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

/** A decision that has arrived and waits to be judged. */
interface Wish extends DecisionMessage {
  action: DecisionAction;
  outcome?: 'accepted' | ApplicationFailure;
}

/** How a hold ended: by a decision, or because the sync had ended already. `checked`: Postgres has accepted it. */
type Released = { action: DecisionAction; checked: boolean } | { ended: SyncStatus };

/**
 * One sync over one connector: export, prepare, compare, hold where a limit is exceeded, apply, settle. It passes ids,
 * counts and digests; the rows stay in the export store and in Postgres.
 */
export async function syncConnector(input: SyncInput): Promise<{ status: SyncStatus }> {
  // a sync that an earlier version started has the status running from the start
  const queued = workflowInfo().typedSearchAttributes.get(searchAttributes.syncStatus) === 'queued';
  const standing: Standing = { status: queued ? 'queued' : 'running', phase: null, digest: null, notes: [] };
  const wishes: Wish[] = [];
  // of a history of 0.1.0, whose workflow judged decisions by itself
  let decision: (DecisionMessage & { action: DecisionAction }) | undefined;
  let answered = false;

  function refuse(): ApplicationFailure | undefined {
    return standing.status === 'held' && decision === undefined ? undefined : notHeld(standing.status);
  }
  function note(action: DecisionAction, refusal: ApplicationFailure): void {
    standing.notes.push(`A signal to ${action} was refused: ${refusal.message}`);
    show();
  }
  /** Takes a decision as a history of 0.1.0 has it. */
  function decide(action: DecisionAction, message: DecisionMessage): void {
    const refusal = refuse() ?? (message.digest === standing.digest ? undefined : staleDigest());
    if (refusal) note(action, refusal);
    else decision = { ...message, action };
  }
  function signalled(action: DecisionAction, message: unknown): void {
    const digest = digestIn(message);
    if (!patched('check-decision')) {
      decide(action, { digest });
      return;
    }
    const refusal = refuse();
    if (refusal) note(action, refusal);
    else wishes.push({ action, digest });
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
    signalled('resume', message);
  });
  setHandler(rejectSignal, (message) => {
    signalled('reject', message);
  });
  setHandler(
    decideUpdate,
    async (message: DecisionMessage & { action: DecisionAction }) => {
      if (patched('check-decision')) {
        const wish: Wish = { ...message };
        wishes.push(wish);
        await condition(() => wish.outcome !== undefined);
        if (wish.outcome instanceof ApplicationFailure) throw wish.outcome;
      } else decide(message.action, message);
      await condition(() => answered);
    },
    {
      // checks that do not need Postgres
      validator: (message: DecisionMessage & { action: DecisionAction }) => {
        if (!decisionActions.includes(message.action))
          throw ApplicationFailure.nonRetryable(`A decision is one of ${decisionActions.join(', ')}.`, 'invalid');
        if (digestIn(message) === '')
          throw ApplicationFailure.nonRetryable('A decision names the digest of what was reviewed.', 'invalid');
        const refusal = refuse();
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
      if (same) {
        const ended = await settle.settleUnchanged(input.syncId);
        if (ended !== 'changed') return ended;
      }
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
    if (input.dryRun || plan.dryRun) return settle.finishSync(input.syncId, 'completed', null);
    let checked = true;
    if (found.holds.length > 0) {
      const released = await hold(found.holds);
      if ('ended' in released) return released.ended;
      if (released.action !== 'resume') {
        const wished = released.action === 'reject' ? 'rejected' : 'superseded';
        const ended = await settle.finishSync(input.syncId, wished, null);
        answered = true;
        return ended;
      }
      answered = true;
      ({ checked } = released);
    }
    // apply is all or nothing: a cancellation that comes now is too late
    return CancellationScope.nonCancellable(async () => {
      // what a workflow of 0.1.0 decided by itself is in the sync's own row
      await (checked ? apply.applyChanges(input.syncId, found.digest) : apply.applyChanges(input.syncId));
      return settle.finishSync(input.syncId, 'completed', null);
    });
  }

  async function hold(holds: string[]): Promise<Released> {
    standing.status = 'held';
    standing.holds = holds;
    upsertSearchAttributes([{ key: searchAttributes.syncStatus, value: 'held' }]);
    show();
    // histories of 0.1.0 have no answer
    const met = (await settle.holdSync(input.syncId)) as HoldOutcome | null | undefined;
    const before = met && met.status !== 'held' ? releasedBy(met) : undefined;
    if (before) return before;
    if (input.parent) await tellHeld(input.parent, input.syncId);
    const released = await decided();
    standing.status = 'running';
    upsertSearchAttributes([{ key: searchAttributes.syncStatus, value: 'running' }]);
    show();
    if (decision)
      await settle.recordDecision(input.syncId, decision.action, decision.digest, decision.decisionId ?? null);
    return released;
  }

  /** Judges decisions one after the other, until one counts. Later decisions are refused. */
  async function decided(): Promise<Released> {
    for (;;) {
      await condition(() => decision !== undefined || wishes.length > 0);
      if (decision) return { action: decision.action, checked: false };
      const wish = wishes.shift() as Wish;
      const { action, digest, decisionId = null } = wish;
      const outcome = await settle.checkDecision(input.syncId, action, digest, decisionId, uuid4());
      if (outcome.result === 'accepted') {
        wish.outcome = 'accepted';
        for (const late of wishes.splice(0)) tellRefused(late, notHeld('running'));
        return { action, checked: true };
      }
      tellRefused(wish, refusalOf(outcome));
      if (outcome.result === 'not-held') return releasedBy(outcome);
    }
  }

  function tellRefused(wish: Wish, refusal: ApplicationFailure): void {
    wish.outcome = refusal;
    if (wish.decisionId === undefined) note(wish.action, refusal);
  }

  function end(status: SyncStatus): void {
    standing.status = status;
    answered = true;
    for (const late of wishes.splice(0)) tellRefused(late, notHeld(status));
    upsertSearchAttributes([{ key: searchAttributes.syncStatus, value: status }]);
    show();
  }

  show();
  try {
    const status = await run();
    end(status);
    // a caller of the update gets the answer before the workflow ends
    await condition(allHandlersFinished);
    return { status };
  } catch (error) {
    const cancelled = isCancellation(error);
    const failure = cancelled ? null : toFailure(error);
    const status = await CancellationScope.nonCancellable(() =>
      settle.finishSync(input.syncId, cancelled ? 'cancelled' : 'failed', failure),
    );
    end(status);
    // a step found that the sync had ended: this run of the workflow was too late, and nothing failed
    if (failure?.code === 'sync-ended') return { status };
    if (failure === null) throw error;
    throw ApplicationFailure.create({ message: failure.message, type: failure.code, nonRetryable: true });
  }
}

/**
 * How the sync continues if it is not held in Postgres and Postgres has no decision.
 * @throws ApplicationFailure if it cannot
 */
function releasedBy({ status, decided }: Pick<DecisionOutcome, 'status' | 'decided'>): Released {
  if (hasEnded(status)) return { ended: status };
  if (decided !== null) return { action: decided, checked: true };
  throw ApplicationFailure.nonRetryable(
    'The database no longer holds the changes that were to be decided on: it was restored to an earlier state. Start the sync again.',
    'change-set-altered',
  );
}

const notHeld = (status: SyncStatus): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`The sync is not held, it is ${status}.`, 'sync-not-held');
const staleDigest = (): ApplicationFailure =>
  ApplicationFailure.nonRetryable(
    'The digest is not that of the change set that is held: review the changes again.',
    'stale-digest',
  );

function refusalOf({ result, status }: DecisionOutcome): ApplicationFailure {
  if (result === 'not-held') return notHeld(status);
  if (result === 'stale-digest') return staleDigest();
  return ApplicationFailure.nonRetryable('The decision has no record of its own that says the same.', 'forbidden');
}

/** Repeats a step until the limits of its source allow it. Between two attempts it waits without a slot of a worker. */
async function inTurn<Result>(step: () => Promise<Result | NotYet>): Promise<Result> {
  for (;;) {
    const result = await step();
    if (!isNotYet(result)) return result;
    await sleep(result.waitSeconds * 1000, { summary: 'Until the source may be asked again for a turn' });
  }
}

const isNotYet = (result: unknown): result is NotYet =>
  typeof result === 'object' && result !== null && 'waitSeconds' in result;

/** The workflow that started the sync may have ended. The sync continues in any case. */
async function tellHeld(parent: NonNullable<SyncInput['parent']>, syncId: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(parent.workflowId, parent.runId).signal(syncHeldSignal, { syncId });
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}

/** A signal may be typed by hand, so its input may be anything, or missing. */
function digestIn(message: unknown): string {
  const digest = typeof message === 'object' && message !== null && 'digest' in message ? message.digest : undefined;
  return typeof digest === 'string' ? digest : '';
}

/** The text for people about the failure that ended the sync. The place (table, line, column) comes with the failure. */
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
