import { z } from 'zod';
import { proposeTypes } from '../../../domain/propose-types.ts';
import { inspect } from '../../inspect.ts';
import { invalid } from '../../problems.ts';
import { readConnectorFile } from '../../read-connector-file.ts';
import { route } from '../../route.ts';
import { discoverySchema } from '../../schemas/connector.ts';

/** Stands where types are not known yet; nothing is read of it. */
const placeholder = {
  name: 'Placeholder',
  source: { connection: 'source', table: 'placeholder' },
  key: ['id'],
  properties: { id: { column: 'id' } },
};

export const proposeRoute = route({
  method: 'post',
  path: '/v1/connectors/propose',
  tag: 'connectors',
  summary: 'A first connector file for a system: its tables are discovered, and types guessed from them',
  description: 'Nothing is saved. Secrets are named by reference, as in a file.',
  body: z.strictObject({
    name: z.string().min(1).max(63).describe('Of the connector'),
    package: z.string(),
    settings: z.record(z.string(), z.unknown()).default({}),
    secrets: z.record(z.string(), z.unknown()).default({}),
    tables: z.array(z.string()).min(1).optional().describe('Default: all that are found, at most 50'),
  }),
  answers: {
    200: {
      description: 'A file, and why it says what it says',
      schema: z.object({
        file: z.unknown().describe('A connector file'),
        guesses: z.array(z.object({ pointer: z.string(), reason: z.string() })),
        connections: z.array(discoverySchema),
      }),
    },
  },
  problems: [409, 422, 503],
  async handle({ deps, body }) {
    const { name, settings, secrets, tables: wanted } = body;
    const connection = {
      ...{ name: 'source', package: body.package, settings },
      ...(Object.keys(secrets).length > 0 ? { secrets } : {}),
    };
    const base = { apiVersion: 'syncline/v1', kind: 'Connector', name, connections: [connection] };
    const file = await readConnectorFile(deps, { ...base, entityTypes: [placeholder] });
    const connections = await inspect(deps, 'schema', file);
    const found = z.array(discoverySchema.loose()).parse(connections);
    const failed = found.find(({ ok }) => ok === false);
    if (failed) throw invalid('/settings', failed.message ?? 'The system cannot be read.');
    const tables = (found[0]?.tables ?? []).filter(({ table }) => wanted?.includes(table) ?? true).slice(0, 50);
    const { entityTypes, guesses } = proposeTypes(name, tables);
    return { status: 200, body: { file: { ...base, entityTypes }, guesses, connections: found } };
  },
});
