import { z } from 'zod';
import { shownFile } from '../../../domain/directory/directory-file.ts';
import { listCheckpoints } from '../../../repository/checkpoint.ts';
import { deleteConnector, listConnectors, listRevisions, lockConnector } from '../../../repository/connectors.ts';
import { firstQuarantine, quarantinesOf } from '../../../repository/quarantine.ts';
import { connectorBody } from '../../connector-body.ts';
import { requireRevision } from '../../if-match.ts';
import { pageQuery, readCursor, toPage } from '../../pagination.ts';
import { Problem } from '../../problems.ts';
import { requireConnector, requireFile } from '../../require-connector.ts';
import { route } from '../../route.ts';
import { connectorSchema, connectorWithFileSchema, revisionSchema } from '../../schemas/connector.ts';
import { pageOf } from '../../schemas/words.ts';
import { fileInUse, wakePolls } from '../../wake-polls.ts';

/** The greatest number that a revision can have. */
const lastRevision = 2_147_483_647;

export const listRoute = route({
  method: 'get',
  path: '/v1/connectors',
  tag: 'connectors',
  summary: 'Connectors by name',
  query: pageQuery,
  answers: { 200: { description: 'A page', schema: pageOf(connectorSchema) } },
  problems: [422],
  async handle({ deps, query: { limit, cursor } }) {
    const found = await listConnectors(deps.db, readCursor(cursor, z.string()) ?? '', limit + 1);
    const page = toPage(
      found,
      limit,
      (last) => last.name,
      (connector) => connector,
    );
    const items = [];
    for (const connector of page.items) items.push(await connectorBody(deps.db, connector));
    return { status: 200, body: { items, nextCursor: page.nextCursor } };
  },
});

export const getRoute = route({
  method: 'get',
  path: '/v1/connectors/{name}',
  tag: 'connectors',
  summary: 'One connector, with its file',
  params: { name: z.string() },
  query: {
    revision: z.coerce
      .number('revision must be a number')
      .int()
      .min(1)
      .max(lastRevision, 'there is no revision of this number')
      .optional()
      .describe('Default: the newest'),
  },
  answers: { 200: { description: 'The connector', schema: connectorWithFileSchema } },
  problems: [404],
  async handle({ deps, params, query }) {
    const connector = await requireConnector(deps.db, params.name);
    const fileRevision = query.revision ?? connector.newestRevision;
    const file = await requireFile(deps.db, connector, fileRevision);
    return {
      status: 200,
      headers: { etag: `"${String(connector.newestRevision)}"` },
      body: {
        ...(await connectorBody(deps.db, connector)),
        checkpoints: await listCheckpoints(deps.db, connector.id),
        quarantine: firstQuarantine(await quarantinesOf(deps.db, connector.id)),
        fileRevision,
        file: shownFile(file),
      },
    };
  },
});

export const revisionsRoute = route({
  method: 'get',
  path: '/v1/connectors/{name}/revisions',
  tag: 'connectors',
  summary: 'Revisions of the file, newest first',
  params: { name: z.string() },
  query: pageQuery,
  answers: { 200: { description: 'A page', schema: pageOf(revisionSchema) } },
  problems: [404, 422],
  async handle({ deps, params, query: { limit, cursor } }) {
    const connector = await requireConnector(deps.db, params.name);
    const before = readCursor(cursor, z.int().min(0).max(lastRevision)) ?? connector.newestRevision + 1;
    const found = await listRevisions(deps.db, connector.id, before, limit + 1);
    const page = toPage(
      found,
      limit,
      (last) => last.revision,
      (each) => ({
        ...each,
        active: each.revision === connector.activeRevision,
      }),
    );
    return { status: 200, body: page };
  },
});

export const deleteRoute = route({
  method: 'delete',
  path: '/v1/connectors/{name}',
  tag: 'connectors',
  summary: 'Delete a connector that has no resources left',
  description:
    'Its syncs and revisions are deleted too. To remove its resources first, save a file without its entity types, then purge. An `If-Match` with the newest revision guards against deleting a newer one.',
  params: { name: z.string() },
  answers: { 204: { description: 'Deleted' } },
  problems: [404, 409, 412],
  async handle({ deps, params, request }) {
    const before = await requireConnector(deps.db, params.name);
    const file = await fileInUse(deps.db, before);
    await deps.db.transaction(async (tx) => {
      const connector = await lockConnector(tx, params.name, before.displayName);
      requireRevision(request, connector.newestRevision, 'The newest revision');
      const { runningSync } = await connectorBody(deps.db, connector);
      if (runningSync)
        throw new Problem(
          'conflict',
          `The sync ${runningSync.id} of ${params.name} has not ended: cancel or reject it first.`,
        );
      if (!(await deleteConnector(tx, connector.id)))
        throw new Problem(
          'resources-remain',
          `${params.name} still has resources, or another connector's links lead to its entity types. Retire its entity types (a file without them), purge it, then delete it.`,
        );
    });
    await wakePolls(deps, params.name, file);
    return { status: 204 };
  },
});
