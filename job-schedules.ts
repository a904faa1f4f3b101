import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { ScheduleDescription } from '@temporalio/client';
import { cronParts } from './domain/cron.ts';
import type { ScheduledJob } from './domain/job.ts';
import type { JobInput } from './workflows/messages.ts';
import { ownerIn, type Names } from './workflows/names.ts';

/**
 * The Temporal Schedules of jobs. The API writes a schedule when its job changes; reconcile writes it again if it differs from
 * the job. The table counts: a schedule is read only to see whether it differs.
 */

/** Times that were missed in an outage are made up for if they are not older than this. */
const catchupMilliseconds = 3_600_000;

/** Whose schedules these are: the names of an installation, and the UUID that its database keeps. */
export interface ScheduleOwner {
  names: Names;
  id: string;
}

/** The schedule of a job belongs to another installation that uses the same names. */
export class ForeignSchedule extends Error {
  override name = 'ForeignSchedule';
}

function scheduleOf(job: ScheduledJob, { names, id }: ScheduleOwner) {
  const input: JobInput = { job: job.name };
  return {
    spec: {
      // Temporal compiles an expression to calendars, and keeps the text of a comment
      cronExpressions: cronParts(job.cron).map((part) => `${part} # ${job.cron}`),
      timezone: job.timezone,
    },
    action: {
      type: 'startWorkflow' as const,
      workflowType: 'runJob',
      workflowId: names.jobScheduleId(job.name),
      taskQueue: names.taskQueues.sync,
      args: [input],
      memo: { installation: id },
      staticSummary: `The job ${job.name}`,
    },
    // overlaps are decided on the row of the job, so that every skipped execution is recorded
    policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow: catchupMilliseconds, pauseOnFailure: false },
    state: { paused: job.paused, note: noteOf(job) },
  };
}

const noteOf = (job: ScheduledJob) => (job.paused ? (job.pauseNote ?? 'Paused') : '');

function differs(
  job: ScheduledJob,
  { names, id }: ScheduleOwner,
  { spec, action, policies, state }: ScheduleDescription,
): boolean {
  const parts = cronParts(job.cron);
  return !(
    spec.calendars?.length === parts.length &&
    spec.calendars.every(({ comment }) => comment === job.cron) &&
    (spec.intervals ?? []).length === 0 &&
    (spec.timezone ?? 'UTC') === job.timezone &&
    action.workflowType === 'runJob' &&
    action.workflowId === names.jobScheduleId(job.name) &&
    action.taskQueue === names.taskQueues.sync &&
    ownerIn(action.memo) === id &&
    policies.overlap === ScheduleOverlapPolicy.ALLOW_ALL &&
    policies.catchupWindow === catchupMilliseconds &&
    state.paused === job.paused &&
    (!job.paused || state.note === noteOf(job))
  );
}

/**
 * Makes the schedule of a job equal to the job. A schedule of an old version, without a UUID, is taken over.
 * @returns whether there was anything to do
 * @throws ForeignSchedule if it is another installation's
 */
export async function putJobSchedule(client: Client, owner: ScheduleOwner, job: ScheduledJob): Promise<boolean> {
  const scheduleId = owner.names.jobScheduleId(job.name);
  const handle = client.schedule.getHandle(scheduleId);
  const wanted = scheduleOf(job, owner);
  for (;;) {
    try {
      const found = await handle.describe();
      const other = ownerIn(found.action.memo);
      if (other !== undefined && other !== owner.id)
        throw new ForeignSchedule(`The schedule ${scheduleId} belongs to the installation ${other}.`);
      if (!differs(job, owner, found)) return false;
      // a whole new spec: the calendars of the old one do not stay beside it
      await handle.update(() => wanted);
      return true;
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
    try {
      await client.schedule.create({ scheduleId, ...wanted });
      return true;
    } catch (error) {
      // another process was faster: check again
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }
}

/**
 * Removes the schedule of a job if it is this installation's.
 * @param known whether the database has the job, or had it a moment ago: then a schedule without a UUID is this installation's
 */
export async function removeJobSchedule(
  client: Client,
  owner: ScheduleOwner,
  job: string,
  known: boolean,
): Promise<void> {
  const handle = client.schedule.getHandle(owner.names.jobScheduleId(job));
  try {
    const other = ownerIn((await handle.describe()).action.memo);
    if (other === owner.id || (other === undefined && known)) await handle.delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

/** Names of the jobs that have a schedule; a schedule of the last seconds may be missing. */
export async function scheduledJobs(client: Client, { names }: Pick<ScheduleOwner, 'names'>): Promise<string[]> {
  const found: string[] = [];
  for await (const { scheduleId } of client.schedule.list()) {
    const name = names.jobNameOf(scheduleId);
    if (name !== undefined) found.push(name);
  }
  return found;
}
