import { v7 as uuidv7 } from 'uuid';
import { mostDrafts, mostRefusals, type DraftRule, type RowDecision } from '../domain/draft.ts';
import { nameOf } from '../domain/people.ts';
import { allowWork, type Transaction } from '../repository/database.ts';
import { countDrafts, insertDraft, type Draft } from '../repository/drafts/drafts.ts';
import { makeDraft } from '../repository/drafts/make.ts';
import { storeRows } from '../repository/drafts/rows.ts';
import { lockSync } from '../repository/syncs.ts';
import type { Dependencies } from './dependencies.ts';
import { checkRules, emptyRules } from './draft-rules.ts';
import { notHeld, staleDigest } from './judge.ts';
import { Problem } from './problems.ts';
import { requireSync } from './sync-body.ts';

export interface WantedDraft {
  digest: string;
  rules: DraftRule[];
  otherwise: RowDecision;
  note: string | null;
  by: string;
}

/**
 * Works out a decision in part and stores it. Nothing happens to the sync.
 * @throws Problem `sync-not-held`, `stale-digest`, `invalid`, `too-many-refusals`, `too-many-drafts`
 */
export async function createDraft(deps: Dependencies, syncId: string, wanted: WantedDraft): Promise<Draft> {
  const { digest, otherwise, note, by } = wanted;
  const sync = await requireSync(deps.db, syncId);
  if (sync.status !== 'held' || sync.decision || sync.digest === null) throw notHeld(sync);
  if (sync.digest !== digest) throw staleDigest('draft');
  if (sync.tasks.includes('map'))
    throw new Problem(
      'not-supported',
      'A sync of the directory is decided as a whole in this version: a join and what it gives belong together.',
    );
  const { rules, matched, memories } = await checkRules(deps.db, wanted.rules, otherwise);
  if ((await countDrafts(deps.db, sync.no)) >= mostDrafts) throw tooManyDrafts();
  return deps.db.transaction(async (tx) => {
    await allowWork(tx);
    const made = await makeDraft(tx, { ...sync, digest }, { rules: matched, otherwise }, memories);
    if (made.empty.length > 0) throw emptyRules(made.empty);
    if (made.counts.refuse > mostRefusals)
      throw new Problem(
        'too-many-refusals',
        `The draft refuses ${made.counts.refuse.toLocaleString('en-US')} changes. One decision remembers at most ${mostRefusals.toLocaleString('en-US')} refusals.`,
      );
    await requireStillHeld(tx, syncId);
    const { counts, conflicts } = made;
    const id = uuidv7();
    const draft = await insertDraft(tx, sync.no, {
      ...{ id, digest: made.digest, by, rules, otherwise, note, counts, conflicts },
    });
    await storeRows(tx, draft.no, made.rows);
    return draft;
  });
}

/** The lock orders drafts with each other and with the decision that ends them. */
async function requireStillHeld(tx: Transaction, syncId: string): Promise<void> {
  const sync = await lockSync(tx, syncId);
  if (!sync || sync.status !== 'held' || sync.decision) throw notHeld(await requireSync(tx, syncId));
  if ((await countDrafts(tx, sync.no)) >= mostDrafts) throw tooManyDrafts();
}

const tooManyDrafts = () =>
  new Problem('too-many-drafts', `The sync has ${String(mostDrafts)} drafts already. Delete one that is not needed.`);

/** A draft as the contract has it. */
export const draftBody = (syncId: string, { no: _no, id, by, ...draft }: Draft) => ({
  draftId: id,
  syncId,
  by,
  byName: nameOf(by),
  ...draft,
  approvableByMe: true,
});
