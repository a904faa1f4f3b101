import { z } from 'zod';
import { requireConnector } from '../../require-connector.ts';
import { route } from '../../route.ts';
import { connectorRevertSchema, revertSchema } from '../../schemas/revert.ts';
import { syncSchema } from '../../schemas/sync.ts';
import { newestSyncs, startRevert } from '../../start-revert.ts';
import { requireSync, syncBody } from '../../sync-body.ts';

const answers = { 202: { description: 'The sync that undoes them', schema: syncSchema } };

const rules =
  'It is a sync like any other: counted, held if it exceeds a threshold, and applied when it is resumed. It runs beside a running or held sync. What others have changed since stays, and is listed in the errors as warnings: `revert-touched`, `revert-linked`, `revert-key-taken`, `revert-end-missing`, `revert-retired`, `revert-erased`.';

export const revertRoute = route({
  method: 'post',
  path: '/v1/syncs/{id}/revert',
  tag: 'syncs',
  summary: 'Undo an applied sync',
  description: rules,
  params: { id: z.string() },
  body: revertSchema,
  answers,
  problems: [404, 409, 422, 503],
  async handle({ deps, params, body, by }) {
    const undone = await requireSync(deps.db, params.id);
    const connector = await requireConnector(deps.db, undone.connector);
    const { id, applied, changesRemovedAt } = undone;
    const sync = await startRevert(
      deps,
      connector,
      [{ id, applied, changesRemoved: changesRemovedAt !== null }],
      body,
      by,
    );
    return { status: 202, body: syncBody(sync), headers: { location: `/v1/syncs/${sync.id}` } };
  },
});

export const revertConnectorRoute = route({
  method: 'post',
  path: '/v1/connectors/{name}/revert',
  tag: 'connectors',
  summary: 'Undo the newest syncs of a connector, by one sync',
  description: `Their net is undone: what one of them did and a later one took back is no change. ${rules}`,
  params: { name: z.string() },
  body: connectorRevertSchema,
  answers,
  problems: [404, 409, 422, 503],
  async handle({ deps, params, body: { last, to, ...rest }, by }) {
    const connector = await requireConnector(deps.db, params.name);
    const sync = await startRevert(deps, connector, await newestSyncs(deps, connector, { last, to }), rest, by);
    return { status: 202, body: syncBody(sync), headers: { location: `/v1/syncs/${sync.id}` } };
  },
});
