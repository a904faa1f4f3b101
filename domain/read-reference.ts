import { createHash, type Hash } from 'node:crypto';
import { cellText, type Cell } from './cell.ts';
import { FormatError, type Value } from './format/value.ts';
import type { LinkFault, ReferenceMapping } from './mapping.ts';
import { itemsOf, textOf } from './structured-value.ts';

/** The values of a reference that can be read, in the form of what they match. */
export function readReference(
  { name, column, multiValued, separator, match }: ReferenceMapping,
  cell: Cell,
  faults: LinkFault[],
): string | string[] | null {
  const values: string[] = [];
  let fault: FormatError | undefined;
  for (const item of itemsOfReference(cell, separator))
    try {
      if (item !== '') values.push(match(textOf(item)) ?? '');
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      fault ??= error;
    }
  if (!multiValued && values.length > 1 && new Set(values).size > 1) fault ??= severalTargets();
  if (fault)
    faults.push({
      name,
      column,
      code: fault.code,
      message: valueFault(name, fault),
      unread: short(createHash('sha256').update(cellText(cell))),
    });
  return multiValued ? distinct(values) : values[0] || null;
}

function itemsOfReference(cell: Cell, separator: string | undefined): readonly Exclude<Cell, null>[] {
  if (typeof cell === 'string') return separator === undefined ? [cell] : cell.split(separator);
  return cell === null ? [] : itemsOf(cell);
}

const severalTargets = () =>
  new FormatError('has several values, and the link leads to one target. Make it multiValued', 'several-values');

/** The message of a value that a format refuses; never with the value. */
export const valueFault = (name: string, error: FormatError) => `The value of ${name} ${error.message}.`;

/** A short text in place of cells that could not be read: so two rows with different unreadable cells differ. */
export const short = (unread: Hash | undefined) => unread?.digest('base64').slice(0, 24) ?? '';

/** Each once, sorted, empty ones left out. */
export function distinct<Item extends Value>(values: Item[]): Item[] {
  return [...new Set(values)].filter((value) => value !== '').sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
