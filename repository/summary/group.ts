import type { SummaryGroup } from '../../domain/summary/body.ts';
import { row, type Queryable } from '../database.ts';

/** A group of the stored summary of a sync. */
export async function findGroup(db: Queryable, sync: number, id: string): Promise<SummaryGroup | undefined> {
  const found = await row<{ group: SummaryGroup }>(
    db,
    `select g as "group" from syncline.summary s, jsonb_array_elements(s.body -> 'groups') g
     where s.sync = ? and g ->> 'id' = ?`,
    [sync, id],
  );
  return found?.group;
}
