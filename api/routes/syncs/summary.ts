import { z } from 'zod';
import { readSummary } from '../../../repository/summary/read-summary.ts';
import { route } from '../../route.ts';
import { requireChangeSet } from '../../require-change-set.ts';
import { summarySchema } from '../../schemas/summary.ts';
import { summaryBody } from '../../summary-body.ts';
import { draftOf } from '../../draft-query.ts';
import { requireSync } from '../../sync-body.ts';

export const summaryRoute = route({
  method: 'get',
  path: '/v1/syncs/{id}/summary',
  tag: 'syncs',
  summary: 'What a reviewer needs to know of the changes of a sync',
  description:
    'Groups, limits in words, likely causes, and what is usual. It stays the same until the changes are removed.',
  params: { id: z.string() },
  query: { draft: z.string().optional().describe('Id of a draft: what it applies, refuses and defers of each group') },
  answers: { 200: { description: 'The summary', schema: summarySchema } },
  problems: [404, 409, 422],
  async handle({ deps, params, query }) {
    const sync = requireChangeSet(await requireSync(deps.db, params.id));
    const draft = await draftOf(deps.db, sync, query.draft);
    return { status: 200, body: await summaryBody(deps.db, sync, await readSummary(deps.db, sync.no), draft) };
  },
});
