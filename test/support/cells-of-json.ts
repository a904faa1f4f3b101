import { cellText, ExactNumber, type Cell } from '../../domain/cell.ts';

/** A value of `JSON.parse` as a cell. Its numbers must be short enough for JavaScript. */
export function cellOf(value: unknown): Cell {
  if (typeof value === 'number') return new ExactNumber(String(value));
  if (Array.isArray(value)) return value.map(cellOf);
  if (typeof value !== 'object' || value === null) return value as Cell;
  return new Map(Object.entries(value).map(([name, of]) => [name, cellOf(of)]));
}

/** What a reader of cells should see of an object. */
export const shownOf = (object: object, columns: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    columns.map((column) => [column, cellText(cellOf((object as Record<string, unknown>)[column] ?? ''))]),
  );
