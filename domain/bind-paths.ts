import { findColumn, type ReadCell } from './column-path.ts';
import type { BoundIdentity, DeltaCommand, Row, TableMapping } from './mapping.ts';

/** The columns of a mapping that are paths. The cells that they lead to get places behind the columns of the table. */
export function bindPaths(table: TableMapping, index: Map<string, number>, width: number): ReadCell[] {
  const paths: ReadCell[] = [];
  const own = new Map(index);
  for (const { column } of table.requiredColumns) {
    if (index.has(column)) continue;
    const path = findColumn(own, column);
    if (!path) continue;
    index.set(column, width + paths.length);
    paths.push(path);
  }
  return paths;
}

/** Rows with the cells of the paths; the last one is kept, since a row is mapped for every type and link. */
export function resolverOf(paths: readonly ReadCell[]): ((row: Row) => Row) | undefined {
  if (paths.length === 0) return undefined;
  let last: Row | undefined;
  let resolved: Row | undefined;
  return (row) => {
    if (row !== last || !resolved) {
      last = row;
      resolved = { ...row, cells: [...row.cells, ...paths.map((path) => path(row.cells))] };
    }
    return resolved;
  };
}

type MapRow<Outcome> = (row: Row, command?: DeltaCommand) => Outcome;

export const resolving = <Outcome>(resolve: ((row: Row) => Row) | undefined, map: MapRow<Outcome>): MapRow<Outcome> =>
  resolve ? (row, command) => map(resolve(row), command) : map;

export const withPaths = (
  resolve: ((row: Row) => Row) | undefined,
  identity: BoundIdentity | undefined,
): BoundIdentity | undefined =>
  identity && resolve
    ? { of: (row) => identity.of(resolve(row)), namesKey: (row) => identity.namesKey(resolve(row)) }
    : identity;
