import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { ScheduleDescription } from '@temporalio/client';
import { cronParts } from './domain/cron.ts';
import type { ScheduledJob } from './domain/job.ts';
import type { JobInput } from './workflows/messages.ts';
import { jobNameOf, jobScheduleId, taskQueues } from './workflows/names.ts';

/**
 * The Temporal Schedules of our jobs, written by the API when a job changes and by the worker's reconcile where they are
 * not what the jobs say. The table is the truth; nothing is ever read from a schedule but whether it differs.
 */

/** Times missed in an outage are made up for where they are no older. */
const catchupMilliseconds = 3_600_000;

function scheduleOf(job: ScheduledJob) {
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
      workflowId: jobScheduleId(job.name),
      taskQueue: taskQueues.sync,
      args: [input],
      staticSummary: `The job ${job.name}`,
    },
    // who meets whom is decided over the job's row, so that every skip is one
    policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow: catchupMilliseconds, pauseOnFailure: false },
    state: { paused: job.paused, note: noteOf(job) },
  };
}

const noteOf = (job: ScheduledJob) => (job.paused ? (job.pauseNote ?? 'Paused') : '');

function differs(job: ScheduledJob, { spec, action, policies, state }: ScheduleDescription): boolean {
  const parts = cronParts(job.cron);
  return !(
    spec.calendars?.length === parts.length &&
    spec.calendars.every(({ comment }) => comment === job.cron) &&
    (spec.intervals ?? []).length === 0 &&
    (spec.timezone ?? 'UTC') === job.timezone &&
    action.workflowType === 'runJob' &&
    action.workflowId === jobScheduleId(job.name) &&
    action.taskQueue === taskQueues.sync &&
    policies.overlap === ScheduleOverlapPolicy.ALLOW_ALL &&
    policies.catchupWindow === catchupMilliseconds &&
    state.paused === job.paused &&
    (!job.paused || state.note === noteOf(job))
  );
}

/** Makes the schedule of a job what the job says. @returns whether there was anything to do */
export async function putJobSchedule(client: Client, job: ScheduledJob): Promise<boolean> {
  const handle = client.schedule.getHandle(jobScheduleId(job.name));
  const wanted = scheduleOf(job);
  for (;;) {
    try {
      if (!differs(job, await handle.describe())) return false;
      // a whole new spec: the calendars of the old one do not stay beside it
      await handle.update(() => wanted);
      return true;
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
    try {
      await client.schedule.create({ scheduleId: jobScheduleId(job.name), ...wanted });
      return true;
    } catch (error) {
      // somebody was quicker: look again
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }
}

export async function removeJobSchedule(client: Client, job: string): Promise<void> {
  try {
    await client.schedule.getHandle(jobScheduleId(job)).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

/** Names of the jobs that have a schedule; one of the last seconds may be missing. */
export async function scheduledJobs(client: Client): Promise<string[]> {
  const names: string[] = [];
  for await (const { scheduleId } of client.schedule.list()) {
    const name = jobNameOf(scheduleId);
    if (name !== undefined) names.push(name);
  }
  return names;
}
