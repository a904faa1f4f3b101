import { z } from 'zod';
import type { JobDefinition } from '../../../domain/job.ts';
import { allConnectors } from '../../../domain/job.ts';
import type { Queryable } from '../../../repository/database.ts';
import {
  deleteJob,
  findJob,
  holdSchedule,
  insertJob,
  lockJob,
  unknownConnectors,
  updateJob,
  type JobRow,
} from '../../../repository/jobs.ts';
import { jobBody } from '../../job-body.ts';
import { scheduleJob, unscheduleJob } from '../../job-schedule.ts';
import { expectedRevisions, requireRevision } from '../../if-match.ts';
import { notFound, Problem } from '../../problems.ts';
import { route } from '../../route.ts';
import { jobNameSchema, jobRequestSchema, jobSchema, type JobBody } from '../../schemas/job.ts';

export const saveRoute = route({
  method: 'put',
  path: '/v1/jobs/{name}',
  tag: 'jobs',
  summary: 'Create or replace a job',
  description:
    'Its schedule is changed at once, or within a minute if Temporal does not answer. A running execution continues as it began. An `If-Match` with a revision guards against overwriting a newer one.',
  params: { name: jobNameSchema },
  body: jobRequestSchema,
  answers: {
    200: { description: 'Replaced', schema: jobSchema },
    201: { description: 'Created', schema: jobSchema },
  },
  problems: [400, 409, 412, 415, 422],
  async handle({ deps, params: { name }, body, request }) {
    const guarded = expectedRevisions(request) !== undefined;
    const { created, job } = await deps.db.transaction(async (tx) => {
      await holdSchedule(tx, name);
      const inserted = !guarded && (await insertJob(tx, name, definitionOf(body)));
      const before = inserted ? undefined : await lockJob(tx, name);
      if (!inserted) {
        requireRevision(request, before?.revision, 'The revision of the job');
        await updateJob(tx, name, definitionOf(body));
      }
      await checkConnectors(tx, body, before?.connectors ?? []);
      const after = (await findJob(tx, name)) as JobRow;
      await scheduleJob(deps, after);
      return { created: inserted, job: after };
    });
    return {
      status: created ? 201 : 200,
      headers: { etag: `"${String(job.revision)}"`, location: `/v1/jobs/${name}` },
      body: await jobBody(deps.db, job),
    };
  },
});

const definitionOf = ({ pauseNote, ...body }: JobBody): JobDefinition => ({
  ...body,
  cron: body.cron.trim().split(/\s+/).join(' '),
  pauseNote: body.paused ? (pauseNote ?? null) : null,
});

/**
 * @param before connectors that the job names already: if one was deleted, the job can still be changed
 * @throws Problem naming each new connector that does not exist
 */
async function checkConnectors(db: Queryable, { connectors }: JobBody, before: readonly string[]): Promise<void> {
  if (connectors.includes(allConnectors)) return;
  const unknown = (await unknownConnectors(db, connectors)).filter((name) => !before.includes(name));
  if (unknown.length === 0) return;
  throw new Problem(
    'invalid',
    `There is no connector ${unknown.join(', ')}. GET /v1/connectors lists the connectors.`,
    {
      errors: unknown.map((name) => ({
        pointer: `/connectors/${String(connectors.indexOf(name))}`,
        detail: `There is no connector ${name}.`,
      })),
    },
  );
}

export const deleteRoute = route({
  method: 'delete',
  path: '/v1/jobs/{name}',
  tag: 'jobs',
  summary: 'Delete a job',
  description:
    'A running execution continues. The executions of the job stay. A job that came with Syncline also stays deleted. An `If-Match` with a revision guards against deleting a newer one.',
  params: { name: z.string() },
  answers: { 204: { description: 'Deleted' } },
  problems: [404, 412],
  async handle({ deps, params: { name }, request }) {
    await deps.db.transaction(async (tx) => {
      await holdSchedule(tx, name);
      const job = await lockJob(tx, name);
      if (job) requireRevision(request, job.revision, 'The revision of the job');
      if (!(await deleteJob(tx, name))) throw notFound(`There is no job ${name}. GET /v1/jobs lists them.`);
      await unscheduleJob(deps, name);
    });
    return { status: 204 };
  },
});
