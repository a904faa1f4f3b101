import createClient, { type Client } from 'openapi-fetch';
import { Failure } from './failure.ts';
import type { components, paths } from './generated/api.ts';
import type { Target } from './target.ts';
import { explainAnswer, explainBreak } from './unreachable.ts';

export type Api = Client<paths>;
export type Sync = components['schemas']['Sync'];

/** A client whose calls end in the body or a Failure. */
export function connect(target: Target): Api {
  return createClient<paths>({
    baseUrl: target.url,
    fetch: async (request) => {
      for (const [name, value] of target.headers) request.headers.set(name, value);
      const response = await send(target, request, AbortSignal.timeout(target.timeout));
      // a body that is no JSON comes from another server, or from something between
      if (response.status !== 204 && !/[/+]json\b/.test(response.headers.get('content-type') ?? ''))
        throw explainAnswer(target, response);
      return response;
    },
  });
}

/**
 * Sends one request.
 * @throws Failure `unavailable` that says why there is no answer
 */
export async function send(target: Target, request: Request | URL, signal: AbortSignal): Promise<Response> {
  try {
    return request instanceof URL
      ? await fetch(request, { headers: target.headers, signal })
      : await fetch(request, { signal });
  } catch (error) {
    throw explainBreak(target, error);
  }
}

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The body of an answer. @throws Failure with what the problem says */
export function bodyOf<Data>({ data, error, response }: Answer<Data>): Data {
  if (response.ok && data !== undefined) return data;
  throw problemOf(response.status, error);
}

/** What a problem body says, as the failure of a command. */
export function problemOf(status: number, body: unknown): Failure {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as {
    code?: string;
    title?: string;
    detail?: string;
    errors?: { pointer?: string; detail: string }[];
  };
  return new Failure(
    problem.code ?? String(status),
    problem.detail ?? problem.title ?? `The API answered ${String(status)}.`,
    problem.errors ?? [],
  );
}
