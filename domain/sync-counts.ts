/** How many objects of an entity type are in which state, as GET /v1/sync-status shows them. */
export interface SyncCounts {
  /** Objects that syncs have read: succeeded + partial + failed. */
  impacted: number;
  /** Stored as the source has them. */
  succeeded: number;
  /** Stored, but not as the source has them: the last syncs did not read them, or a change of them is refused. */
  unsynced: number;
  /** Stored as the source has them, but for a link that could not be made. */
  partial: number;
  /** The row cannot be used. If a resource is stored under its key, it is older than the row. */
  failed: number;
}

/** The figures of an entity type. The end of each sync keeps them, so resources are not read here. */
export interface ObjectFigures {
  stored: number;
  /** A revision has dropped the type. */
  retired: boolean;
  /** Objects with a row that is rejected, each once, and rows without a readable key. */
  failed: number;
  /** Those of them with a resource under their key. */
  failedStored: number;
  /** Stored objects whose row is used and that have a rejected link. */
  partial: number;
  /** Deletes that the last complete sync withheld: the sync did not find the object, but the source may still have it. */
  withheld: number;
  /** Stored objects of which a change is refused, so that syncs leave it out. */
  refused: number;
}

/** Every stored object is one of succeeded, unsynced, partial and failed; failed are also objects that are not stored. */
export function countObjects(of: ObjectFigures): SyncCounts {
  if (of.retired) return { impacted: 0, succeeded: 0, unsynced: of.stored, partial: 0, failed: 0 };
  const failedStored = Math.min(of.failedStored, of.stored);
  const partial = Math.min(of.partial, of.stored - failedStored);
  const unsynced = Math.min(of.withheld + of.refused, of.stored - failedStored - partial);
  const succeeded = of.stored - failedStored - partial - unsynced;
  const { failed } = of;
  return { impacted: succeeded + partial + failed, succeeded, unsynced, partial, failed };
}

export function sumCounts(all: readonly SyncCounts[]): SyncCounts {
  const sum = (name: keyof SyncCounts) => all.reduce((total, each) => total + each[name], 0);
  return {
    impacted: sum('impacted'),
    succeeded: sum('succeeded'),
    unsynced: sum('unsynced'),
    partial: sum('partial'),
    failed: sum('failed'),
  };
}
