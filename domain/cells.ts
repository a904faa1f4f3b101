export interface StrictCells {
  cells: ReadonlyMap<string, string>;
  /** Whether something has asked for an unknown cell since this was last called. */
  missed: () => boolean;
}

/**
 * The cells of a row as expressions see them, where some cells are not known. To ask for one of those, also with `has`, is
 * an error, never "no": `has(row.x)` would say of a delta file without `x` that the row has none. CEL's `&&` and `||` take
 * an error on one side as they should, so an answer that comes all the same holds whatever the unknown cell is.
 */
export function strictCells(known: Iterable<readonly [string, string]>): StrictCells {
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
export const knownCells = (cells: ReadonlyMap<string, string>): StrictCells => ({ cells, missed: () => false });
