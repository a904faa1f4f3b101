import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { Problem } from '../../problems.ts';
import { route } from '../../route.ts';
import { syncSchema } from '../../schemas/sync.ts';
import { requireSync, syncBody } from '../../sync-body.ts';

export const cancelRoute = route({
  method: 'post',
  path: '/v1/syncs/{id}/cancel',
  tag: 'syncs',
  summary: 'Stop a running sync',
  description:
    'All of its changes are applied, or none. If the sync is already being applied, it continues to its end.',
  params: { id: z.string() },
  answers: { 202: { description: 'The sync; it ends soon', schema: syncSchema } },
  problems: [404, 409, 503],
  async handle({ deps, params }) {
    const sync = await requireSync(deps.db, params.id);
    if (sync.status === 'held')
      throw new Problem(
        'sync-held',
        'A held sync cannot be cancelled. Reject it: the rejection records who refused it.',
      );
    if (sync.endedAt !== null)
      throw new Problem('sync-ended', `The sync has ended: ${sync.status}.`, { members: { syncStatus: sync.status } });
    const gone = () => new Problem('sync-ended', 'The workflow of the sync has ended already; look at the sync again.');
    // in a copy of a database, the workflow is that of the original
    if (!deps.names.isOwnId(sync.workflowId)) throw gone();
    try {
      await deps.temporal.connection.withDeadline(Date.now() + 10_000, () =>
        deps.temporal.workflow.getHandle(sync.workflowId, sync.runId ?? undefined).cancel(),
      );
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      throw gone();
    }
    return {
      status: 202,
      headers: { location: `/v1/syncs/${sync.id}` },
      body: syncBody(await requireSync(deps.db, sync.id)),
    };
  },
});
