import { z } from 'zod';
import { findJob, holdSchedule, lockJob, updateJob, type JobRow } from '../../../repository/jobs.ts';
import type { Dependencies } from '../../dependencies.ts';
import { executionBody, jobBody, requireJob } from '../../job-body.ts';
import { scheduleJob } from '../../job-schedule.ts';
import { route } from '../../route.ts';
import { executionSchema, jobSchema, pauseSchema } from '../../schemas/job.ts';
import { startExecution } from '../../start-execution.ts';

async function setPaused(deps: Dependencies, name: string, paused: boolean, note: string | null) {
  await requireJob(deps.db, name);
  const job = await deps.db.transaction(async (tx) => {
    await holdSchedule(tx, name);
    const before = await lockJob(tx, name);
    if (!before) return requireJob(deps.db, name);
    await updateJob(tx, name, { ...before, paused, pauseNote: note });
    const after = (await findJob(tx, name)) as JobRow;
    await scheduleJob(deps, after);
    return after;
  });
  return { status: 200, headers: { etag: `"${String(job.revision)}"` }, body: await jobBody(deps.db, job) };
}

export const pauseRoute = route({
  method: 'post',
  path: '/v1/jobs/{name}/pause',
  tag: 'jobs',
  summary: 'Pause a job',
  description:
    'The schedule does not run it until it is unpaused. People can still run it. A running execution continues.',
  params: { name: z.string() },
  body: pauseSchema,
  bodyRequired: false,
  answers: { 200: { description: 'The job', schema: jobSchema } },
  problems: [404, 409, 422],
  handle: ({ deps, params, body }) => setPaused(deps, params.name, true, body.note ?? null),
});

export const unpauseRoute = route({
  method: 'post',
  path: '/v1/jobs/{name}/unpause',
  tag: 'jobs',
  summary: 'Let a paused job run again',
  params: { name: z.string() },
  answers: { 200: { description: 'The job', schema: jobSchema } },
  problems: [404, 409, 422],
  handle: ({ deps, params }) => setPaused(deps, params.name, false, null),
});

export const runRoute = route({
  method: 'post',
  path: '/v1/jobs/{name}/run',
  tag: 'jobs',
  summary: 'Run a job now',
  description:
    'A paused job can be run too. If an execution of the job is running, `overlap` decides what the new one does.',
  params: { name: z.string() },
  answers: { 202: { description: 'The execution, started', schema: executionSchema } },
  problems: [404, 409, 503],
  async handle({ deps, params, by }) {
    const { name } = await requireJob(deps.db, params.name);
    const execution = await startExecution(deps, name, by);
    return {
      status: 202,
      body: executionBody(execution),
      headers: { location: `/v1/executions/${execution.id}` },
    };
  },
});
