import type { ChangeCounts, DecidedAction } from '../domain/sync.ts';
import { row, touched, type Queryable } from './database.ts';

/** A decision that somebody asked for. At most one decision of a sync is accepted. */
export interface DecisionRow {
  id: string;
  action: DecidedAction;
  digest: string;
  by: string;
  reason: string | null;
  at: string;
  acceptedAt: string | null;
  /** Id of the draft whose digest it names. */
  draft: string | null;
  /** The counts that a person confirmed. */
  confirm: Partial<ChangeCounts> | null;
  /** When it is judged: seconds since it was asked for. */
  ageSeconds: number;
}

const columns = `id, action, digest, decided_by as "by", reason, decided_at as "at", accepted_at as "acceptedAt",
  draft, confirm, extract(epoch from clock_timestamp() - decided_at)::float as "ageSeconds"`;

/** @param id as a message named it, which may be anything */
export function findDecision(db: Queryable, sync: number, id: string): Promise<DecisionRow | undefined> {
  return row(db, `select ${columns} from syncline.decision where sync = ? and id::text = ?`, [sync, id]);
}

/** The decision that counts. */
export function acceptedDecision(db: Queryable, sync: number): Promise<DecisionRow | undefined> {
  return row(db, `select ${columns} from syncline.decision where sync = ? and accepted_at is not null`, [sync]);
}

/**
 * Accepts a decision, in the transaction that has judged it and holds the lock of its sync.
 * @param draft that its digest is of; null: of the change set
 * @returns false if it was accepted before
 */
export async function acceptDecision(tx: Queryable, id: string, draft: string | null): Promise<boolean> {
  return (
    (await touched(
      tx,
      'update syncline.decision set accepted_at = clock_timestamp(), draft = ? where id = ? and accepted_at is null',
      [draft, id],
    )) === 1
  );
}

export async function insertDecision(
  db: Queryable,
  decision: Pick<DecisionRow, 'id' | 'action' | 'digest' | 'by' | 'reason'> &
    Partial<Pick<DecisionRow, 'draft' | 'confirm'>> & { sync: number },
): Promise<void> {
  const { id, sync, action, digest, by, reason, draft = null, confirm = null } = decision;
  await db.raw(
    `insert into syncline.decision (id, sync, action, digest, decided_by, reason, draft, confirm)
     values (?, ?, ?, ?, ?, ?, ?, ?::jsonb)`,
    [id, sync, action, digest, by, reason, draft, confirm && JSON.stringify(confirm)],
  );
}

/** Asks for a decision again that was not accepted in time. @returns false if nobody has asked for it */
export async function renewDecision(db: Queryable, id: string): Promise<boolean> {
  return (await touched(db, 'update syncline.decision set decided_at = clock_timestamp() where id = ?', [id])) === 1;
}

/** The decision in the row of a sync, with what earlier versions did not write. */
export const shownDecision = (sync: string): string => `case when ${sync}.decision is not null then
  jsonb_build_object('byName', ${sync}.decision ->> 'by', 'draftId', null, 'counts', null) || ${sync}.decision end`;
