import { z } from 'zod';
import { decide } from '../../decide.ts';
import { route } from '../../route.ts';
import { syncSchema } from '../../schemas/sync.ts';
import { requireSync, syncBody } from '../../sync-body.ts';

const body = z.strictObject({
  digest: z
    .string('name the digest of the change set that was reviewed')
    .min(1, 'the digest must not be empty')
    .max(200),
  reason: z.string().max(2000).optional(),
});

function decisionRoute(action: 'resume' | 'reject', summary: string, description: string) {
  return route({
    method: 'post',
    path: `/v1/syncs/{id}/${action}`,
    tag: 'syncs',
    summary,
    description,
    params: { id: z.string() },
    body,
    answers: { 200: { description: 'The sync as it is after the decision', schema: syncSchema } },
    problems: [404, 409, 412, 422, 503],
    async handle({ deps, params, body: { digest, reason }, by }) {
      const sync = await requireSync(deps.db, params.id);
      const decided = await decide(deps, sync, { action, digest, reason: reason ?? null, by });
      return { status: 200, body: syncBody(decided) };
    },
  });
}

export const resumeRoute = decisionRoute(
  'resume',
  'Apply the change set of a held sync',
  'Applies exactly the changes with that digest. 409 if the sync is not held, 412 if the digest is another.',
);
export const rejectRoute = decisionRoute(
  'reject',
  'Refuse the change set of a held sync',
  'Nothing is applied; the sync ends `rejected`.',
);
