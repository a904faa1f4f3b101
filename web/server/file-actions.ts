import { api, ask, onceKey } from './client.ts';
import { connectorQuery } from './queries/connectors.ts';
import { queryClient } from './query-client.ts';
import { queryOptions } from '@tanstack/react-query';

/** The JSON Schema of connector files. */
export const fileSchemaQuery = queryOptions({
  queryKey: ['file-schema'],
  queryFn: ({ signal }) => ask(api.GET('/v1/schemas/connector.json', { signal })),
  staleTime: Infinity,
});

const asYaml = { headers: { 'content-type': 'application/yaml' }, bodySerializer: (body: unknown) => body as string };

export const validateFile = (text: string) =>
  ask(api.POST('/v1/connectors/validate', { ...asYaml, body: text, params: {} }));

/** The file as it is stored now, whatever was read before. */
export const newestFile = (name: string) => queryClient.query({ ...connectorQuery(name), staleTime: 0 });

export const testFile = (text: string) => ask(api.POST('/v1/connectors/test', { ...asYaml, body: text, params: {} }));

/** @param revision the newest that the page knows: another one is not overwritten */
export async function saveFile(name: string, text: string, activate: boolean, revision: number | undefined) {
  const saved = await ask(
    api.PUT('/v1/connectors/{name}', {
      ...asYaml,
      body: text,
      params: {
        path: { name },
        query: { activate: activate ? 'true' : 'false' },
        ...(revision === undefined ? {} : { header: { 'if-match': `"${String(revision)}"` } }),
      },
    }),
  );
  void queryClient.invalidateQueries();
  return saved;
}

/** @throws ProblemError 412 if a connector has this name */
export async function createFromFile(name: string, text: string) {
  const saved = await ask(
    api.PUT('/v1/connectors/{name}', {
      ...asYaml,
      body: text,
      params: { path: { name }, header: { 'if-none-match': '*' } },
    }),
  );
  void queryClient.invalidateQueries();
  return saved;
}

export const proposeFile = (body: {
  name: string;
  package: string;
  settings: Record<string, unknown>;
  secrets: Record<string, unknown>;
}) => ask(api.POST('/v1/connectors/propose', { body, params: { header: onceKey(crypto.randomUUID()) } }));

export const previewRecord = (
  name: string,
  body: { entityType: string; key?: string[]; row?: Record<string, string>; connector?: unknown },
) => ask(api.POST('/v1/connectors/{name}/preview', { params: { path: { name } }, body }));
