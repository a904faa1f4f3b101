import { z } from 'zod';
import { isRefreshable, tasksOfRefresh } from '../../../domain/refresh.ts';
import { notHeld } from '../../judge.ts';
import { Problem } from '../../problems.ts';
import { requireActiveFile, requireConnector } from '../../require-connector.ts';
import { route } from '../../route.ts';
import { syncSchema } from '../../schemas/sync.ts';
import { startSync } from '../../start-sync.ts';
import { requireSync, syncBody } from '../../sync-body.ts';

export const refreshRoute = route({
  method: 'post',
  path: '/v1/syncs/{id}/refresh',
  tag: 'syncs',
  summary: 'Read the source of a held sync again, and replace the held sync',
  description:
    'A new sync of the same mode and scope, with the revision in use, exports and prepares. If this fails, the new sync ends `failed` and the held one stays. Then the held sync ends `superseded`, and the new one compares. 409 `sync-running` if another refresh of the same sync runs. If somebody decides on the held sync meanwhile, the new one ends `skipped`.',
  params: { id: z.string() },
  answers: { 202: { description: 'The new sync, started', schema: syncSchema } },
  problems: [404, 409, 503],
  async handle({ deps, params, by }) {
    const held = await requireSync(deps.db, params.id);
    if (!isRefreshable(held))
      throw new Problem(
        'not-refreshable',
        'This sync does not read the source of its connector, so nothing can be read again. Resume or reject it.',
      );
    if (held.status !== 'held') throw notHeld(held);
    const connector = await requireConnector(deps.db, held.connector);
    const active = await requireActiveFile(deps.db, connector);
    const sync = await startSync(deps, {
      connector,
      configRevision: active.revision,
      mode: held.mode,
      tasks: tasksOfRefresh(held.tasks),
      scope: held.scope,
      dryRun: false,
      trigger: 'manual',
      priority: held.priority,
      by,
      refreshes: held.id,
    });
    return { status: 202, body: syncBody(sync), headers: { location: `/v1/syncs/${sync.id}` } };
  },
});
