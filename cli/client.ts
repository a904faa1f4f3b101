import createClient, { type Client } from 'openapi-fetch';
import type { Command } from 'commander';
import { Failure } from './failure.ts';
import type { components, paths } from './generated/api.ts';

export type Api = Client<paths>;
export type Sync = components['schemas']['Sync'];

export interface Common {
  url: string;
  json: boolean;
}

/** The options that every command has, before or after its name. */
export function commonOptions(command: Command): Common {
  const { url, json } = command.optsWithGlobals<{ url: string; json?: boolean }>();
  return { url, json: json ?? false };
}

/** A client whose calls end in the body or a Failure. */
export function connect(url: string): Api {
  return createClient<paths>({
    baseUrl: url.replace(/\/$/, ''),
    fetch: async (request) => {
      try {
        return await fetch(request);
      } catch {
        throw new Failure(
          'unavailable',
          `There is no Syncline at ${url}. Start it with npm start, or name its address with --url.`,
        );
      }
    },
  });
}

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The body of an answer. @throws Failure with what the problem says */
export function bodyOf<Data>({ data, error, response }: Answer<Data>): Data {
  if (response.ok && data !== undefined) return data;
  const problem = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: string;
    title?: string;
    detail?: string;
    errors?: { pointer?: string; detail: string }[];
  };
  throw new Failure(
    problem.code ?? String(response.status),
    problem.detail ?? problem.title ?? `The API answered ${String(response.status)}.`,
    problem.errors ?? [],
  );
}
