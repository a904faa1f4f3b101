import { ServiceError } from '@temporalio/client';
import { putJobSchedule, removeJobSchedule } from '../job-schedules.ts';
import type { JobRow } from '../repository/jobs.ts';
import type { Dependencies } from './dependencies.ts';
import { isTemporalAway } from './failures.ts';
import { invalid } from './problems.ts';

/** The row is the truth: while Temporal does not answer, reconcile makes the schedule a little later. */
const patience = 5_000;

/** @throws Problem where Temporal does not take such a schedule */
export async function scheduleJob(deps: Dependencies, job: JobRow): Promise<void> {
  try {
    await deps.temporal.connection.withDeadline(Date.now() + patience, () => putJobSchedule(deps.temporal, job));
  } catch (error) {
    if (isInvalidArgument(error))
      throw invalid('/cron', `Temporal takes no schedule of this expression and time zone: ${reasonOf(error)}`);
    tellLater(deps, error);
  }
}

export async function unscheduleJob(deps: Dependencies, job: string): Promise<void> {
  try {
    await deps.temporal.connection.withDeadline(Date.now() + patience, () => removeJobSchedule(deps.temporal, job));
  } catch (error) {
    tellLater(deps, error);
  }
}

function tellLater(deps: Dependencies, error: unknown): void {
  if (!isTemporalAway(error)) throw error;
  deps.log.warn({ err: error }, 'Temporal does not answer: the schedule of a job follows when it does');
}

function isInvalidArgument(error: unknown): error is ServiceError {
  const cause: unknown = error instanceof ServiceError ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause && Number(cause.code) === 3;
}

function reasonOf({ cause, message }: ServiceError): string {
  return cause instanceof Error && 'details' in cause && typeof cause.details === 'string' ? cause.details : message;
}
