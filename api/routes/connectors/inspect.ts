import { z } from 'zod';
import { findDiscovery } from '../../../repository/inspections.ts';
import { inspect } from '../../inspect.ts';
import { notFound } from '../../problems.ts';
import { readConnectorFile } from '../../read-connector-file.ts';
import { requireConnector, requireFile } from '../../require-connector.ts';
import { route } from '../../route.ts';
import { discoverySchema, findingSchema } from '../../schemas/connector.ts';
import { timeSchema } from '../../schemas/words.ts';

const testAnswer = z.object({ ok: z.boolean(), connections: z.array(findingSchema) });
const schemaAnswer = z.object({ discoveredAt: timeSchema, connections: z.array(discoverySchema) });

export const testRoute = route({
  method: 'post',
  path: '/v1/connectors/{name}/test',
  tag: 'connectors',
  summary: 'Test each connection of a connector',
  description: 'The newest revision is used.',
  params: { name: z.string() },
  answers: { 200: { description: 'The result of each connection', schema: testAnswer } },
  problems: [404, 409, 503],
  async handle({ deps, params }) {
    const connector = await requireConnector(deps.db, params.name);
    const file = await requireFile(deps.db, connector, connector.newestRevision);
    const connections = await inspect(deps, 'test', file);
    return { status: 200, body: { ok: connections.every((each) => each['ok'] === true), connections } };
  },
});

export const testFileRoute = route({
  method: 'post',
  path: '/v1/connectors/test',
  tag: 'connectors',
  summary: 'Test the connections of a file that is not saved',
  body: z.unknown().describe('A connector file'),
  bodyTypes: ['application/yaml', 'application/json'],
  answers: { 200: { description: 'The result of each connection', schema: testAnswer } },
  problems: [400, 409, 415, 422, 503],
  async handle({ deps, body }) {
    const connections = await inspect(deps, 'test', await readConnectorFile(deps, body));
    return { status: 200, body: { ok: connections.every((each) => each['ok'] === true), connections } };
  },
});

export const discoverRoute = route({
  method: 'post',
  path: '/v1/connectors/{name}/schema',
  tag: 'connectors',
  summary: 'Discover tables and columns',
  params: { name: z.string() },
  answers: { 200: { description: 'The tables and columns', schema: schemaAnswer } },
  problems: [404, 409, 503],
  async handle({ deps, params }) {
    const connector = await requireConnector(deps.db, params.name);
    await inspect(deps, 'schema', await requireFile(deps.db, connector, connector.newestRevision));
    return { status: 200, body: await findDiscovery(deps.db, connector.id) };
  },
});

export const discoverFileRoute = route({
  method: 'post',
  path: '/v1/connectors/schema',
  tag: 'connectors',
  summary: 'Discover the tables and columns of a file that is not saved',
  description: 'Nothing is kept, also where a connector has the name of the file.',
  body: z.unknown().describe('A connector file'),
  bodyTypes: ['application/yaml', 'application/json'],
  answers: { 200: { description: 'The tables and columns', schema: schemaAnswer } },
  problems: [400, 409, 415, 422, 503],
  async handle({ deps, body }) {
    const connections = await inspect(deps, 'schema', await readConnectorFile(deps, body), { unsaved: true });
    return { status: 200, body: { discoveredAt: new Date().toISOString(), connections } };
  },
});

export const schemaRoute = route({
  method: 'get',
  path: '/v1/connectors/{name}/schema',
  tag: 'connectors',
  summary: 'The last discovery',
  params: { name: z.string() },
  answers: { 200: { description: 'The tables and columns of the last discovery', schema: schemaAnswer } },
  problems: [404],
  async handle({ deps, params }) {
    const connector = await requireConnector(deps.db, params.name);
    const found = await findDiscovery(deps.db, connector.id);
    if (!found)
      throw notFound(
        `The tables of ${params.name} have not been discovered yet: POST /v1/connectors/${params.name}/schema.`,
      );
    return { status: 200, body: found };
  },
});
