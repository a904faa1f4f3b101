import { z } from 'zod';
import { lastExecutionOf, listExecutions } from '../../../repository/execution-views.ts';
import { listJobs } from '../../../repository/jobs.ts';
import { executionBody, jobBody, requireExecution, requireJob } from '../../job-body.ts';
import { pageQuery, readCursor, rowNumber, toPage } from '../../pagination.ts';
import { route } from '../../route.ts';
import { instantSchema } from '../../schemas/instant.ts';
import { executionSchema, executionStatusSchema, jobSchema } from '../../schemas/job.ts';
import { pageOf } from '../../schemas/words.ts';

export const listRoute = route({
  method: 'get',
  path: '/v1/jobs',
  tag: 'jobs',
  summary: 'Jobs by name',
  query: pageQuery,
  answers: { 200: { description: 'A page', schema: pageOf(jobSchema) } },
  problems: [422],
  async handle({ deps, query: { limit, cursor } }) {
    const found = await listJobs(deps.db, readCursor(cursor, z.string()) ?? '', limit + 1);
    const page = toPage(
      found,
      limit,
      (last) => last.name,
      (job) => job,
    );
    const items = [];
    for (const job of page.items) items.push(await jobBody(deps.db, job));
    return { status: 200, body: { items, nextCursor: page.nextCursor } };
  },
});

export const getRoute = route({
  method: 'get',
  path: '/v1/jobs/{name}',
  tag: 'jobs',
  summary: 'One job',
  params: { name: z.string() },
  answers: { 200: { description: 'The job', schema: jobSchema } },
  problems: [404],
  async handle({ deps, params }) {
    const job = await requireJob(deps.db, params.name);
    return { status: 200, headers: { etag: `"${String(job.revision)}"` }, body: await jobBody(deps.db, job) };
  },
});

const executionQuery = {
  ...pageQuery,
  status: executionStatusSchema.optional(),
  since: instantSchema('since must be a time like 2026-01-31T10:00:00Z').optional(),
};

export const executionsOfJobRoute = route({
  method: 'get',
  path: '/v1/jobs/{name}/executions',
  tag: 'jobs',
  summary: 'Executions of a job, newest first',
  description: 'Also of a deleted job.',
  params: { name: z.string() },
  query: executionQuery,
  answers: { 200: { description: 'A page', schema: pageOf(executionSchema) } },
  problems: [404, 422],
  async handle({ deps, params, query: { limit, cursor, ...filter } }) {
    const before = readCursor(cursor, rowNumber);
    const found = await listExecutions(deps.db, { ...filter, job: params.name, before }, limit + 1);
    // executions of a deleted job are kept
    if (found.length === 0 && (await lastExecutionOf(deps.db, params.name)) === null)
      await requireJob(deps.db, params.name);
    return { status: 200, body: toPage(found, limit, (last) => last.no, executionBody) };
  },
});

export const executionsRoute = route({
  method: 'get',
  path: '/v1/executions',
  tag: 'jobs',
  summary: 'Executions of all jobs, newest first',
  description: 'Also those of jobs that have been deleted.',
  query: { ...executionQuery, job: z.string().optional() },
  answers: { 200: { description: 'A page', schema: pageOf(executionSchema) } },
  problems: [422],
  async handle({ deps, query: { limit, cursor, ...filter } }) {
    const before = readCursor(cursor, rowNumber);
    const found = await listExecutions(deps.db, { ...filter, before }, limit + 1);
    return { status: 200, body: toPage(found, limit, (last) => last.no, executionBody) };
  },
});

export const executionRoute = route({
  method: 'get',
  path: '/v1/executions/{id}',
  tag: 'jobs',
  summary: 'One execution',
  description: 'While it runs, connectors without a result show their sync as it is now.',
  params: { id: z.string() },
  answers: { 200: { description: 'The execution', schema: executionSchema } },
  problems: [404],
  async handle({ deps, params }) {
    return { status: 200, body: executionBody(await requireExecution(deps.db, params.id)) };
  },
});
