import { tsToDate } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';
import type { PendingStep } from '../activities/pending-step.ts';
import { codeOf } from './attempts.ts';

/** What Temporal tells of a step that has not ended, in our words. */
export function pendingStepOf(
  found: temporal.api.workflow.v1.IPendingActivityInfo | undefined,
): PendingStep | undefined {
  if (!found) return undefined;
  const { attempt, maximumAttempts, lastFailure, nextAttemptScheduleTime, scheduledTime } = found;
  const step = { attempt: attempt ?? 1 };
  // a time-out is no word of the worker
  if (!lastFailure?.applicationFailureInfo) return step;
  const next = nextAttemptScheduleTime ?? scheduledTime;
  const failed = {
    code: codeOf(lastFailure.applicationFailureInfo.type),
    message: lastFailure.message ?? '',
    maximumAttempts: maximumAttempts ? maximumAttempts : null,
    nextAt: (next ? tsToDate(next) : new Date()).toISOString(),
  };
  return { ...step, failed };
}
