import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask } from '../client.ts';
import { unlessLive } from '../live/state.ts';

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: ({ signal }) => ask(api.GET('/v1/jobs', { params: { query: { limit: 500 } }, signal })),
  refetchInterval: (query) => unlessLive(10_000, query),
});

export const jobQuery = (name: string) =>
  queryOptions({
    queryKey: ['job', name],
    queryFn: ({ signal }) => ask(api.GET('/v1/jobs/{name}', { params: { path: { name } }, signal })),
    refetchInterval: (query) => unlessLive(10_000, query),
  });

/** When a job with this schedule would run. */
export const nextRunsQuery = (cron: string, timezone: string) =>
  queryOptions({
    queryKey: ['next-runs', cron, timezone],
    queryFn: async ({ signal }) => {
      const { nextRuns } = await ask(api.GET('/v1/next-runs', { params: { query: { cron, timezone } }, signal }));
      return { nextRuns, timezone };
    },
  });

export interface ExecutionFilter {
  job?: string;
  status?: string;
  since?: string;
}

export const executionsQuery = (filter: ExecutionFilter) =>
  infiniteQueryOptions({
    queryKey: ['executions', filter],
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/v1/executions', {
          params: { query: { ...(filter as object), limit: 50, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: (query) => unlessLive(5_000, query),
  });

export const executionQuery = (id: string) =>
  queryOptions({
    queryKey: ['execution', id],
    queryFn: ({ signal }) => ask(api.GET('/v1/executions/{id}', { params: { path: { id } }, signal })),
    refetchInterval: (query) => (query.state.data?.endedAt ? false : unlessLive(2_000, query)),
  });
