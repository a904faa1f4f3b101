/** An applied revert, and the syncs that it undoes. */
export interface AppliedRevert {
  id: string;
  reverts: readonly string[];
  /** False if there was nothing left to undo, or all of it was overtaken, refused or deferred. */
  changed: boolean;
}

/**
 * Which syncs are undone, and by which revert: a revert that is undone itself undoes nothing, and one that changed nothing
 * neither undoes a sync nor is undone in place of the revert before it.
 * @param applied the reverts of a connector in the order in which they were applied
 */
export function revertedBy(applied: readonly AppliedRevert[]): Map<string, string> {
  const by = new Map<string, string>();
  for (const { id, reverts, changed } of [...applied].reverse())
    if (changed && !by.has(id)) for (const undone of reverts) if (!by.has(undone)) by.set(undone, id);
  return by;
}
