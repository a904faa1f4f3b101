import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import type { Context } from '@temporalio/activity';
import { SyncError } from '../domain/errors.ts';
import { attemptsOf } from '../domain/retry.ts';

/**
 * How many attempts in a row of a step have lost their source, as this process knows it. Attempts that a limit of the source or a
 * worker's end has ended are no losses, but Temporal counts them, too.
 */
const losses = new Map<string, number>();
/** With several workers, each has only some of the attempts. */
const fewestLosses = 3;
/** Steps whose last attempt another worker has are not told to have ended. */
const mostRemembered = 1_000;

/**
 * Only ApplicationFailures cross to the workflow: type is the code of the closed list, the place is the first detail, and
 * what a retry cannot repair is non-retryable, and so is a source that stays lost. Messages of foreign errors stay in the worker's log, since they may hold row
 * data, and histories hold none.
 */
export class FailureInterceptor implements ActivityInboundCallsInterceptor {
  readonly #attempt: number;
  readonly #step: string;
  readonly #log: (error: unknown) => void;

  constructor({ info }: { info: StepInfo }, log: (error: unknown) => void) {
    this.#attempt = info.attempt;
    this.#step = `${info.workflowExecution?.runId ?? ''} ${info.activityId}`;
    this.#log = log;
  }

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    try {
      const result = await next(input);
      losses.delete(this.#step);
      return result;
    } catch (error) {
      const isLost = error instanceof SyncError && error.code === 'connection';
      if (!isLost) losses.delete(this.#step);
      if (isTemporal(error)) throw error;
      if (!(error instanceof SyncError)) this.#log(error);
      throw toFailure(error, isLost && this.#staysLost());
    }
  }

  /** Counts a loss. @returns whether the source has been waited for long enough */
  #staysLost(): boolean {
    const inARow = (losses.get(this.#step) ?? 0) + 1;
    const givenUp = inARow >= fewestLosses && this.#attempt >= attemptsOf('connection', Infinity);
    losses.delete(this.#step);
    if (givenUp) return true;
    const [oldest] = losses.keys();
    if (losses.size >= mostRemembered && oldest !== undefined) losses.delete(oldest);
    losses.set(this.#step, inARow);
    return false;
  }
}

type StepInfo = Pick<Context['info'], 'attempt' | 'activityId' | 'workflowExecution'>;

function isTemporal(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['CancelledFailure', 'ApplicationFailure', 'AbortError', 'CompleteAsyncError'].includes(error.name)
  );
}

function toFailure(error: unknown, isGivenUp: boolean): ApplicationFailure {
  if (error instanceof SyncError)
    return ApplicationFailure.create({
      type: error.code,
      // Temporal refuses very long messages, and the worker would send them again for ever
      message: error.message.slice(0, 2000),
      nonRetryable: !error.retryable || isGivenUp,
      details: [error.place],
    });
  const state = sqlState(error);
  if (state !== undefined && !passes(state))
    return ApplicationFailure.create({
      type: 'internal',
      message: `Postgres refused a statement (SQLSTATE ${state}). The log of the worker shows where in the code.`,
      nonRetryable: true,
    });
  return ApplicationFailure.create({
    type: 'internal',
    message:
      state === undefined
        ? 'A step failed with an unexpected error. The log of the worker has the reason. The step is tried again.'
        : `Postgres could not be used (SQLSTATE ${state}). The step is tried again.`,
  });
}

function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

/** SQLSTATEs that another attempt may not meet: connections, resources, deadlocks, restarts, vanished staging tables. */
function passes(state: string): boolean {
  return (
    ['08', '53', '57', '58', '40', '25'].includes(state.slice(0, 2)) || ['55P03', '42P01', 'XX000'].includes(state)
  );
}
