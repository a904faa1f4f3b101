import type { DecisionAction } from '../domain/sync.ts';
import { row, touched, type Queryable } from './database.ts';

/** A decision that somebody asked for. At most one decision of a sync is accepted. */
export interface DecisionRow {
  id: string;
  action: DecisionAction;
  digest: string;
  by: string;
  reason: string | null;
  at: string;
  acceptedAt: string | null;
}

const columns = `id, action, digest, decided_by as "by", reason, decided_at as "at", accepted_at as "acceptedAt"`;

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
 * @returns false if it was accepted before
 */
export async function acceptDecision(tx: Queryable, id: string): Promise<boolean> {
  return (
    (await touched(
      tx,
      'update syncline.decision set accepted_at = clock_timestamp() where id = ? and accepted_at is null',
      [id],
    )) === 1
  );
}

export async function insertDecision(
  db: Queryable,
  decision: { id: string; sync: number; action: DecisionAction; digest: string; by: string; reason: string | null },
): Promise<void> {
  await db.raw(
    'insert into syncline.decision (id, sync, action, digest, decided_by, reason) values (?, ?, ?, ?, ?, ?)',
    [decision.id, decision.sync, decision.action, decision.digest, decision.by, decision.reason],
  );
}
