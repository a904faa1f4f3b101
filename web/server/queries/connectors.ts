import { queryOptions } from '@tanstack/react-query';
import { api, ask, onceKey } from '../client.ts';
import { unlessLive } from '../live/state.ts';

export const connectorsQuery = queryOptions({
  queryKey: ['connectors'],
  queryFn: async ({ signal }) => {
    const items = [];
    let cursor: string | undefined;
    do {
      const page = await ask(
        api.GET('/v1/connectors', { params: { query: { limit: 500, ...(cursor ? { cursor } : {}) } }, signal }),
      );
      items.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && items.length < 2_000);
    return items;
  },
  refetchInterval: (query) => unlessLive(10_000, query),
});

export const mapQuery = queryOptions({
  queryKey: ['connector-map'],
  queryFn: ({ signal }) => ask(api.GET('/v1/connector-map', { signal })),
  refetchInterval: (query) => unlessLive(10_000, query),
});

export const connectorQuery = (name: string, revision?: number) =>
  queryOptions({
    queryKey: ['connector', name, revision ?? 0],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/v1/connectors/{name}', {
          params: { path: { name }, query: revision === undefined ? {} : { revision } },
          signal,
        }),
      ),
  });

export const revisionsQuery = (name: string) =>
  queryOptions({
    queryKey: ['revisions', name],
    queryFn: ({ signal }) =>
      ask(api.GET('/v1/connectors/{name}/revisions', { params: { path: { name }, query: { limit: 100 } }, signal })),
  });

export const adviceQuery = (name: string) =>
  queryOptions({
    queryKey: ['advice', name],
    queryFn: ({ signal }) =>
      ask(api.GET('/v1/connectors/{name}/thresholds/advice', { params: { path: { name } }, signal })),
  });

/** Whether each connection answers. It is asked only where somebody wants to know; the last answer is kept until the tab ends. */
export const testQuery = (name: string) =>
  queryOptions({
    queryKey: ['test', name],
    queryFn: () =>
      ask(
        api.POST('/v1/connectors/{name}/test', {
          params: { path: { name }, header: onceKey(crypto.randomUUID()) },
        }),
      ),
    gcTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

export const packagesQuery = queryOptions({
  queryKey: ['packages'],
  queryFn: ({ signal }) => ask(api.GET('/v1/packages', { signal })),
  staleTime: Infinity,
});

export const refusalsQuery = (connector: string | undefined) =>
  queryOptions({
    queryKey: ['refusals', connector ?? ''],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/v1/refusals', {
          params: { query: { limit: 200, state: 'active', ...(connector === undefined ? {} : { connector }) } },
          signal,
        }),
      ),
  });
