import type { Conflicts, DraftCounts, DraftRule, RowDecision } from '../../domain/draft.ts';
import { row, rows, touched, type Queryable } from '../database.ts';

/** A decision on a held sync that is prepared and not yet made. Immutable; it ends with the hold. */
export interface Draft {
  /** For the rows that hang on it. */
  no: number;
  id: string;
  digest: string;
  by: string;
  at: string;
  rules: DraftRule[];
  otherwise: RowDecision;
  note: string | null;
  counts: DraftCounts;
  conflicts: Conflicts;
}

const columns = `no, id, digest, drafted_by as by, drafted_at as at, rules, otherwise, note, counts, conflicts`;

/** Newest first. */
export function listDrafts(db: Queryable, sync: number): Promise<Draft[]> {
  return rows(db, `select ${columns} from syncline.draft where sync = ? order by no desc`, [sync]);
}

/** @param id as somebody named it, which may be anything */
export function findDraft(db: Queryable, sync: number, id: string): Promise<Draft | undefined> {
  return row(db, `select ${columns} from syncline.draft where sync = ? and id::text = lower(?)`, [sync, id]);
}

/** The newest draft with a digest. Two drafts with one digest decide the same. */
function findDraftByDigest(db: Queryable, sync: number, digest: string): Promise<Draft | undefined> {
  return row(db, `select ${columns} from syncline.draft where sync = ? and digest = ? order by no desc limit 1`, [
    sync,
    digest,
  ]);
}

/**
 * The draft that a decision is about: the one that it names, if its digest fits, or else one with the digest. None if it is
 * about the change set.
 */
export function namedDraft(
  db: Queryable,
  sync: { no: number; digest: string | null },
  digest: string,
  named: string | null,
): Promise<Draft | undefined> {
  if (named === null)
    return digest === sync.digest ? Promise.resolve(undefined) : findDraftByDigest(db, sync.no, digest);
  return findDraft(db, sync.no, named);
}

/** @returns the draft as it is stored */
export async function insertDraft(tx: Queryable, sync: number, draft: Omit<Draft, 'no' | 'at'>): Promise<Draft> {
  const stored = await row<Draft>(
    tx,
    `insert into syncline.draft (id, sync, digest, drafted_by, rules, otherwise, note, counts, conflicts)
     values (?, ?, ?, ?, ?::jsonb, ?, ?, ?::jsonb, ?::jsonb) returning ${columns}`,
    [
      draft.id,
      sync,
      draft.digest,
      draft.by,
      JSON.stringify(draft.rules),
      draft.otherwise,
      draft.note,
      JSON.stringify(draft.counts),
      JSON.stringify(draft.conflicts),
    ],
  );
  if (!stored) throw new Error('an insert gives its row');
  return stored;
}

export async function countDrafts(db: Queryable, sync: number): Promise<number> {
  const found = await row<{ n: number }>(db, 'select count(*)::int as n from syncline.draft where sync = ?', [sync]);
  return found?.n ?? 0;
}

/** @returns false if there was none */
export async function deleteDraft(db: Queryable, no: number): Promise<boolean> {
  return (await touched(db, 'delete from syncline.draft where no = ?', [no])) === 1;
}

/** The hold has ended, and its drafts with it. @param but the draft that was decided on, which apply still reads */
export async function endDrafts(tx: Queryable, sync: number, but?: number): Promise<void> {
  await tx.raw('delete from syncline.draft where sync = ? and no is distinct from ?', [sync, but ?? null]);
}
