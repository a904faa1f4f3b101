import { ServiceError } from '@temporalio/client';
import { ForeignSchedule, putJobSchedule, removeJobSchedule } from '../job-schedules.ts';
import { installationId } from '../repository/installation.ts';
import type { JobRow } from '../repository/jobs.ts';
import type { Dependencies } from './dependencies.ts';
import { isTemporalAway } from './failures.ts';
import { requireOwnNames } from './own-names.ts';
import { invalid, Problem } from './problems.ts';

/** The row counts: if Temporal does not answer, reconcile writes the schedule later. */
const patience = 5_000;

const ownerOf = async ({ db, names }: Dependencies) => ({ names, id: await installationId(db) });

/** @throws Problem if Temporal refuses the schedule, or `workflow-id-taken` */
export async function scheduleJob(deps: Dependencies, job: JobRow): Promise<void> {
  requireOwnNames(deps);
  const owner = await ownerOf(deps);
  try {
    await deps.temporal.connection.withDeadline(Date.now() + patience, () => putJobSchedule(deps.temporal, owner, job));
  } catch (error) {
    if (error instanceof ForeignSchedule)
      throw new Problem(
        'workflow-id-taken',
        `${error.message} Give this installation a name of its own: SYNCLINE_INSTALLATION.`,
      );
    if (isInvalidArgument(error))
      throw invalid('/cron', `Temporal refuses a schedule with this expression and time zone: ${reasonOf(error)}`);
    tellLater(deps, error);
  }
}

export async function unscheduleJob(deps: Dependencies, job: string): Promise<void> {
  const owner = await ownerOf(deps);
  try {
    await deps.temporal.connection.withDeadline(Date.now() + patience, () =>
      removeJobSchedule(deps.temporal, owner, job, true),
    );
  } catch (error) {
    tellLater(deps, error);
  }
}

function tellLater(deps: Dependencies, error: unknown): void {
  if (!isTemporalAway(error)) throw error;
  deps.log.warn({ err: error }, 'Temporal does not answer: the schedule of a job is written when it answers');
}

function isInvalidArgument(error: unknown): error is ServiceError {
  const cause: unknown = error instanceof ServiceError ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause && Number(cause.code) === 3;
}

function reasonOf({ cause, message }: ServiceError): string {
  return cause instanceof Error && 'details' in cause && typeof cause.details === 'string' ? cause.details : message;
}
