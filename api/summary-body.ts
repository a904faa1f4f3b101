import { rejectWords, resumeWords } from '../domain/summary/consequence.ts';
import { groupOfHold } from '../domain/summary/group-of-hold.ts';
import type { DraftedGroup, SummaryBody } from '../domain/summary/body.ts';
import { wordsOf } from '../domain/thresholds/words.ts';
import type { Database } from '../repository/database.ts';
import { findConnector } from '../repository/connectors.ts';
import type { Draft } from '../repository/drafts/drafts.ts';
import { draftGroups } from '../repository/summary/draft-counts.ts';
import { newerRevision, previousSync } from '../repository/summary/earlier.ts';
import type { SyncView } from '../repository/sync-views.ts';
import { waitsOf } from './waits.ts';

/** The summary as the contract has it: what was computed once, and what each GET reads anew. */
export async function summaryBody(db: Database, sync: SyncView & { digest: string }, body: SummaryBody, draft?: Draft) {
  const connector = await findConnector(db, sync.connector);
  const of = { ...sync, connector: connector?.id ?? 0 };
  const drafted = draft && (await draftGroups(db, sync.no, draft.no, body.groups));
  return {
    syncId: sync.id,
    digest: sync.digest,
    ...body,
    ...(draft && drafted ? { counts: draft.counts.applied, groups: drafted } : {}),
    thresholds: sync.thresholds.map((verdict) => ({ ...verdict, words: wordsOf(verdict) })),
    holds: sync.holds.map((hold) => ({ ...hold, group: groupOfHold(hold, sync.thresholds, body.groups)?.id ?? null })),
    causes: sync.causes,
    resume: resumeWords(draft && drafted ? whatIsApplied(draft.counts.apply, drafted) : body),
    reject: rejectWords(body),
    ...(await waitsOf(db, sync, new Date())),
    previous: await previousSync(db, of),
    newerRevision: await newerRevision(db, of),
    compared: sync.compared,
  };
}

/** What a draft leaves of the groups. */
const whatIsApplied = (total: number, groups: readonly DraftedGroup[]): Pick<SummaryBody, 'total' | 'groups'> => ({
  total,
  groups: groups.flatMap((group) => (group.decision.apply > 0 ? [{ ...group, lines: group.decision.apply }] : [])),
});
