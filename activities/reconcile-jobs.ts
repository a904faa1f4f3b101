import { endExecution, openExecutions } from '../repository/executions.ts';
import { allJobs, findJob, holdSchedule } from '../repository/jobs.ts';
import type { Dependencies } from './dependencies.ts';
import { closeExecution } from './executions.ts';

/** Seconds that the API has between writing the row of an execution and starting its workflow. */
const startingSeconds = 30;

/** Ends executions whose workflow is gone, so that they do not block their job. */
export async function reconcileExecutions({ db, workflows }: Dependencies): Promise<void> {
  for (const { id, workflowId, runId, ageSeconds } of await openExecutions(db)) {
    // any run of the id: a long one continues as a new run
    if (workflowId !== null && (await workflows.isOpen(workflowId, null))) continue;
    if (runId === null && ageSeconds < startingSeconds) continue;
    await db.transaction(async (tx) => {
      const { status, reason } = await closeExecution(tx, id, { status: 'failed', reason: 'workflow-lost' });
      await endExecution(tx, id, status, reason);
    });
  }
}

/**
 * Makes the schedules what the jobs say, and removes those without a job.
 * @param each look into every schedule, not only for those that are missing: a question to Temporal for each job
 */
export async function reconcileSchedules(
  { db, schedules }: Pick<Dependencies, 'db' | 'schedules'>,
  each = true,
): Promise<void> {
  const scheduled = await schedules.list();
  const jobs = (await allJobs(db)).map(({ name }) => name);
  const looked = new Set(each ? [...jobs, ...scheduled] : difference(jobs, scheduled));
  const failures: unknown[] = [];
  for (const name of looked)
    // a schedule that cannot be made must not stop the others
    await makeSchedule({ db, schedules }, name).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/**
 * Makes the schedule of this name equal to its job. It reads the job under the lock, because the API may be changing
 * it.
 */
function makeSchedule({ db, schedules }: Pick<Dependencies, 'db' | 'schedules'>, name: string): Promise<void> {
  return db.transaction(async (tx) => {
    await holdSchedule(tx, name);
    const job = await findJob(tx, name);
    if (job) await schedules.put(job);
    else await schedules.remove(name);
  });
}

const difference = (a: string[], b: string[]) => [
  ...a.filter((name) => !b.includes(name)),
  ...b.filter((name) => !a.includes(name)),
];
