import { ApplicationFailure } from '@temporalio/common';
import type { Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { syncErrorCodes, type SyncErrorCode } from '../domain/codes.ts';
import { tellBegunAgain, tellFailed, tellSucceeded } from '../activities/tell-attempts.ts';
import { attemptsOf, nextAttempt, type RetryRule } from '../domain/retry.ts';
import type { Database } from '../repository/database.ts';

/** The longest time that a step waits for its failure to be recorded: a slow Postgres must not delay the failure itself. */
const patience = 3_000;

/**
 * Records in the sync which step failed, when the step is tried again, and that it succeeded in the end. It is outside the
 * interceptor that makes ApplicationFailures, and does not change them.
 */
export class AttemptInterceptor implements ActivityInboundCallsInterceptor {
  readonly #context: Context;
  readonly #db: Database;
  readonly #warn: (error: unknown) => void;

  constructor(context: Context, db: Database, warn: (error: unknown) => void) {
    this.#context = context;
    this.#db = db;
    this.#warn = warn;
  }

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const { info } = this.#context;
    const [syncId] = input.args;
    if (info.workflowType !== 'syncConnector' || typeof syncId !== 'string') return next(input);
    if (info.attempt > 1) await this.#told(tellBegunAgain(this.#db, syncId, info.attempt));
    try {
      const result = await next(input);
      if (info.attempt > 1) await this.#told(tellSucceeded(this.#db, syncId, info.attempt));
      return result;
    } catch (error) {
      if (error instanceof ApplicationFailure && !error.nonRetryable) await this.#told(this.#failed(syncId, error));
      throw error;
    }
  }

  async #failed(syncId: string, failure: ApplicationFailure): Promise<void> {
    const { attempt, retryPolicy } = this.#context.info;
    const delay = failure.nextRetryDelay as string | number | null | undefined;
    const asked = delay === undefined || delay === null ? undefined : msToNumber(delay);
    const code = codeOf(failure.type);
    const rule = ruleOf(retryPolicy);
    const maximumAttempts = attemptsOf(code, rule.maximumAttempts);
    const next = nextAttempt({ ...rule, maximumAttempts }, attempt, new Date(), asked);
    if (!next) return;
    await tellFailed(this.#db, syncId, { ...next, code, message: failure.message });
  }

  /** The record is only for people: if it cannot be written, the step continues. */
  async #told(telling: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    await Promise.race([telling.catch(this.#warn), late]);
    clearTimeout(timer);
  }
}

export function codeOf(type: string | null | undefined): SyncErrorCode {
  return syncErrorCodes.find((code) => code === type) ?? 'internal';
}

/** Settings that a policy does not have get the defaults of Temporal. */
function ruleOf(policy: Context['info']['retryPolicy']): RetryRule {
  const initialInterval = msToNumber(policy?.initialInterval ?? 1000);
  return {
    initialInterval,
    backoffCoefficient: policy?.backoffCoefficient ?? 2,
    maximumInterval: msToNumber(policy?.maximumInterval ?? initialInterval * 100),
    maximumAttempts: policy?.maximumAttempts ?? 0,
  };
}
