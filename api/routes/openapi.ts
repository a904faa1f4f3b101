import { z } from 'zod';
import { route } from '../route.ts';

export const openApiRoute = route({
  method: 'get',
  path: '/v1/openapi.json',
  tag: 'operation',
  summary: 'This contract as an OpenAPI 3.1 document',
  answers: { 200: { description: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) } },
  async handle({ deps }) {
    // built from the routes, of which this is one
    const { buildOpenApi } = await import('../openapi.ts');
    return { status: 200, body: buildOpenApi(deps.version) };
  },
});
