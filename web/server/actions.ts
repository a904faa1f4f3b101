import { api, ask, onceKey } from './client.ts';
import { queryClient } from './query-client.ts';
import { keyToPath } from '../words/key.ts';
import type { paths } from '../generated/api.ts';

type Body<Path extends keyof paths> = paths[Path] extends {
  post: { requestBody?: { content: { 'application/json': infer Json } } };
}
  ? NonNullable<Json>
  : never;

/** What is shown is asked again after everything that changes something. */
export async function refreshed<Result>(action: Promise<Result>): Promise<Result> {
  const result = await action;
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) => !['summary', 'test'].includes(String(queryKey[0])),
  });
  return result;
}

export type StartRequest = Body<'/v1/connectors/{name}/syncs'>;

export const startSync = (name: string, body: StartRequest, key: string) =>
  refreshed(ask(api.POST('/v1/connectors/{name}/syncs', { params: { path: { name }, header: onceKey(key) }, body })));

export const startSeveral = (which: 'inventory' | 'users', connectors: string[] | undefined, key: string) => {
  const options = { params: { header: onceKey(key) }, body: connectors ? { connectors } : {} };
  return refreshed(ask(which === 'inventory' ? api.POST('/v1/syncs', options) : api.POST('/v1/sync-users', options)));
};

export const resumeSync = (id: string, body: Body<'/v1/syncs/{id}/resume'>, key: string) =>
  refreshed(ask(api.POST('/v1/syncs/{id}/resume', { params: { path: { id }, header: onceKey(key) }, body })));

export const rejectSync = (id: string, body: Body<'/v1/syncs/{id}/reject'>, key: string) =>
  refreshed(ask(api.POST('/v1/syncs/{id}/reject', { params: { path: { id }, header: onceKey(key) }, body })));

export const createDraft = (id: string, body: Body<'/v1/syncs/{id}/decisions'>, key: string) =>
  refreshed(ask(api.POST('/v1/syncs/{id}/decisions', { params: { path: { id }, header: onceKey(key) }, body })));

export const deleteDraft = (id: string, draftId: string) =>
  refreshed(ask(api.DELETE('/v1/syncs/{id}/decisions/{draftId}', { params: { path: { id, draftId } } })));

export const refreshSync = (id: string, key: string) =>
  refreshed(ask(api.POST('/v1/syncs/{id}/refresh', { params: { path: { id }, header: onceKey(key) } })));

export const cancelSync = (id: string, key: string) =>
  refreshed(ask(api.POST('/v1/syncs/{id}/cancel', { params: { path: { id }, header: onceKey(key) } })));

export const revertSync = (id: string, body: Body<'/v1/syncs/{id}/revert'>, key: string) =>
  refreshed(ask(api.POST('/v1/syncs/{id}/revert', { params: { path: { id }, header: onceKey(key) }, body })));

export const liftRefusal = (id: string) =>
  refreshed(ask(api.DELETE('/v1/refusals/{id}', { params: { path: { id } } })));

const named = (name: string, key: string) => ({ params: { path: { name }, header: onceKey(key) } });

export const setActive = (name: string, active: boolean, key: string) =>
  refreshed(
    ask(
      active
        ? api.POST('/v1/connectors/{name}/activate', named(name, key))
        : api.POST('/v1/connectors/{name}/deactivate', named(name, key)),
    ),
  );

export const reloadConnector = (name: string, key: string) =>
  refreshed(ask(api.POST('/v1/connectors/{name}/reload', named(name, key))));

export const purgeConnector = (name: string, key: string) =>
  refreshed(ask(api.POST('/v1/connectors/{name}/purge', named(name, key))));

/** @param revision the newest that the person has seen */
export const deleteConnector = (name: string, revision: number) =>
  refreshed(
    ask(
      api.DELETE('/v1/connectors/{name}', {
        params: { path: { name }, header: { 'if-match': `"${String(revision)}"` } },
      }),
    ),
  );

export const resetBreaker = (name: string, connection: string, key: string) =>
  refreshed(
    ask(
      api.POST('/v1/connectors/{name}/connections/{connection}/reset-breaker', {
        params: { path: { name, connection }, header: onceKey(key) },
      }),
    ),
  );

export const runJob = (name: string, key: string) => refreshed(ask(api.POST('/v1/jobs/{name}/run', named(name, key))));

export const pauseJob = (name: string, paused: boolean, note: string, key: string) =>
  refreshed(
    ask(
      paused
        ? api.POST('/v1/jobs/{name}/pause', { ...named(name, key), body: note === '' ? {} : { note } })
        : api.POST('/v1/jobs/{name}/unpause', named(name, key)),
    ),
  );

export const syncItem = (name: string, of: readonly string[], key: string) =>
  refreshed(
    ask(
      api.POST('/v1/entity-types/{name}/resources/{key}/sync', {
        params: { path: { name, key: keyToPath(of) }, header: onceKey(key) },
      }),
    ),
  );

export const setManaged = (name: string, of: readonly string[], managed: boolean) =>
  refreshed(
    ask(
      api.PUT('/v1/entity-types/{name}/resources/{key}/managed', {
        params: { path: { name, key: keyToPath(of) } },
        body: { managed },
      }),
    ),
  );

export const setManagedOfMany = (name: string, keys: readonly (readonly string[])[], managed: boolean) =>
  refreshed(
    ask(
      api.PUT('/v1/entity-types/{name}/managed', {
        params: { path: { name } },
        body: { managed, keys: keys.map((key) => [...key]) },
      }),
    ),
  );
