import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { limitRows } from '../../model/limit-history.ts';
import { hasEnded } from '../../model/status.ts';
import { api, ask } from '../client.ts';
import { unlessLive } from '../live/state.ts';
import type { ChangesQuery, Sync } from '../types.ts';

export interface SyncFilter {
  connector?: string;
  /** Any of these. */
  status?: string | string[];
  mode?: string;
  trigger?: string;
  job?: string;
  since?: string;
}

export const syncQuery = (id: string) =>
  queryOptions({
    queryKey: ['sync', id],
    queryFn: ({ signal }) => ask(api.GET('/v1/syncs/{id}', { params: { path: { id } }, signal })),
    refetchInterval: (query) => {
      const sync = query.state.data;
      return sync && hasEnded(sync.status) ? false : unlessLive(1_500, query);
    },
  });

export const syncsQuery = (filter: SyncFilter, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['syncs', 'list', filter, limit],
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/v1/syncs', {
          params: { query: { ...(filter as object), limit, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: (query) => unlessLive(5_000, query),
  });

/** What is decided on. It is never asked again behind the back of the reviewer: the page compares digests instead. */
export const summaryQuery = (id: string, draft?: string) =>
  queryOptions({
    queryKey: ['summary', id, draft ?? ''],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/v1/syncs/{id}/summary', {
          params: { path: { id }, query: draft === undefined ? {} : { draft } },
          signal,
        }),
      ),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

export const readChanges = (id: string, query: ChangesQuery, signal?: AbortSignal) =>
  ask(api.GET('/v1/syncs/{id}/changes', { params: { path: { id }, query }, ...(signal ? { signal } : {}) }));

export const changesQuery = (id: string, query: ChangesQuery) =>
  queryOptions({
    queryKey: ['changes', id, query],
    queryFn: ({ signal }) => readChanges(id, query, signal),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });

export const draftsQuery = (id: string) =>
  queryOptions({
    queryKey: ['drafts', id],
    queryFn: ({ signal }) => ask(api.GET('/v1/syncs/{id}/decisions', { params: { path: { id } }, signal })),
  });

export interface ErrorFilter {
  entityType?: string;
  code?: string;
  key?: string;
}

export const rowErrorsQuery = (id: string, filter: ErrorFilter) =>
  infiniteQueryOptions({
    queryKey: ['row-errors', id, filter],
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/v1/syncs/{id}/errors', {
          params: {
            path: { id },
            query: { ...(filter as object), limit: 100, ...(pageParam === '' ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const logQuery = (id: string, task: string | undefined, running: boolean) =>
  infiniteQueryOptions({
    queryKey: ['log', id, task ?? ''],
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/v1/syncs/{id}/log', {
          params: {
            path: { id },
            query: {
              limit: 500,
              ...(task === undefined ? {} : { task: task as 'export' }),
              ...(pageParam === '' ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: (query) => (running ? unlessLive(3_000, query) : false),
  });

/**
 * What the last syncs of a connector counted against its limits. Syncs that never came to a judgement are not asked for; some
 * of the others are left out (model/limit-history.ts), so more are asked for than are shown.
 */
export const limitHistoryQuery = (connector: string) =>
  queryOptions({
    queryKey: ['syncs', 'limits', connector],
    queryFn: ({ signal }) =>
      ask(api.GET('/v1/syncs', { params: { query: { connector, limit: 60, status: judged } }, signal })),
    select: ({ items }) => limitRows(items),
    refetchInterval: 30_000,
  });
const judged: Sync['status'][] = ['held', 'completed', 'completed-with-errors', 'rejected', 'superseded'];

/** The sync that took the place of another: the first one of its connector that came after it and stands. */
export const replacementQuery = ({ id, connector, createdAt }: Pick<Sync, 'id' | 'connector' | 'createdAt'>) =>
  queryOptions({
    queryKey: ['replacement', id, connector, createdAt],
    queryFn: async ({ signal }) => {
      const { items } = await ask(
        api.GET('/v1/syncs', { params: { query: { connector, since: createdAt, limit: 50 } }, signal }),
      );
      return items.find(({ refreshes }) => refreshes === id) ?? items.findLast((sync) => sync.id !== id) ?? null;
    },
  });

/** The last results of one connector. */
export const latestQuery = (connector: string) =>
  queryOptions({
    queryKey: ['syncs', 'latest', connector],
    queryFn: ({ signal }) => ask(api.GET('/v1/syncs', { params: { query: { connector, limit: 6 } }, signal })),
    refetchInterval: (query) => unlessLive(5_000, query),
  });
