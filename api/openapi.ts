import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { problemCodes } from '../domain/codes.ts';
import type { AnswerSpec, Route } from './route.ts';
import { routes } from './routes/index.ts';

const problemSchema = z
  .object({
    type: z.string().describe('/problems/<code>'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(problemCodes) as [keyof typeof problemCodes]),
    errors: z.array(z.object({ pointer: z.string().describe('JSON Pointer'), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

const statusText: Record<number, string> = {
  400: 'The request cannot be read',
  404: 'There is no such thing',
  409: 'The state does not allow it',
  403: 'The request is for another host, or from a page of another site',
  412: 'Another digest or revision was reviewed',
  413: 'The body has more than 1 MiB',
  415: 'The route does not read this media type',
  422: 'The request is invalid; errors name the places',
  429: 'Too many requests; Retry-After says when to try again',
  431: 'The address or the headers have more than 64 KiB',
  503: 'Temporal or Postgres cannot be reached; safe to repeat',
};

const idempotencyKey = z.object({
  'idempotency-key': z
    .string()
    .max(255)
    .optional()
    .describe('The same key and body within 24 hours get the first answer'),
});

const ifMatch = z.object({
  'if-none-match': z.literal('*').optional().describe('`*`: only create. If it exists already, the answer is 412'),
  'if-match': z
    .string()
    .optional()
    .describe('The revision that you have read, quoted. If it is not the newest, the answer is 412'),
});

/** The OpenAPI document, from the specs that check the requests. */
export function buildOpenApi(version: string) {
  const registry = new OpenAPIRegistry();
  for (const route of routes) registry.registerPath(describe(route));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Syncline',
      version,
      description:
        'Identity sync: connectors, syncs, their exact changes and decisions, and the repository they fill. Errors are RFC 9457 problems.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [],
    tags: ['connectors', 'syncs', 'jobs', 'status', 'resources', 'provisioning', 'packages', 'operation'].map(
      (name) => ({ name }),
    ),
  });
  for (const route of routes) {
    if (!route.moreQuery) continue;
    const operation = document.paths?.[route.path]?.[route.method];
    operation?.parameters?.push(filterParameter);
  }
  return JSON.parse(JSON.stringify(document), plainPattern) as typeof document;
}

/** What `filter[property]=value` is in OpenAPI. */
const filterParameter = {
  name: 'filter',
  in: 'query' as const,
  style: 'deepObject' as const,
  explode: true,
  required: false,
  description:
    'By property. If it is repeated, one of the values has to fit. filter[property][null]=true finds absent values.',
  schema: { type: 'object' as const, additionalProperties: true },
};

/** The generator leaves the flags of a regular expression on its pattern. There they would be part of the text. */
function plainPattern(key: string, value: unknown): unknown {
  return key === 'pattern' && typeof value === 'string' ? value.replace(/\/[a-z]+$/, '') : value;
}

/** Answers that any route can give: to unreadable, invalid or too many requests, and if Postgres does not answer. */
const always = [400, 403, 422, 429, 431, 503];
/** Answers to bodies. A route that reads no body refuses one. */
const withBodies = [413, 415];

type PathConfig = Parameters<OpenAPIRegistry['registerPath']>[0];

function describe(route: Route): PathConfig {
  const problems = Object.fromEntries(
    [...new Set([...route.problems, ...always, ...(route.method === 'get' ? [] : withBodies)])].map((status) => [
      status,
      {
        description: statusText[status] ?? 'A problem',
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
  const answers = Object.fromEntries(
    Object.entries(route.answers).map(([status, spec]) => [status, describeAnswer(spec)]),
  );
  return {
    method: route.method,
    path: route.path,
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    request: {
      ...(Object.keys(route.params.shape).length > 0 ? { params: route.params } : {}),
      ...(route.query ? { query: z.object(route.query.shape) } : {}),
      ...(route.method === 'post' ? { headers: idempotencyKey } : {}),
      ...(route.problems.includes(412) && route.method !== 'post' ? { headers: ifMatch } : {}),
      ...(route.body
        ? {
            body: {
              required: route.body.required,
              content: Object.fromEntries(
                route.body.types.map((type) => [type, { schema: route.body?.schema ?? z.unknown() }]),
              ),
            },
          }
        : {}),
    },
    responses: { ...answers, ...problems },
  };
}

function describeAnswer({ description, schema, type }: AnswerSpec) {
  const content = schema ?? (type === undefined ? undefined : z.string());
  return {
    description,
    ...(content ? { content: { [type ?? 'application/json']: { schema: content } } } : {}),
  };
}

/** `get /v1/syncs/{id}/changes` → `getSyncsByIdChanges`. */
function operationId({ method, path }: Route): string {
  const words = path
    .replace(/^\/v1/, '')
    .replaceAll(/\{(\w+)\}/g, 'by-$1')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
