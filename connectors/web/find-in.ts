import { ExactNumber, type Cell } from '../../domain/cell.ts';
import { findColumn } from '../../domain/column-path.ts';

/** What a path leads to in a body or a row. @param path as columns are written; empty: the whole */
export function findIn(cell: Cell, path: string): Cell {
  if (path === '') return cell;
  if (cell instanceof Map) {
    const exact = (cell as ReadonlyMap<string, Cell>).get(path);
    if (exact !== undefined) return exact;
  }
  return findColumn(new Map([['$', 0]]), path.startsWith('[') ? `$${path}` : `$.${path}`)?.([cell]) ?? null;
}

/** The text of a value that names something: a text, or a number in its digits. */
export function nameOf(cell: Cell): string | undefined {
  if (cell instanceof ExactNumber) return cell.text;
  return typeof cell === 'string' && cell !== '' ? cell : undefined;
}

export function countOf(cell: Cell): number | undefined {
  const text = nameOf(cell);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
