import { randomUUID } from 'node:crypto';
import { bodyOf, type Api } from '../client.ts';
import type { Decision } from './walk.ts';

/** Sends a decision with the counts that the person confirmed. @returns what became of the sync, as a sentence */
export async function carryOut(api: Api, id: string, decision: Decision): Promise<string> {
  if (decision.action === 'nothing') return 'Nothing was decided.';
  const call = { params: { path: { id }, header: { 'idempotency-key': randomUUID() } } };
  const sync = bodyOf(
    decision.action === 'reject'
      ? await api.POST('/v1/syncs/{id}/reject', { ...call, body: { digest: decision.digest, reason: decision.reason } })
      : await api.POST('/v1/syncs/{id}/resume', {
          ...call,
          body: {
            digest: decision.digest,
            confirm: decision.confirm,
            ...(decision.draftId === null ? {} : { draftId: decision.draftId }),
            reason: decision.reason,
          },
        }),
  );
  const decided = `${decision.action === 'reject' ? 'rejected' : 'resumed'} ${sync.id}: ${sync.status}`;
  if (decision.action !== 'reject' || !decision.deactivate) return decided;
  const { name } = bodyOf(
    await api.POST('/v1/connectors/{name}/deactivate', {
      params: { path: { name: sync.connector }, header: { 'idempotency-key': randomUUID() } },
    }),
  );
  return `${decided}\n${name}: deactivated. Activate it when the source is repaired.`;
}
