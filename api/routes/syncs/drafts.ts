import { z } from 'zod';
import { deleteDraft, findDraft, listDrafts } from '../../../repository/drafts/drafts.ts';
import { createDraft, draftBody } from '../../draft.ts';
import { notFound } from '../../problems.ts';
import { route } from '../../route.ts';
import { draftRequestSchema, draftSchema } from '../../schemas/draft.ts';
import { pageOf } from '../../schemas/words.ts';
import { requireSync } from '../../sync-body.ts';

export const createDraftRoute = route({
  method: 'post',
  path: '/v1/syncs/{id}/decisions',
  tag: 'syncs',
  summary: 'Prepare a decision in part',
  description:
    'Says for every proposed change whether it is applied, refused or deferred. Changes that cannot stand alone follow; the more careful decision wins. Nothing happens until resume carries the digest of the draft.',
  params: { id: z.string() },
  body: draftRequestSchema,
  answers: { 201: { description: 'The draft', schema: draftSchema } },
  problems: [404, 409, 412, 422],
  async handle({ deps, params: { id }, body: { note = null, ...body }, by }) {
    const draft = await createDraft(deps, id, { ...body, note, by });
    return { status: 201, body: draftBody(id, draft) };
  },
});

export const listDraftsRoute = route({
  method: 'get',
  path: '/v1/syncs/{id}/decisions',
  tag: 'syncs',
  summary: 'The prepared decisions of a held sync',
  description: 'Newest first. Drafts end with the hold.',
  params: { id: z.string() },
  answers: { 200: { description: 'All of them', schema: pageOf(draftSchema) } },
  problems: [404],
  async handle({ deps, params: { id } }) {
    const sync = await requireSync(deps.db, id);
    // the draft that was decided on is kept until it has been applied
    const drafts = sync.status === 'held' && !sync.decision ? await listDrafts(deps.db, sync.no) : [];
    return { status: 200, body: { items: drafts.map((draft) => draftBody(sync.id, draft)), nextCursor: null } };
  },
});

export const deleteDraftRoute = route({
  method: 'delete',
  path: '/v1/syncs/{id}/decisions/{draftId}',
  tag: 'syncs',
  summary: 'Delete a prepared decision',
  description: 'Its digest decides nothing any more.',
  params: { id: z.string(), draftId: z.string() },
  answers: { 204: { description: 'Deleted' } },
  problems: [404],
  async handle({ deps, params: { id, draftId } }) {
    const sync = await requireSync(deps.db, id);
    const draft = sync.status === 'held' && !sync.decision ? await findDraft(deps.db, sync.no, draftId) : undefined;
    if (!draft || !(await deleteDraft(deps.db, draft.no)))
      throw notFound('There is no draft with this id. GET …/decisions lists them.');
    return { status: 204 };
  },
});
