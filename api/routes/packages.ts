import { z } from 'zod';
import { describePackages, fileSchema } from '../../connectors/registry.ts';
import { route } from '../route.ts';
import { packageSchema } from '../schemas/connector.ts';

export const packagesRoute = route({
  method: 'get',
  path: '/v1/packages',
  tag: 'packages',
  summary: 'Packages: the kinds of systems, their abilities and their settings',
  answers: {
    200: {
      description: 'All of them',
      schema: z.object({ items: z.array(packageSchema), nextCursor: z.null() }),
    },
  },
  handle: () => Promise.resolve({ status: 200, body: { items: describePackages(), nextCursor: null } }),
});

export const fileSchemaRoute = route({
  method: 'get',
  path: '/v1/schemas/connector.json',
  tag: 'packages',
  summary: 'The JSON Schema of a connector file',
  answers: {
    200: {
      description: 'JSON Schema 2020-12',
      schema: z.record(z.string(), z.unknown()),
      type: 'application/schema+json',
    },
  },
  handle: () =>
    Promise.resolve({
      status: 200,
      body: fileSchema(),
      headers: { 'content-type': 'application/schema+json; charset=utf-8' },
    }),
});
