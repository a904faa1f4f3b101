import { differingCounts } from '../domain/change-counts.ts';
import { judgeDecision, whatApplies } from '../domain/judge-decision.ts';
import type { ChangeCounts, Decision, DecisionAction, SyncStatus } from '../domain/sync.ts';
import { configurationChanges } from '../repository/configuration-changed.ts';
import type { Queryable } from '../repository/database.ts';
import { namedDraft } from '../repository/drafts/drafts.ts';
import { findSync } from '../repository/syncs.ts';
import { Problem } from './problems.ts';
import { requireSync } from './sync-body.ts';

/** A decision as somebody asks for it. */
export interface Wish {
  action: DecisionAction;
  digest: string;
  reason: string | null;
  by: string;
  draftId?: string | null | undefined;
  confirm?: Partial<ChangeCounts> | null | undefined;
}

/**
 * Judges a decision by Postgres, before it is sent: the workflow has the same judged again, under the lock of the sync.
 * @returns id of the draft that the decision is about; null if it is about the change set
 * @throws Problem `sync-not-held`, `stale-digest`, `counts-differ`, `configuration-changed`
 */
export async function requireDecidable(db: Queryable, syncId: string, wish: Wish): Promise<string | null> {
  const sync = await findSync(db, syncId);
  if (!sync) throw notHeld(await requireSync(db, syncId));
  const { action, digest, draftId = null, confirm = null } = wish;
  const draft = action === 'resume' ? await namedDraft(db, sync, digest, draftId) : undefined;
  const applies = whatApplies(sync, draft, draftId);
  const changed = action === 'resume' && sync.status === 'held' ? await configurationChanges(db, sync) : [];
  const facts = { ...sync, decided: sync.decision !== null, applies, configurationChanged: changed.length > 0 };
  const result = judgeDecision(facts, { action, digest }, { action, digest, confirm, ageSeconds: 0 });
  if (result === 'not-held') throw notHeld(sync);
  if (result === 'stale-digest') {
    // drafts end with the decision, which may have come between the look at the sync and the look for the draft
    const now = await requireSync(db, syncId);
    throw now.status === 'held' && now.decision === null ? staleDigest(action) : notHeld(now);
  }
  if (result === 'configuration-changed') throw configurationChanged(changed);
  if (result === 'counts-differ') throw countsDiffer(differingCounts(confirm ?? {}, applies?.counts));
  return draft?.id ?? null;
}

export const notHeld = (
  { status, decision }: { status: SyncStatus; decision: Decision | null },
  detail = decision ? `The sync was decided on already: ${decision.action}.` : `The sync is not held, it is ${status}.`,
) => new Problem('sync-not-held', detail, { members: { syncStatus: status, decision } });

/** @param wish what was to be done: only a resume takes the digest of a draft */
export const staleDigest = (wish: DecisionAction | 'draft') =>
  new Problem(
    'stale-digest',
    wish === 'resume'
      ? 'The digest is neither that of the held change set nor that of a draft of it: review the changes again.'
      : 'The digest is not the digest of the held change set: review the changes again.',
  );

const configurationChanged = (names: readonly string[]) =>
  new Problem(
    'configuration-changed',
    `A later revision has retired or changed ${names.slice(0, 10).join(', ')}${names.length > 10 ? ' and more' : ''}. Reject the sync, and start another one.`,
  );

/** Names only: whoever confirms has to count again. */
const countsDiffer = (differs: readonly string[]) =>
  new Problem('counts-differ', `Not what would be applied: ${differs.join(', ')}. Review the changes again.`, {
    members: { differs },
  });
