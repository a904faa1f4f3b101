import { changeConditions, type ChangedSync, type ChangeFilter } from './change-filter.ts';
import type { ChangeKind } from './change-kind.ts';
import { after, readChanges, type FoundChange } from './changes/read-changes.ts';
import type { Queryable } from './database.ts';

export type { Change } from './changes/read-changes.ts';

/** Place in the list: resources come first, then links, each in the order they were found. */
export interface ChangePosition {
  kind: ChangeKind;
  seq: number;
}

export type ListedChange = FoundChange['change'] & ChangePosition;

/** A piece of a sync's change list after a position. */
export async function listChanges(
  db: Queryable,
  sync: ChangedSync,
  filter: ChangeFilter,
  position: ChangePosition | undefined,
  limit: number,
): Promise<ListedChange[]> {
  const { resource, link } = await changeConditions(db, sync, filter);
  const found: FoundChange[] = [];
  if (resource && position?.kind !== 'link')
    found.push(...(await readChanges(db, sync, 'resource', resource, after(position?.seq ?? 0, limit))));
  if (link && found.length < limit) {
    const seq = position?.kind === 'link' ? position.seq : 0;
    found.push(...(await readChanges(db, sync, 'link', link, after(seq, limit - found.length))));
  }
  return found.map(({ seq, change }) => ({ ...change, seq }));
}
