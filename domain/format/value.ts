import type { TextFault } from '../storable.ts';

/** A value of a resource: booleans as such, everything else as text (integers and decimals too, so nothing is rounded). */
export type Value = string | boolean;
/** Turns a cell into a value, null for no value. @throws FormatError */
export type Format = (text: string) => Value | null;

/**
 * A cell that does not have its property's format, or whose value cannot be kept; or a format that cannot be. The message
 * never holds the cell.
 */
export class FormatError extends Error {
  override name = 'FormatError';
  readonly code: 'format' | 'several-values' | 'not-text' | TextFault['code'];

  constructor(message: string, code: FormatError['code'] = 'format') {
    super(message);
    this.code = code;
  }
}
