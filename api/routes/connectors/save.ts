import { z } from 'zod';
import { findConnector, lockConnector, saveRevision } from '../../../repository/connectors.ts';
import { activate } from '../../activate.ts';
import { requireRevision } from '../../if-match.ts';
import { invalid } from '../../problems.ts';
import { readConnectorFile } from '../../read-connector-file.ts';
import { route } from '../../route.ts';
import { savedSchema } from '../../schemas/connector.ts';
import { startProvisioning } from '../../start-provisioning.ts';
import { startMapping } from '../../start-mapping.ts';
import { fileInUse, wakePolls } from '../../wake-polls.ts';

export const saveRoute = route({
  method: 'put',
  path: '/v1/connectors/{name}',
  tag: 'connectors',
  summary: 'Create or replace a connector from its file',
  description:
    'The next sync uses it. A running or held sync keeps the revision with which it began. An `If-Match` with a revision guards against overwriting a newer one; `If-None-Match: *` only creates.',
  params: { name: z.string() },
  query: {
    activate: z
      .enum(['true', 'false'])
      .default('true')
      .describe('false: save it as the newest revision, but do not use it yet'),
  },
  body: z.unknown().describe('A connector file; its JSON Schema is at /v1/schemas/connector.json'),
  bodyTypes: ['application/yaml', 'application/json'],
  answers: {
    200: { description: 'Replaced', schema: savedSchema },
    201: { description: 'Created', schema: savedSchema },
  },
  problems: [400, 412, 415, 422],
  async handle({ deps, params, query, body, request, by }) {
    const file = await readConnectorFile(deps, body);
    if (file.name !== params.name)
      throw invalid('/name', `The file has the name ${file.name}, but the address has ${params.name}.`);
    const before = await findConnector(deps.db, file.name);
    const fileBefore = before && (await fileInUse(deps.db, before));
    if (fileBefore && fileBefore.kind !== file.kind)
      throw invalid(
        '/kind',
        `The ${fileBefore.kind.toLowerCase()} ${file.name} cannot become a ${file.kind.toLowerCase()}: delete it first, or give it another name.`,
      );
    const answer = await deps.db.transaction(async (tx) => {
      const connector = await lockConnector(tx, file.name, file.displayName ?? file.name);
      // a connector that was just created has no revision yet
      requireRevision(request, connector.newestRevision || undefined, 'The newest revision');
      const revision = await saveRevision(tx, connector, file, by);
      const inUse = query.activate === 'true' && connector.activeRevision !== revision;
      if (inUse) await activate(tx, connector, revision, file);
      return {
        status: connector.newestRevision === 0 ? 201 : 200,
        headers: { etag: `"${String(revision)}"`, location: `/v1/connectors/${file.name}` },
        body: {
          name: file.name,
          revision,
          activeRevision: inUse ? revision : connector.activeRevision,
          changed: revision !== connector.newestRevision,
        },
      };
    });
    await wakePolls(deps, file.name, fileBefore);
    await startMapping(deps, by);
    await startProvisioning(deps, file.name, by);
    return answer;
  },
});
