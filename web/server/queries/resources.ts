import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { keyToPath } from '../../words/key.ts';
import { api, ask } from '../client.ts';

export const typesQuery = queryOptions({
  queryKey: ['types'],
  queryFn: ({ signal }) => ask(api.GET('/v1/entity-types', { params: { query: { limit: 500 } }, signal })),
  staleTime: 10_000,
});

export const typeQuery = (name: string) =>
  queryOptions({
    queryKey: ['type', name],
    queryFn: ({ signal }) => ask(api.GET('/v1/entity-types/{name}', { params: { path: { name } }, signal })),
  });

/** @param query filters and order as the API names them */
export const browseQuery = (name: string, query: Record<string, string | string[]>) =>
  infiniteQueryOptions({
    queryKey: ['resources', name, query],
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/v1/entity-types/{name}/resources', {
          params: {
            path: { name },
            query: { ...(query as object), limit: 100, ...(pageParam === '' ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

const at = (name: string, key: readonly string[]) => ({ path: { name, key: keyToPath(key) } });

export const resourceQuery = (name: string, key: readonly string[]) =>
  queryOptions({
    queryKey: ['resource', name, key],
    queryFn: ({ signal }) => ask(api.GET('/v1/entity-types/{name}/resources/{key}', { params: at(name, key), signal })),
  });

export const historyQuery = (name: string, key: readonly string[]) =>
  queryOptions({
    queryKey: ['history', name, key],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/v1/entity-types/{name}/resources/{key}/history', {
          params: { ...at(name, key), query: { limit: 50 } },
          signal,
        }),
      ),
  });

export const graphQuery = (name: string, key: readonly string[], depth: '1' | '2') =>
  queryOptions({
    queryKey: ['graph', name, key, depth],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/v1/entity-types/{name}/resources/{key}/graph', {
          params: { ...at(name, key), query: { depth } },
          signal,
        }),
      ),
  });

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: ({ signal }) => ask(api.GET('/v1/search', { params: { query: { q, limit: 100 } }, signal })),
    enabled: q.trim() !== '',
  });

/** The links of a resource: those that lead from it by a property, or those of `Type.property` that lead to it. */
export interface LinksOf {
  type: string;
  key: readonly string[];
  navigation?: string;
  from?: string;
}

/** More links of a resource. */
export function readLinks({ type, key, navigation, from }: LinksOf, cursor: string) {
  const path = { name: type, key: keyToPath(key) };
  const query = { cursor, limit: 100 };
  if (navigation !== undefined)
    return ask(
      api.GET('/v1/entity-types/{name}/resources/{key}/links/{navigation}', {
        params: { path: { ...path, navigation }, query },
      }),
    );
  const [source = '', property = ''] = (from ?? '').split('.');
  return ask(
    api.GET('/v1/entity-types/{name}/resources/{key}/referenced-by/{type}/{navigation}', {
      params: { path: { ...path, type: source, navigation: property }, query },
    }),
  );
}
