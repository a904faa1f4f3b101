import { rows, type Queryable } from './database.ts';

/** Syncs whose export began later than this one's and that have written. */
export async function laterWriters(db: Queryable, no: number): Promise<number[]> {
  const found = await rows<{ no: number }>(
    db,
    `select o.no from syncline.sync o join syncline.sync s on s.no = ?
     where o.connector = s.connector and o.applied and o.export_started_at > s.export_started_at`,
    [no],
  );
  return found.map((sync) => sync.no);
}
