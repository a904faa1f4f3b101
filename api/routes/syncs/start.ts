import { z } from 'zod';
import { rowOfConnector } from '../../../repository/connectors.ts';
import { checkSyncRequest } from '../../check-sync-request.ts';
import { supersede } from '../../decide.ts';
import { invalid } from '../../problems.ts';
import { requireActiveFile, requireConnector, requireTarget } from '../../require-connector.ts';
import { route } from '../../route.ts';
import { syncRequestSchema, syncSchema } from '../../schemas/sync.ts';
import { startSync } from '../../start-sync.ts';
import { requireSync, syncBody } from '../../sync-body.ts';

export const startRoute = route({
  method: 'post',
  path: '/v1/connectors/{name}/syncs',
  tag: 'syncs',
  summary: 'Start a sync',
  description:
    'All Tasks unless `tasks` says otherwise. Key-limited syncs run beside any other; a whole sync is one at a time. A requested key that a certified read does not return is a delete.',
  params: { name: z.string() },
  body: syncRequestSchema,
  bodyRequired: false,
  answers: { 202: { description: 'The sync, started', schema: syncSchema } },
  problems: [404, 409, 422, 503],
  async handle({ deps, params, body, by }) {
    const connector = body.tasks?.includes('compute')
      ? await rowOfConnector(deps.db, (await requireTarget(deps.db, params.name)).id)
      : await requireConnector(deps.db, params.name);
    const active = await requireActiveFile(deps.db, connector);
    const { tasks, scope, overrides } = await checkSyncRequest(deps.db, connector, active, body);
    if (body.supersede !== undefined) {
      const held = await requireSync(deps.db, body.supersede);
      if (held.connector !== connector.name || held.workflowId !== deps.names.syncWorkflowId(connector.name))
        throw invalid('/supersede', `The sync ${held.id} is not a whole sync of ${connector.name}.`);
      await supersede(deps, held, by);
    }
    const sync = await startSync(deps, {
      connector,
      configRevision: active.revision,
      mode: body.mode,
      tasks,
      scope,
      dryRun: body.dryRun,
      trigger: body.priority === 'high' ? 'high-priority' : 'manual',
      priority: body.priority,
      by,
      overrides,
    });
    return { status: 202, body: syncBody(sync), headers: { location: `/v1/syncs/${sync.id}` } };
  },
});
