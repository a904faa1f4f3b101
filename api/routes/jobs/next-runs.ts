import { z } from 'zod';
import { cronFault, timeZoneFault } from '../../../domain/cron.ts';
import { nextRuns } from '../../../domain/next-runs.ts';
import { runsShown } from '../../job-body.ts';
import { route } from '../../route.ts';
import { saying } from '../../schemas/job.ts';
import { timeSchema } from '../../schemas/words.ts';

export const nextRunsRoute = route({
  method: 'get',
  path: '/v1/next-runs',
  tag: 'jobs',
  summary: 'When a job with this schedule would run',
  description: 'Nothing is stored. These are the times at which Temporal would run it, also where the clocks change.',
  query: {
    cron: saying(z.string('name the expression: cron=…').max(200), cronFault),
    timezone: saying(z.string().max(64), timeZoneFault).default('UTC'),
  },
  answers: {
    200: {
      description: 'The next five times',
      schema: z.object({ nextRuns: z.array(timeSchema) }).meta({ id: 'NextRuns' }),
    },
  },
  problems: [422],
  handle: ({ query: { cron, timezone } }) =>
    Promise.resolve({ status: 200, body: { nextRuns: nextRuns(cron, timezone, runsShown, new Date()) } }),
});
