/** The rows of a list that a person has chosen, by their key in the address. They belong to one list: another filter begins anew. */
export interface ChosenRows {
  of: string;
  keys: ReadonlyMap<string, readonly string[]>;
}

/** So many may be chosen at once: the API takes no more. */
export const mostChosen = 500;

export const noneChosen = (of: string): ChosenRows => ({ of, keys: new Map() });

/** What is chosen of this list. */
export const chosenOf = (chosen: ChosenRows, of: string): ChosenRows => (chosen.of === of ? chosen : noneChosen(of));

/** Chooses a row, or takes it back. One more than may be chosen changes nothing. */
export function choose(chosen: ChosenRows, id: string, key: readonly string[], wanted: boolean): ChosenRows {
  const keys = new Map(chosen.keys);
  if (!wanted) keys.delete(id);
  else if (keys.has(id) || keys.size < mostChosen) keys.set(id, key);
  return { ...chosen, keys };
}

/** Chooses the rows from the first on, as many as may be chosen. */
export const chooseAll = (chosen: ChosenRows, rows: readonly (readonly [string, readonly string[]])[]): ChosenRows =>
  rows.reduce((so, [id, key]) => choose(so, id, key, true), chosen);
