import { coverNames, uncoverNames } from '../domain/chosen-names.ts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { toPointer, type Fault } from '../domain/fault.ts';
import { faultsOf } from '../domain/parse-connector-file.ts';
import { textFaults } from '../domain/text-faults.ts';
import type { Dependencies } from './dependencies.ts';
import { Problem } from './problems.ts';

export type Shape = Readonly<Record<string, z.ZodType>>;

/** What a handler gets: everything checked. */
export interface Call<Params, Query, Body> {
  deps: Dependencies;
  params: Params;
  query: Query;
  body: Body;
  request: Request;
  response: Response;
  /** Who asks; `user:local` until there are logins. */
  by: string;
}

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface AnswerSpec {
  description: string;
  schema?: z.ZodType;
  /** Media type; default: JSON. */
  type?: string;
}

/** One route: the schemas that check its requests are those that the OpenAPI document shows. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'delete';
  /** As in OpenAPI, `/v1/syncs/{id}`. */
  path: string;
  tag: string;
  summary: string;
  description?: string | undefined;
  params: z.ZodObject;
  query: z.ZodObject | undefined;
  /** Parameters that are named by the data, such as filters. */
  moreQuery?: boolean | undefined;
  body: BodySpec | undefined;
  answers: Record<number, AnswerSpec>;
  /** Other answers that this route gives on purpose. */
  problems: number[];
  run(deps: Dependencies, request: Request, response: Response): Promise<Answer | undefined>;
}

export interface BodySpec {
  schema: z.ZodType;
  /** Media types that are read; a text other than JSON comes as a string. */
  types: readonly string[];
  required: boolean;
}

interface RouteOptions<Params extends Shape, Query extends Shape, Body> {
  method: Route['method'];
  path: string;
  tag: string;
  summary: string;
  description?: string;
  params?: Params;
  query?: Query;
  /** Other query parameters than the named ones are allowed: `filter[name]`. */
  moreQuery?: boolean;
  body?: z.ZodType<Body>;
  bodyTypes?: readonly string[];
  bodyRequired?: boolean;
  answers: Record<number, AnswerSpec>;
  problems?: number[];
  handle: (call: Call<Values<Params>, Values<Query>, Body>) => Promise<Answer | undefined>;
}

type Values<Of extends Shape> = { [Name in keyof Of]: z.output<Of[Name]> };

type Nothing = Readonly<Record<string, never>>;

export function route<Params extends Shape = Nothing, Query extends Shape = Nothing, Body = undefined>(
  options: RouteOptions<Params, Query, Body>,
): Route {
  const { handle, body, bodyTypes, bodyRequired, moreQuery, ...rest } = options;
  const params = z.object(options.params ?? {});
  const query = moreQuery ? z.looseObject(options.query ?? {}) : z.strictObject(options.query ?? {});
  const bodySpec = body && { schema: body, types: bodyTypes ?? ['application/json'], required: bodyRequired ?? true };
  return {
    ...rest,
    params,
    query: options.query ? query : undefined,
    moreQuery,
    body: bodySpec,
    problems: options.problems ?? [],
    async run(deps, request, response) {
      const call = {
        deps,
        request,
        response,
        by: 'user:local',
        params: check(params, rawParams(options.path, request)) as Values<Params>,
        query: check(query, request.query) as Values<Query>,
        body: readBody(bodySpec, request) as Body,
      };
      return handle(call);
    },
  };
}

/** Values of the path's parameters; those named `key` keep their encoding, because `,` and `%2C` differ. */
function rawParams(path: string, request: Request): Record<string, string> {
  const segments = (request.originalUrl.split('?')[0] ?? '').split('/');
  return Object.fromEntries(
    path.split('/').flatMap((part, i) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined) return [];
      const segment = segments[i] ?? '';
      return [[name, name === 'key' ? segment : decode(segment)] as const];
    }),
  );
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Problem('bad-request', 'The address has a percent sign that begins no encoded character.');
  }
}

function readBody(spec: BodySpec | undefined, request: Request): unknown {
  const body: unknown = request.body;
  if (!spec) {
    refuseBody(body, request);
    return undefined;
  }
  if (body === undefined) {
    if (!spec.required && Number(request.headers['content-length'] ?? 0) === 0) return check(spec.schema, {});
    const type = request.headers['content-type'];
    if (type !== undefined && request.is([...spec.types]) === false)
      throw new Problem(
        'unsupported-media-type',
        `A body of ${type} is not read by this route; send ${spec.types.join(' or ')}.`,
      );
    throw new Problem('invalid', `A body of ${spec.types.join(' or ')} is needed.`, {
      errors: [{ pointer: '', detail: 'The body is missing.' }],
    });
  }
  const texts = textFaults(body);
  if (texts.length > 0) throw unfit(texts);
  return check(spec.schema, body);
}

/** An ignored body is refused: its sender would believe that it had an effect. */
function refuseBody(body: unknown, request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (body === undefined) {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    if (encoding === undefined && Number(length ?? 0) === 0) return;
    throw new Problem('unsupported-media-type', 'This route reads no body; send none.');
  }
  if (body === null || body === '') return;
  const texts = textFaults(body);
  if (texts.length > 0) throw unfit(texts);
  const fields = typeof body === 'object' ? Object.keys(body) : [''];
  if (fields.length === 0) return;
  throw unfit(
    fields.map((field) => ({
      pointer: field === '' ? '' : toPointer([field]),
      detail:
        field === '' ? 'This route reads no body; send none.' : `${field} is not a field: this route reads no body.`,
    })),
  );
}

function check<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(coverNames(value), { reportInput: true });
  if (parsed.success) return uncoverNames(parsed.data);
  const errors = parsed.error.issues.flatMap(faultsOf);
  throw unfit(errors);
}

function unfit(errors: Fault[]): Problem {
  const unsupported = errors.some(({ detail }) => detail.includes('is not supported by this version'));
  const [first] = errors;
  const where = first === undefined || first.pointer === '' ? '' : `${first.pointer}: `;
  return new Problem(
    unsupported ? 'not-supported' : 'invalid',
    `${where}${first?.detail ?? 'The request does not fit.'}${errors.length > 1 ? ` (and ${String(errors.length - 1)} more)` : ''}`,
    { errors },
  );
}
