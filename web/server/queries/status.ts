import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask } from '../client.ts';
import { unlessLive } from '../live/state.ts';

/** Every connector with what a person has to know of it. One request serves the frame, the overview and the lists. */
export const statusQuery = queryOptions({
  queryKey: ['sync-status'],
  queryFn: async ({ signal }) => {
    const items = [];
    let cursor: string | undefined;
    do {
      const page = await ask(
        api.GET('/v1/sync-status', { params: { query: { limit: 500, ...(cursor ? { cursor } : {}) } }, signal }),
      );
      items.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && items.length < 2_000);
    return items;
  },
  refetchInterval: (query) => unlessLive(5_000, query),
});

export interface OpenErrorFilter {
  connector?: string;
  entityType?: string;
  property?: string;
  key?: string;
  code?: string;
  effect?: string;
}

/** Open errors by code and property: few, however many errors there are. */
export const errorGroupsQuery = (filter: OpenErrorFilter) =>
  queryOptions({
    queryKey: ['error-groups', filter],
    queryFn: async ({ signal }) => {
      const items = [];
      for (let cursor: string | undefined; ;) {
        const query = { ...(filter as object), limit: 500, ...(cursor ? { cursor } : {}) };
        const page = await ask(api.GET('/v1/sync-errors/groups', { params: { query }, signal }));
        items.push(...page.items);
        cursor = page.nextCursor ?? undefined;
        if (cursor === undefined || items.length >= 2_000) return { items, total: page.total, notKept: page.notKept };
      }
    },
  });

export const openErrorsQuery = (filter: OpenErrorFilter) =>
  infiniteQueryOptions({
    queryKey: ['open-errors', filter],
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/v1/sync-errors', {
          params: { query: { ...(filter as object), limit: 100, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
