import { performance } from 'node:perf_hooks';
import { log } from '@temporalio/activity';
import { WriteError, type AccountWriter } from '../../connectors/write-package.ts';
import { SyncError } from '../../domain/errors.ts';
import { reached } from '../../domain/marked-points.ts';
import { afterFailure, type OrderEnd, type TargetFailure } from '../../domain/provisioning/order.ts';
import type { ProfileFile } from '../../domain/provisioning/profile-schema.ts';
import {
  claimOrders,
  endAttempt,
  holdClaim,
  nextOrderIn,
  type ClaimedOrder,
} from '../../repository/provisioning/claim-orders.ts';
import { findTarget, type TargetInUse } from '../../repository/provisioning/targets.ts';
import { openTarget, requestTimeout } from '../connection.ts';
import type { Dependencies } from '../dependencies.ts';
import { whileBeating } from '../heartbeat.ts';
import { LostClaim, OrderRefused, sendAccount, type Sending } from './send-account.ts';
import { sendMembers } from './send-members.ts';

/** One activity sends so many orders, or for so long. Then the next one goes on. */
const mostOrders = 1_000;
const mostMilliseconds = 60_000;
const usualConcurrency = 4;

export function createSendOrdersActivities(dependencies: Dependencies) {
  const { db } = dependencies;

  /**
   * Sends the orders of a target that are due. A repeat goes on with what is left: what an attempt before it has begun is asked for
   * at the target first.
   * @returns seconds until the next order is due; 0: some are; null: none waits
   */
  async function sendOrders(connector: number): Promise<number | null> {
    return whileBeating(async (_tell, signal) => {
      const target = await findTarget(db, connector);
      if (!target) return null;
      let sent: number;
      const writers = new Writers(dependencies, target, signal);
      try {
        sent = await sendDue(target, writers, signal);
      } finally {
        await writers.close();
      }
      const seconds = await nextOrderIn(db, connector);
      // where nothing could be taken, another still holds it
      return seconds === null ? null : Math.max(sent > 0 ? 0 : 1, seconds);
    });
  }

  async function sendDue(target: TargetInUse, writers: Writers, signal: AbortSignal): Promise<number> {
    const until = Date.now() + mostMilliseconds;
    const concurrent = target.file.connections[0]?.limits?.concurrent ?? usualConcurrency;
    let sent = 0;
    while (sent < mostOrders && Date.now() < until) {
      signal.throwIfAborted();
      // so few that a lease is never spent by waiting
      const claimed = await db.transaction((tx) =>
        claimOrders(tx, { connector: target.id, most: concurrent, leaseSeconds: writers.leaseSeconds }),
      );
      if (claimed.length === 0) break;
      // all of them end before what they use is closed
      const ended = await Promise.allSettled(claimed.map((order) => sendOne(target, writers, order, signal)));
      for (const each of ended) if (each.status === 'rejected') throw each.reason as Error;
      sent += claimed.length;
    }
    return sent;
  }

  async function sendOne(
    target: TargetInUse,
    writers: Writers,
    order: ClaimedOrder,
    signal: AbortSignal,
  ): Promise<void> {
    const began = performance.now();
    let calls = 0;
    const end = await outcomeOf(order, signal, async () => {
      const profile = target.file.provisioning?.profiles.find(({ name }) => name === order.profile);
      if (!profile) throw new WriteError('terminal', 'The file in use no longer has this profile.');
      const sending: Sending = {
        db,
        connector: target.id,
        profile,
        writer: await writers.of(profile),
        order,
        signal,
        async write(request) {
          if (!(await holdClaim(db, order, writers.leaseSeconds))) throw new LostClaim();
          await reached('order/before-write');
          calls++;
          const result = await request();
          await reached('order/written');
          return result;
        },
      };
      await (order.operation.endsWith('-members') ? sendMembers(sending) : sendAccount(sending));
    });
    if (!end) return;
    const stored = { ...end, milliseconds: performance.now() - began, calls };
    if (!(await db.transaction((tx) => endAttempt(tx, order, stored))))
      log.warn('another worker has taken the order', { order: order.no });
  }

  return { sendOrders };
}

/** @returns undefined if somebody else has the order now */
async function outcomeOf(
  order: ClaimedOrder,
  signal: AbortSignal,
  send: () => Promise<void>,
): Promise<Omit<OrderEnd, 'milliseconds' | 'calls'> | undefined> {
  try {
    await send();
    return { status: 'succeeded', code: null, message: null, retrySeconds: 0, transientFailures: 0 };
  } catch (error) {
    if (error instanceof LostClaim) return undefined;
    // the activity ends: whoever takes the order next asks the target
    if (signal.aborted) throw error;
    return afterFailure(failureOf(error), order.transientFailures);
  }
}

/** What is no answer of a target may have had an effect. Its message may hold values, so the name of the error has to do. */
function failureOf(error: unknown): TargetFailure {
  if (error instanceof WriteError) return error;
  if (error instanceof OrderRefused) return { kind: 'terminal', code: error.code, message: error.message };
  if (error instanceof SyncError)
    return {
      kind: 'transient',
      code: error.code === 'credentials' ? 'target-credentials' : 'target-unavailable',
      message: error.message,
    };
  const name = error instanceof Error ? error.name : 'unknown';
  return {
    kind: 'unknown',
    code: 'outcome-unknown',
    message: `The order could not be sent, by an error of Syncline: ${name}.`,
  };
}

/** Uses of the target, one for each profile type, opened when they are needed. */
class Writers {
  readonly #open = new Map<string, Promise<AccountWriter>>();
  readonly #dependencies: Dependencies;
  readonly #target: TargetInUse;
  readonly #signal: AbortSignal;

  constructor(dependencies: Dependencies, target: TargetInUse, signal: AbortSignal) {
    this.#dependencies = dependencies;
    this.#target = target;
    this.#signal = signal;
  }

  /** As long as two requests may take. */
  get leaseSeconds(): number {
    const [configured] = this.#target.file.connections;
    return configured ? (2 * requestTimeout(this.#dependencies, configured)) / 1000 : 60;
  }

  of(profile: ProfileFile): Promise<AccountWriter> {
    const known = this.#open.get(profile.name);
    if (known) return known;
    const opened = this.#start(profile);
    this.#open.set(profile.name, opened);
    // the next order tries again
    opened.catch(() => this.#open.delete(profile.name));
    return opened;
  }

  async #start({ kind, attributes, match }: ProfileFile): Promise<AccountWriter> {
    const [configured] = this.#target.file.connections;
    if (!configured) throw new SyncError('configuration', 'The connection of the target is not in the file.');
    const { writes, connection } = await openTarget(this.#dependencies, configured);
    const looked = match.flatMap((rule) => Object.values(rule));
    return writes.open(
      connection,
      { kind, attributes: [...new Set([...Object.keys(attributes), ...looked])] },
      { signal: this.#signal },
    );
  }

  async close(): Promise<void> {
    for (const opened of this.#open.values()) await opened.then((writer) => writer.close()).catch(() => undefined);
  }
}
