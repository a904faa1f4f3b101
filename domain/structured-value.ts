import { ExactNumber, type Cell, type StructuredCell } from './cell.ts';
import { createFormat, type FormattedProperty } from './format/index.ts';
import { FormatError, type Format, type Value } from './format/value.ts';
import { isLongerThan, longestText } from './storable.ts';

/** How a cell that is no text becomes values of a property. */
export interface StructuredFormat {
  /** Of one item. @throws FormatError `not-text` for bytes, unless the property takes bytes; `format` for an object */
  value(item: Exclude<Cell, null>): Value | null;
}

/** @param format reads the texts of the property */
export function structuredFormat(property: FormattedProperty, format: Format): StructuredFormat {
  const takesBytes =
    property.type === 'binary' || (property.type === 'string' && bytesAsText.has(property.format ?? ''));
  const ofBytes = takesBytes ? bytesFormat(property) : undefined;
  return {
    value(item) {
      if (item instanceof Uint8Array) {
        if (!ofBytes)
          throw new FormatError('is bytes; only binary properties and identifiers can be read from bytes', 'not-text');
        return ofBytes(Buffer.from(item).toString('base64'));
      }
      if (typeof item === 'boolean' && property.type === 'boolean') return item;
      return format(textOf(item));
    },
  };
}

/** Texts of structured sources have no limit of their own. @throws FormatError `field-too-long` */
export const bounded =
  (format: Format): Format =>
  (text) =>
    format(textOf(text));

/** Formats of texts whose values sources also have as bytes. */
const bytesAsText: ReadonlySet<string> = new Set(['guid', 'uuid', 'sid']);

/** Formats of identifiers read base64, too. */
const bytesFormat = ({ type, format }: FormattedProperty): ((base64: string) => Value | null) =>
  type === 'binary'
    ? (base64) => base64
    : createFormat({ type, ...(format === undefined ? {} : { format }) }, new Date(0));

/** The text of one item: numbers in their digits, booleans as `true` and `false`. @throws FormatError */
export function textOf(item: Exclude<Cell, null>): string {
  if (typeof item === 'boolean') return String(item);
  if (item instanceof Uint8Array) throw new FormatError('is bytes and has no text', 'not-text');
  if (typeof item !== 'string' && !(item instanceof ExactNumber))
    throw new FormatError('is an object or a list in a list. Name a member with a path');
  const text = typeof item === 'string' ? item : item.text;
  // characters are looked at once for the whole row
  if (isLongerThan(text, longestText)) throw new FormatError('is longer than 1 MiB', 'field-too-long');
  return text;
}

/** The items of a cell that have a value. */
export const itemsOf = (cell: StructuredCell): Exclude<Cell, null>[] =>
  (Array.isArray(cell) ? (cell as readonly Cell[]) : [cell]).filter((item) => item !== null && item !== '') as Exclude<
    Cell,
    null
  >[];

/**
 * The only one of several values, each counted once; the smallest if the property says `pick: first`. Lists of directories
 * have no order, so the first in the order of the source would change by itself.
 * @throws FormatError `several-values`
 */
export function onlyOf<Item extends Value>(values: readonly Item[], pick: 'first' | undefined): Item | null {
  const [first, ...others] = [...new Set(values)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (others.length > 0 && pick === undefined)
    throw new FormatError(
      'has several values, and the property takes one. Make it multiValued, or add pick: first',
      'several-values',
    );
  return first ?? null;
}

/** A cell as expressions see it: numbers are texts, as all sources write them. */
export function asSeen(cell: Cell): unknown {
  if (cell === '') return null;
  if (cell instanceof ExactNumber) return cell.text;
  if (Array.isArray(cell)) return (cell as readonly Cell[]).map(asSeen);
  if (cell instanceof Map)
    return new Map([...(cell as ReadonlyMap<string, Cell>)].map(([name, of]) => [name, asSeen(of)]));
  return cell;
}
