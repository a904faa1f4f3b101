import type { Queryable } from '../repository/database.ts';
import { findDraft, type Draft } from '../repository/drafts/drafts.ts';
import type { SyncView } from '../repository/sync-views.ts';
import { invalid } from './problems.ts';

/** The draft that a request names, if it names one. @throws Problem 422 if the sync does not have it */
export async function draftOf(db: Queryable, sync: SyncView, id: string | undefined): Promise<Draft | undefined> {
  if (id === undefined) return undefined;
  const draft = await findDraft(db, sync.no, id);
  if (!draft) throw invalid('/draft', `The sync has no draft ${id}. Drafts end with the hold.`);
  return draft;
}
