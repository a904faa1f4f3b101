import { nextRuns } from '../domain/next-runs.ts';
import type { Database } from '../repository/database.ts';
import { lastExecutionOf, viewExecution, type ExecutionView } from '../repository/execution-views.ts';
import { findJob, type JobRow } from '../repository/jobs.ts';
import { notFound } from './problems.ts';

export const runsShown = 5;

/** @throws Problem if there is no such job */
export async function requireJob(db: Database, name: string): Promise<JobRow> {
  const job = await findJob(db, name);
  if (!job)
    throw notFound(`There is no job ${name}. GET /v1/jobs lists the jobs, PUT /v1/jobs/${name} creates this one.`);
  return job;
}

/** A job as the contract has it. */
export async function jobBody(db: Database, { coveredUntil: _until, coveredBy: _by, ...job }: JobRow) {
  return {
    ...job,
    nextRuns: job.paused ? [] : nextRuns(job.cron, job.timezone, runsShown, new Date()),
    lastExecution: await lastExecutionOf(db, job.name),
    self: `/v1/jobs/${job.name}`,
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws Problem if there is no such execution */
export async function requireExecution(db: Database, id: string): Promise<ExecutionView> {
  const execution = uuid.test(id) ? await viewExecution(db, id) : undefined;
  if (!execution) throw notFound('There is no execution with this id. GET /v1/executions lists them.');
  return execution;
}

/** An execution as the contract has it. */
export function executionBody({ no: _no, ...execution }: ExecutionView) {
  return { ...execution, self: `/v1/executions/${execution.id}` };
}
