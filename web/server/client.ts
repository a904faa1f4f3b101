import createClient from 'openapi-fetch';
import type { paths } from '../generated/api.ts';
import { heardFrom } from './connection.ts';
import { ProblemError } from './problem.ts';
import type { ProblemBody } from './types.ts';

/** The API. The parameter `key` of an address is given encoded (words/key.ts): a comma in it separates its parts. */
export const api = createClient<paths>({
  baseUrl: '/',
  pathSerializer: (pathname, values) =>
    pathname.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = String(values[name]);
      return name === 'key' ? value : encodeURIComponent(value);
    }),
});

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The body of a success. @throws ProblemError for every other answer, and if there is none */
export async function ask<Data>(request: Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>;
  try {
    answer = await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    heardFrom('unreachable');
    throw new ProblemError(
      0,
      undefined,
      'Check that Syncline runs and that this device reaches it. What is shown may be old.',
    );
  }
  const { data, error, response } = answer;
  if (response.ok) {
    heardFrom('connected');
    return data as Data;
  }
  const body = typeof error === 'object' && error !== null && 'code' in error ? error : undefined;
  heardFrom(response.status === 502 || response.status === 504 ? 'unreachable' : 'connected');
  throw new ProblemError(response.status, body as (ProblemBody & Record<string, unknown>) | undefined);
}

/** One key a dialog: a click that is repeated, or a retry, does the thing once. */
export const onceKey = (key: string) => ({ 'idempotency-key': key });
