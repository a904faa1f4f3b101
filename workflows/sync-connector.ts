import {
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  patched,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { DecisionOutcome } from '../activities/decide.ts';
import type { HoldOutcome } from '../activities/settle.ts';
import type { ChangeSetVerdict } from '../activities/synchronize.ts';
import type { ReviewTimer } from '../domain/review/times.ts';
import {
  decisionActions,
  hasEnded,
  type DecidedAction,
  type DecisionAction,
  type SyncStatus,
  type Task,
} from '../domain/sync.ts';
import { apply, exportOn, items, prepare, settle, synchronize } from './activity-groups.ts';
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
import { inTurn } from './in-turn.ts';
import { isUnchangedApart } from './read-apart.ts';
import { readSource } from './read-source.ts';
import { notHeld, refusalOf, staleDigest } from './refusals.ts';
import { startReviewTimers } from './review-timers.ts';
import { toFailure } from './sync-failure.ts';

/** A decision that has arrived and waits to be judged; `expire` is that of a timer. */
interface Wish extends DecisionMessage {
  action: DecidedAction;
  outcome?: 'accepted' | ApplicationFailure;
}

/**
 * How a hold ended: by a decision, or because the sync had ended already. `checked`: Postgres has accepted it. `digest`: what
 * was decided on, the change set or a draft.
 */
type Released = { action: DecidedAction; checked: boolean; digest?: string | null } | { ended: SyncStatus };

/**
 * One sync over one connector: export, prepare, compare, hold if a limit is exceeded, apply, settle. It passes ids,
 * counts and digests; the rows stay in the export store and in Postgres. A sync of single items does all of this in one activity, as far
 * as nothing has to be waited for.
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
  function note(action: DecidedAction, refusal: ApplicationFailure): void {
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
    const short = input.shortWay ? await items.synchronizeItems(input.syncId) : undefined;
    if (short && 'status' in short) return short.status;
    if (short && 'found' in short) {
      standing.status = 'running';
      enter('synchronize');
      return decideAndApply(short.found, { dryRun: false, maps: short.maps });
    }
    const plan = await settle.beginSync(input.syncId);
    standing.status = 'running';
    if (queued) upsertSearchAttributes([{ key: searchAttributes.syncStatus, value: 'running' }]);
    show();
    if (plan.checkUnchanged) {
      let same = true;
      for (const { name, taskQueue, apart } of plan.connections)
        same &&= apart
          ? await isUnchangedApart(input.syncId, { name, taskQueue })
          : await inTurn(() => exportOn(taskQueue).isUnchanged(input.syncId, name));
      if (same) {
        const ended = await settle.settleUnchanged(input.syncId);
        if (ended !== 'changed') return ended;
      }
    }
    await readSource(input.syncId, plan, enter);
    if (!plan.synchronize) return settle.finishSync(input.syncId, 'completed', null);

    enter(plan.expressionsOnly ? 'update-expressions' : 'synchronize');
    let found = await synchronize.computeChanges(input.syncId);
    while (found === 'staging-lost') {
      // Postgres recovered from a crash, which empties unlogged tables, or the staged difference does not tell enough: the
      // exported files are still there
      await prepare.prepareExport(input.syncId);
      found = await synchronize.computeChanges(input.syncId);
    }
    return decideAndApply(found, plan);
  }

  async function decideAndApply(
    found: ChangeSetVerdict,
    { dryRun, maps }: { dryRun: boolean; maps?: boolean | undefined },
  ): Promise<SyncStatus> {
    standing.digest = found.digest;
    standing.changes = found.changes;
    upsertSearchAttributes([{ key: searchAttributes.changes, value: found.changes }]);
    if (input.dryRun || dryRun) return settle.finishSync(input.syncId, 'completed', null);
    let checked = true;
    let { digest } = found;
    if (found.holds.length > 0) {
      const released = await hold(found.holds);
      if ('ended' in released) return released.ended;
      if (released.action !== 'resume') {
        const wished = released.action === 'supersede' ? 'superseded' : 'rejected';
        const ended = await settle.finishSync(input.syncId, wished, null);
        answered = true;
        return ended;
      }
      answered = true;
      checked = released.checked;
      digest = released.digest ?? digest;
    }
    // apply is all or nothing: a cancellation that comes now is too late
    return CancellationScope.nonCancellable(async () => {
      // what a workflow of 0.1.0 decided by itself is in the sync's own row
      await (checked ? apply.applyChanges(input.syncId, digest) : apply.applyChanges(input.syncId));
      const ended = await settle.finishSync(input.syncId, 'completed', null);
      // it is absent in histories of versions without a directory
      if (maps && ended.startsWith('completed')) await settle.nudgeDirectory(input.syncId);
      return ended;
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
    const due: ReviewTimer[] = [];
    standing.times = met?.times;
    const stopTimers =
      met?.times && patched('review-timers') ? startReviewTimers(met.times, (timer) => due.push(timer)) : undefined;
    show();
    const released = await decided(due);
    stopTimers?.();
    standing.status = 'running';
    upsertSearchAttributes([{ key: searchAttributes.syncStatus, value: 'running' }]);
    show();
    if (decision)
      await settle.recordDecision(input.syncId, decision.action, decision.digest, decision.decisionId ?? null);
    return released;
  }

  /**
   * Judges decisions one after the other, until one counts. Later decisions are refused.
   * @param due timers of the hold whose time has come; a decision that has arrived comes before them
   */
  async function decided(due: ReviewTimer[]): Promise<Released> {
    for (;;) {
      await condition(() => decision !== undefined || wishes.length > 0 || due.length > 0);
      if (decision) return { action: decision.action, checked: false };
      const wish = wishes.shift() ?? (await wishOf(due.shift() as ReviewTimer));
      if (!wish) continue;
      const { action, digest, decisionId = null } = wish;
      const outcome = await settle.checkDecision(input.syncId, action, digest, decisionId, uuid4());
      if (outcome.result === 'accepted') {
        wish.outcome = 'accepted';
        for (const late of wishes.splice(0)) tellRefused(late, notHeld('running'));
        return { action, checked: true, digest };
      }
      tellRefused(wish, refusalOf(outcome));
      if (outcome.result === 'not-held') return releasedBy(outcome);
    }
  }

  /** What a timer does when it is due; @returns the decision of the last one */
  async function wishOf(timer: ReviewTimer): Promise<Wish | undefined> {
    if (timer === 'expire') return { action: 'expire', digest: standing.digest ?? '' };
    standing.stage = timer === 'remind' ? 'reminded' : 'escalated';
    await settle.tellStage(input.syncId, standing.stage);
    show();
    return undefined;
  }

  function tellRefused(wish: Wish, refusal: ApplicationFailure): void {
    wish.outcome = refusal;
    if (wish.decisionId === undefined && wish.action !== 'expire') note(wish.action, refusal);
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
function releasedBy({ status, decided, digest }: Pick<DecisionOutcome, 'status' | 'decided' | 'digest'>): Released {
  if (hasEnded(status)) return { ended: status };
  if (decided !== null) return { action: decided, checked: true, digest: digest ?? null };
  throw ApplicationFailure.nonRetryable(
    'The database no longer holds the changes that were to be decided on: it was restored to an earlier state. Start the sync again.',
    'change-set-altered',
  );
}

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
