import { z } from 'zod';
import { setActive } from '../../../repository/connectors.ts';
import { connectorBody } from '../../connector-body.ts';
import { requireActiveFile, requireConnector } from '../../require-connector.ts';
import { route } from '../../route.ts';
import { connectorSchema } from '../../schemas/connector.ts';
import { syncSchema } from '../../schemas/sync.ts';
import { startSync } from '../../start-sync.ts';
import { syncBody } from '../../sync-body.ts';
import { wakePolls } from '../../wake-polls.ts';

function activityRoute(action: 'activate' | 'deactivate', summary: string) {
  return route({
    method: 'post',
    path: `/v1/connectors/{name}/${action}`,
    tag: 'connectors',
    summary,
    params: { name: z.string() },
    answers: { 200: { description: 'The connector', schema: connectorSchema } },
    problems: [404],
    async handle({ deps, params }) {
      const connector = await requireConnector(deps.db, params.name);
      await setActive(deps.db, connector.id, action === 'activate');
      await wakePolls(deps, connector.name);
      return { status: 200, body: await connectorBody(deps.db, await requireConnector(deps.db, params.name)) };
    },
  });
}

export const activateRoute = activityRoute('activate', 'Include a connector in scheduled jobs and polling');
export const deactivateRoute = activityRoute(
  'deactivate',
  'Exclude a connector from scheduled jobs and polling; people can still start syncs',
);

export const purgeRoute = route({
  method: 'post',
  path: '/v1/connectors/{name}/purge',
  tag: 'connectors',
  summary: 'Remove retired entity types, properties and links',
  description:
    'This is a sync like any other: it is counted, held if it exceeds a threshold, and applied when it is resumed.',
  params: { name: z.string() },
  answers: { 202: { description: 'The sync that removes them', schema: syncSchema } },
  problems: [404, 409, 503],
  async handle({ deps, params, by }) {
    const connector = await requireConnector(deps.db, params.name);
    const { revision } = await requireActiveFile(deps.db, connector);
    const sync = await startSync(deps, {
      connector,
      configRevision: revision,
      mode: 'complete',
      tasks: ['synchronize'],
      scope: null,
      dryRun: false,
      trigger: 'purge',
      priority: 'normal',
      by,
    });
    return { status: 202, body: syncBody(sync), headers: { location: `/v1/syncs/${sync.id}` } };
  },
});
