import { z } from 'zod';
import { tasks } from '../../../domain/sync.ts';
import { Problem } from '../../problems.ts';
import { requireActiveFile, requireConnector } from '../../require-connector.ts';
import { findByKey, keyIn, requireEntityType } from '../../resource-body.ts';
import { route } from '../../route.ts';
import { syncSchema } from '../../schemas/sync.ts';
import { startSync } from '../../start-sync.ts';
import { syncBody } from '../../sync-body.ts';

export const itemRoute = route({
  method: 'post',
  path: '/v1/entity-types/{name}/resources/{key}/sync',
  tag: 'syncs',
  summary: 'Sync item: one resource, at high priority, beside any other sync',
  description:
    'Also for a key that is not stored yet. For a `users: true` type, the sync creates and removes the resource and synchronises its links. Only Sync users changes its attributes.',
  params: { name: z.string(), key: z.string() },
  answers: { 202: { description: 'The sync, started', schema: syncSchema } },
  problems: [404, 409, 422, 503],
  async handle({ deps, params, by }) {
    const type = await requireEntityType(deps.db, params.name);
    const { key } = await findByKey(deps.db, type, keyIn(type, params.key));
    const connector = await requireConnector(deps.db, type.connectorName);
    const active = await requireActiveFile(deps.db, connector);
    if (type.retired) throw new Problem('conflict', `${type.name} is retired: it is no longer synchronised.`);
    const sync = await startSync(deps, {
      connector,
      configRevision: active.revision,
      mode: 'complete',
      tasks: [...tasks],
      scope: { keys: { [type.name]: [key.parts] }, users: 'leave' },
      dryRun: false,
      trigger: 'high-priority',
      priority: 'high',
      by,
    });
    return { status: 202, body: syncBody(sync), headers: { location: `/v1/syncs/${sync.id}` } };
  },
});
