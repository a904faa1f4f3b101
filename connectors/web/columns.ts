import type { CellObject } from '../../domain/cell.ts';
import { parsePath } from '../../domain/column-path.ts';
import type { StructuredRecord, WantedColumns } from '../package.ts';

/**
 * The columns of a table whose rows are objects: of those that are mapped, the members that they begin with. A member that has
 * exactly the name of a mapped column wins over a path.
 * @param known members that the table has
 * @param all whether a member that is not known cannot be there
 */
export function columnsOf(wanted: WantedColumns | undefined, known: ReadonlySet<string>, all: boolean): string[] {
  if (!wanted) return [...known];
  const names = [...wanted.columns, ...wanted.key, ...(wanted.identity === undefined ? [] : [wanted.identity])];
  const found = names.map((name) => {
    // the schemas of SCIM have names with dots
    if (known.has(name) || /^urn:/i.test(name)) return name;
    const [first] = parsePath(name) ?? [];
    return first && 'member' in first ? first.member : name;
  });
  return [...new Set(found)].filter((name) => !all || known.has(name));
}

/** The names of the members of some objects. */
export const membersOf = (objects: readonly CellObject[]): Set<string> =>
  new Set(objects.flatMap((object) => [...object.keys()]));

export const recordOf = (object: CellObject, columns: readonly string[], position?: string): StructuredRecord => ({
  cells: columns.map((column) => object.get(column) ?? null),
  ...(position === undefined ? {} : { position: position.slice(0, 1000) }),
});
