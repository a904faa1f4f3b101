import { z } from 'zod';
import { changeCountNames } from '../../../domain/change-counts.ts';
import { decide } from '../../decide.ts';
import { route } from '../../route.ts';
import { syncSchema } from '../../schemas/sync.ts';
import { requireSync, syncBody } from '../../sync-body.ts';

const digest = z
  .string('name the digest of the change set that was reviewed')
  .min(1, 'the digest must not be empty')
  .max(200);
const params = { id: z.string() };
const answers = { 200: { description: 'The sync as it is after the decision', schema: syncSchema } };

const confirmSchema = z
  .strictObject(Object.fromEntries(changeCountNames.map((name) => [name, z.int().min(0).optional()])))
  .describe('Any of the six counts of what is applied. 412 names those that differ');

export const resumeRoute = route({
  method: 'post',
  path: '/v1/syncs/{id}/resume',
  tag: 'syncs',
  summary: 'Apply the change set of a held sync, or the part of it that a draft applies',
  description:
    'Applies exactly the changes with that digest: that of the change set, or of a draft. 409 if the sync is not held, or if what the changes are about was changed in the configuration since; 412 if the digest is another, or a confirmed count differs.',
  params,
  body: z.strictObject({
    digest,
    reason: z.string().max(2000).optional(),
    draftId: z.uuid('the id of a draft').optional().describe('The draft that has the digest; may be left out'),
    confirm: confirmSchema.optional(),
  }),
  answers,
  problems: [404, 409, 412, 422, 503],
  async handle({ deps, params: { id }, body: { reason = null, ...body }, by }) {
    const sync = await requireSync(deps.db, id);
    const decided = await decide(deps, sync, { ...body, action: 'resume', reason, by });
    return { status: 200, body: syncBody(decided) };
  },
});

export const rejectRoute = route({
  method: 'post',
  path: '/v1/syncs/{id}/reject',
  tag: 'syncs',
  summary: 'Refuse the change set of a held sync',
  description: 'Nothing is applied; the sync ends `rejected`. The digest is that of the change set.',
  params,
  body: z.strictObject({
    digest,
    reason: z
      .string('say why: the reason is kept with the sync')
      .max(2000, 'the reason has at most 2,000 characters')
      .regex(/\S/, 'the reason must not be blank')
      .describe('1 to 2,000 characters, not blank'),
  }),
  answers,
  problems: [404, 409, 412, 422, 503],
  async handle({ deps, params: { id }, body, by }) {
    const sync = await requireSync(deps.db, id);
    const decided = await decide(deps, sync, { ...body, action: 'reject', by });
    return { status: 200, body: syncBody(decided) };
  },
});
