import {
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { PollLook } from '../activities/poll.ts';
import { attempt, canReset, closedBreaker, follow, outcomeOf, record, reset } from '../domain/breaker.ts';
import { firstPollAt, nextPollAt } from '../domain/poll.ts';
import type { SyncMode } from '../domain/sync.ts';
import { childSyncs, type ChildOutcome } from './child-sync.ts';
import { describePoll } from './details.ts';
import { breakerQuery, resetBreakerSignal, wakePollSignal, type PollInput } from './messages.ts';
import { ownerIn } from './names.ts';
import { names } from './own-names.ts';
import { pause } from './pause.ts';

const steps = (summary: string) =>
  proxyActivities<Activities>({
    taskQueue: names.taskQueues.sync,
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
    summary,
  });
const { lookAtPoll } = steps('See how the connection is polled, and whether it still is');
const { recordPoll } = steps('Store where the poll stands');

/** Rounds before the workflow continues as a new run, with a new history. */
const rounds = 20;

/**
 * Polls one connection: an incremental sync every interval, until its connector is deactivated or its file no longer has the
 * poll. Failures in a row open the breaker. Then the source is not polled for a while, and a complete sync closes the
 * breaker again. Postgres has a copy of the state, for readers and for a Temporal that has lost it.
 */
export async function pollConnection(input: PollInput): Promise<void> {
  const { connector, connection } = input;
  let breaker = input.carried?.breaker ?? closedBreaker;
  let nextAt = input.carried?.nextAt;
  let interval = input.carried?.interval;
  let revision = input.carried?.revision;
  // the state from the earlier run may not be stored yet
  let unsaved = true;
  let woken = false;
  let resetAsked = false;
  let last: string | undefined;

  setHandler(breakerQuery, () => ({
    state: breaker.state,
    failures: breaker.failures,
    retryAt: breaker.retryAt,
    nextAt: nextAt === undefined ? null : new Date(nextAt).toISOString(),
  }));
  setHandler(wakePollSignal, () => {
    woken = true;
  });
  setHandler(resetBreakerSignal, () => {
    resetAsked = true;
  });
  const runSync = childSyncs();

  for (let round = 1; ; round++) {
    woken = false;
    const look = await lookAtPoll(connector, connection);
    if (!look) return;
    adopt(look);
    bearOwner(look);
    takeReset();
    if (Date.now() >= (nextAt ?? 0)) await poll(look);
    else await saveChanges();
    show();
    if (round >= rounds || workflowInfo().continueAsNewSuggested) return handOn();
    await pause((nextAt ?? 0) - Date.now(), waitingFor(), () => woken || resetAsked);
  }

  /** Follows the tables. The first look of a poll without an earlier run also takes over the state from there. */
  function adopt({ plan, revision: used, stored }: PollLook): void {
    const now = Date.now();
    if (nextAt === undefined) {
      if (stored) breaker = stored;
      const planned = Date.parse(breaker.retryAt ?? stored?.nextAt ?? '');
      nextAt = planned > now ? planned : firstPollAt(now, plan.interval, Math.random());
      interval = plan.interval;
    }
    if (revision !== used) unsaved = true;
    revision = used;
    breaker = follow(breaker, plan, now);
    if (breaker.state === 'open') nextAt = Date.parse(breaker.retryAt ?? '');
    else if (interval !== plan.interval) nextAt = Math.min(nextAt, nextPollAt(now, now, plan.interval, Math.random()));
    interval = plan.interval;
  }

  /** A poll of an older version has no UUID of the installation. It gets the UUID now. */
  function bearOwner({ installation }: PollLook): void {
    if (installation !== undefined && ownerIn(workflowInfo().memo) === undefined) upsertMemo({ installation });
  }

  function takeReset(): void {
    if (!resetAsked) return;
    resetAsked = false;
    if (!canReset(breaker)) return;
    breaker = reset(breaker);
    nextAt = Date.now();
    unsaved = true;
  }

  async function poll({ plan, first, occupied, installation }: PollLook): Promise<void> {
    const began = Date.now();
    const before = breaker;
    breaker = attempt(breaker, began);
    // the very first sync is always a complete one; if other connections share the connector, it has to cover all of them
    const whole = breaker.completeNext || (first && plan.entityTypes !== null);
    const mode: SyncMode = whole || plan.complete ? 'complete' : 'incremental';
    const scope = whole || plan.entityTypes === null ? {} : { scope: { entityTypes: plan.entityTypes } };
    if (occupied) {
      last = `The sync \`${occupied.syncId}\` is ${occupied.status}: this time no other was started.`;
      nextAt = nextPollAt(began, began, plan.interval, Math.random());
      await save(null);
      return;
    }
    if (breaker !== before) unsaved = true;
    await saveChanges();
    show(`A ${mode} sync is running.`);
    const outcome = await beside(
      runSync({ connector, mode, trigger: 'poll', priority: 'low', installation, ...scope }),
    );
    last = `The last sync${outcome.syncId === null ? '' : ` \`${outcome.syncId}\``}: ${outcome.status}.`;
    breaker = record(breaker, outcomeOf(outcome.status), plan, Date.now(), whole);
    nextAt =
      breaker.state === 'open'
        ? Date.parse(breaker.retryAt ?? '')
        : nextPollAt(began, Date.now(), plan.interval, Math.random());
    await save(outcome.syncId);
  }

  /** A reset is taken while a sync runs, too. */
  async function beside(syncing: Promise<ChildOutcome>): Promise<ChildOutcome> {
    for (;;) {
      const first = await Promise.race([syncing, condition(() => resetAsked)]);
      if (first) return first;
      takeReset();
      await saveChanges();
    }
  }

  async function saveChanges(): Promise<void> {
    if (unsaved) await save(null);
  }

  async function save(syncId: string | null): Promise<void> {
    unsaved = false;
    const standing = { ...breaker, revision: revision ?? 0, nextAt: new Date(nextAt ?? 0).toISOString() };
    await recordPoll(connector, connection, standing, syncId);
  }

  function show(doing?: string): void {
    setCurrentDetails(
      describePoll({ connector, connection, breaker, nextAt: nextAt ?? 0, last: doing ?? last ?? 'No sync yet.' }),
    );
  }

  function waitingFor(): string {
    return breaker.state === 'open' ? 'Until the source is tried again' : 'Until the next sync';
  }

  /** The next run looks first, so a wake-up need not be handed on, and a reset is in the state. */
  async function handOn(): Promise<void> {
    takeReset();
    if (nextAt === undefined || interval === undefined || revision === undefined) return;
    await continueAsNew<typeof pollConnection>({
      connector,
      connection,
      carried: { breaker, nextAt, interval, revision },
    });
  }
}
