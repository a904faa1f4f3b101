import { configurationChanges } from '../repository/configuration-changed.ts';
import type { Queryable } from '../repository/database.ts';
import type { SyncView } from '../repository/sync-views.ts';
import { findSync } from '../repository/syncs.ts';

/** Why something cannot be done with a sync now. */
export const mayNotCodes = [
  'role',
  'four-eyes',
  'hidden-changes',
  'not-held',
  'configuration-changed',
  'sync-not-applied',
  'changes-removed',
] as const;
export type MayNotCode = (typeof mayNotCodes)[number];

/** What can be done with a sync now: true, or why not. */
export interface May {
  resume: true | MayNotCode;
  reject: true | MayNotCode;
  draft: true | MayNotCode;
  revert: true | MayNotCode;
}

/** @param changed the configuration of what the sync would change has changed since: it can only be rejected */
export function mayOf(
  {
    status,
    decision,
    applied,
    changesRemovedAt,
  }: Pick<SyncView, 'status' | 'decision' | 'applied' | 'changesRemovedAt'>,
  changed: boolean,
): May {
  const held = status === 'held' && decision === null ? true : 'not-held';
  return {
    resume: held === true && changed ? 'configuration-changed' : held,
    reject: held,
    draft: held,
    revert: mayRevert(applied, changesRemovedAt !== null),
  };
}

function mayRevert(applied: boolean, removed: boolean): May['revert'] {
  if (!applied) return 'sync-not-applied';
  return removed ? 'changes-removed' : true;
}

/** The numbers of the held syncs that may not be resumed, because what they would change is configured in another way now. */
export async function withChangedConfiguration(
  db: Queryable,
  syncs: readonly SyncView[],
): Promise<ReadonlySet<number>> {
  const changed = new Set<number>();
  for (const { id, status } of syncs) {
    const held = status === 'held' ? await findSync(db, id) : undefined;
    if (held && (await configurationChanges(db, held)).length > 0) changed.add(held.no);
  }
  return changed;
}
