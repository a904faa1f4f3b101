import { api, ask } from '../../server/client.ts';

/** The digest of a draft: with it, resume applies exactly what the draft says. Drafts never change. */
export async function draftDigest(id: string, draftId: string): Promise<string> {
  const { items } = await ask(api.GET('/v1/syncs/{id}/decisions', { params: { path: { id } } }));
  const draft = items.find((each) => each.draftId === draftId);
  if (!draft) throw new Error('This draft is gone: somebody has deleted it. Make another one.');
  return draft.digest;
}
