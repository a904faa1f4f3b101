/**
 * A cell of a source whose rows have a structure: directories, databases, web APIs. A null, an empty text and an empty list
 * mean no value.
 */
export type Cell = null | string | boolean | ExactNumber | Uint8Array | CellList | CellObject;
export type CellList = readonly Cell[];
/** A map, so that no name of a member has a meaning of its own. */
export type CellObject = ReadonlyMap<string, Cell>;

/** A number as the text that the source wrote, so that no digit is lost. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The cells that are no texts. */
export type StructuredCell = Exclude<Cell, null | string>;

/** A cell as JSON: what JSON has no type for is an object with one member that says what it is. */
export function encodeCell(cell: Cell): unknown {
  if (cell === null || typeof cell === 'string' || typeof cell === 'boolean') return cell;
  if (cell instanceof ExactNumber) return { n: cell.text };
  if (cell instanceof Uint8Array) return { b: Buffer.from(cell).toString('base64') };
  if (Array.isArray(cell)) return encodeCells(cell as CellList);
  return { o: [...(cell as ReadonlyMap<string, Cell>)].flatMap(([name, of]) => [name, encodeCell(of)]) };
}

/** Most lists are of texts alone: these are their own JSON. */
export const encodeCells = (cells: CellList): readonly unknown[] =>
  cells.every((cell) => typeof cell === 'string') ? cells : cells.map(encodeCell);

/** @throws TypeError if the JSON is none of `encodeCell` */
export function decodeCell(json: unknown): Cell {
  if (json === null || typeof json === 'string' || typeof json === 'boolean') return json;
  if (Array.isArray(json)) return json.map(decodeCell);
  const { n, b, o } = json as { n?: unknown; b?: unknown; o?: unknown };
  if (typeof n === 'string') return new ExactNumber(n);
  if (typeof b === 'string') return Buffer.from(b, 'base64');
  if (!Array.isArray(o)) throw new TypeError('not a cell');
  const members = new Map<string, Cell>();
  for (let i = 0; i < o.length; i += 2) members.set(String(o[i]), decodeCell(o[i + 1]));
  return members;
}

/** A text that is equal for equal cells only. */
export const cellText = (cell: Cell): string => (typeof cell === 'string' ? cell : JSON.stringify(encodeCell(cell)));
