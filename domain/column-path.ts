import type { Cell } from './cell.ts';

/** One step from a cell into what it holds; `each`: into every item of a list. */
type Step = { member: string } | { each: true };

/** Finds the cell that a column of the connector file names in a row. */
export type ReadCell = (cells: readonly Cell[]) => Cell;

/**
 * The way to a column: a column of the table that has exactly this name, or else a path that begins with a column:
 * `name.givenName`, `emails[].value` (of each), `["urn:example:User"].number`.
 * @returns undefined if the table has no such column
 */
export function findColumn(columns: ReadonlyMap<string, number>, name: string): ReadCell | undefined {
  const exact = columns.get(name);
  if (exact !== undefined) return (cells) => cells[exact] ?? null;
  const [first, ...steps] = parsePath(name) ?? [];
  const at = first && 'member' in first ? columns.get(first.member) : undefined;
  return at === undefined ? undefined : (cells) => follow(cells[at] ?? null, steps);
}

const part = /\.?([^.[\]"]+)|\["((?:[^"\\]|\\.)*)"\]|(\[\])/y;

/** @returns undefined if the text is no path */
export function parsePath(text: string): Step[] | undefined {
  const steps: Step[] = [];
  part.lastIndex = 0;
  while (part.lastIndex < text.length) {
    const found = part.exec(text);
    if (!found) return undefined;
    const [whole, plain, quoted, each] = found;
    if (plain !== undefined && whole.startsWith('.') === (steps.length === 0)) return undefined;
    steps.push(each === undefined ? { member: plain ?? (quoted ?? '').replace(/\\(.)/g, '$1') } : { each: true });
  }
  return steps;
}

function follow(cell: Cell, steps: readonly Step[]): Cell {
  const [step, ...rest] = steps;
  if (!step || cell === null) return cell;
  if ('each' in step) {
    // a single value stands for a list of one
    const items = Array.isArray(cell) ? (cell as readonly Cell[]) : [cell];
    return items.flatMap((item) => {
      const found = follow(item, rest);
      return Array.isArray(found) ? (found as Cell[]) : [found];
    });
  }
  return cell instanceof Map ? follow((cell as ReadonlyMap<string, Cell>).get(step.member) ?? null, rest) : null;
}
