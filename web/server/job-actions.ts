import type { components } from '../generated/api.ts';
import { refreshed } from './actions.ts';
import { api, ask } from './client.ts';

const guarded = (name: string, revision: number | undefined) => ({
  path: { name },
  ...(revision === undefined ? {} : { header: { 'if-match': `"${String(revision)}"` } }),
});

/** @param revision the one that the person has seen: another one is not overwritten; undefined: there is none yet */
export const saveJob = (name: string, body: components['schemas']['JobRequest'], revision: number | undefined) =>
  refreshed(ask(api.PUT('/v1/jobs/{name}', { params: guarded(name, revision), body })));

export const deleteJob = (name: string, revision: number) =>
  refreshed(ask(api.DELETE('/v1/jobs/{name}', { params: guarded(name, revision) })));
