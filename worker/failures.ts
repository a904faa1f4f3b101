import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import type { Context } from '@temporalio/activity';
import { SyncError } from '../domain/errors.ts';
import { attemptsOf } from '../domain/retry.ts';

/**
 * Only ApplicationFailures cross to the workflow: type is the code of the closed list, the place is the first detail, and
 * what a retry cannot repair is non-retryable, and so is a source that stays lost. Messages of foreign errors stay in the worker's log, since they may hold row
 * data, and histories hold none.
 */
export class FailureInterceptor implements ActivityInboundCallsInterceptor {
  readonly #attempt: number;
  readonly #log: (error: unknown) => void;

  constructor({ info }: { info: Pick<Context['info'], 'attempt'> }, log: (error: unknown) => void) {
    this.#attempt = info.attempt;
    this.#log = log;
  }

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    try {
      return await next(input);
    } catch (error) {
      if (isTemporal(error)) throw error;
      if (!(error instanceof SyncError)) this.#log(error);
      throw toFailure(error, this.#attempt);
    }
  }
}

function isTemporal(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['CancelledFailure', 'ApplicationFailure', 'AbortError', 'CompleteAsyncError'].includes(error.name)
  );
}

function toFailure(error: unknown, attempt: number): ApplicationFailure {
  if (error instanceof SyncError)
    return ApplicationFailure.create({
      type: error.code,
      // Temporal refuses very long messages, and the worker would send them again for ever
      message: error.message.slice(0, 2000),
      nonRetryable: !error.retryable || attempt >= attemptsOf(error.code, Infinity),
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
