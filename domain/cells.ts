export interface StrictCells {
  cells: ReadonlyMap<string, unknown>;
  /** Whether something has asked for an unknown cell since this was last called. */
  missed: () => boolean;
}

/**
 * The cells of a row as expressions see them, if some cells are not known. To ask for an unknown cell, also with `has`,
 * is an error, never false: for a delta file without `x`, `has(row.x)` would say that the row has none. CEL's `&&` and
 * `||` accept an error on one side if the other side decides. So an answer holds for every value of the unknown cell.
 */
export function strictCells(known: Iterable<readonly [string, unknown]>): StrictCells {
  const cells = new Map(known);
  let missed = false;
  const miss = (): never => {
    missed = true;
    throw new Error('the file lacks a column that the expression asks for');
  };
  const get = cells.get.bind(cells);
  // the library of the expressions recognises a map by its constructor, so this is a plain Map
  const answers = {
    get: (column: string) => get(column) ?? miss(),
    has: (column: string) => get(column) !== undefined || miss(),
  };
  const whole = ['keys', 'values', 'entries', 'forEach', Symbol.iterator] as const;
  Object.assign(cells, answers);
  for (const name of whole) Object.defineProperty(cells, name, { value: miss });
  Object.defineProperty(cells, 'size', { get: miss });
  return {
    cells,
    missed: () => {
      const was = missed;
      missed = false;
      return was;
    },
  };
}

/** All cells are known. */
export const knownCells = (cells: ReadonlyMap<string, unknown>): StrictCells => ({ cells, missed: () => false });
