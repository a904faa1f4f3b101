import { endExecution, openExecutions } from '../repository/executions.ts';
import { allJobs } from '../repository/jobs.ts';
import type { Dependencies } from './dependencies.ts';
import { closeExecution } from './executions.ts';

/** Seconds that the API has between writing the row of an execution and starting its workflow. */
const startingSeconds = 30;

/** Ends executions whose workflow is gone, so that they keep their job from nobody. */
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
  const jobs = await allJobs(db);
  const names = new Set(jobs.map(({ name }) => name));
  const failures: unknown[] = [];
  const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => failures.push(error));
  for (const job of jobs) if (each || !scheduled.includes(job.name)) await attempt(schedules.put(job));
  for (const name of scheduled) if (!names.has(name)) await attempt(schedules.remove(name));
  // one that cannot be made keeps no other from being made
  if (failures.length > 0) throw failures[0];
}
