import { row, type Queryable } from './database.ts';

export function findDecision(
  db: Queryable,
  sync: number,
  id: string,
): Promise<{ decidedBy: string; reason: string | null; decidedAt: string } | undefined> {
  return row(
    db,
    `select decided_by as "decidedBy", reason, decided_at as "decidedAt" from syncline.decision where sync = ? and id::text = ?`,
    [sync, id],
  );
}
