/** How far down a reader's list began when it was opened, or when its new rows were shown last. */
export interface Beginning {
  /** Which list it is: with other filters it is another one. */
  of: string;
  /** The first row that is shown; undefined: the list was empty. */
  top: string | undefined;
}

/**
 * How many rows at the head have come since. They are kept back, so that no row moves under the pointer. A list whose first row is
 * gone begins anew.
 * @param ids of all rows, the newest first
 */
export function newRows(beginning: Beginning, ids: readonly string[]): number {
  if (beginning.top === undefined) return 0;
  return Math.max(0, ids.indexOf(beginning.top));
}
