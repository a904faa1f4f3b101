import type { PropertyFile } from './connector-file.ts';
import { createFormat, isStoredForm, type FormattedProperty } from './format/index.ts';
import { FormatError } from './format/value.ts';
import { foldKey } from './key.ts';

/**
 * A property that values of links, or keys that people give, are compared with. `caseInsensitive` keys are stored folded; values
 * of other properties are stored as they came, and are folded where they are compared (`folds` of the diff).
 */
export type MatchedProperty = FormattedProperty & Pick<PropertyFile, 'caseInsensitive'>;

/** Brings a text into the form in which the property that it matches is stored, null for no value. @throws FormatError */
export type MatchValue = (text: string) => string | null;

/**
 * How the values of a link are read: as the property that they match is, so that the same text in both columns of a source
 * meets. A text that the format cannot read, but that has the form of stored values already, is kept as it is: another
 * source may write it so.
 * @param isKey keys declared caseInsensitive are stored folded
 */
export function matchOf(property: MatchedProperty, isKey: boolean, today: Date): MatchValue {
  const format = createFormat(property, today);
  const fold = isKey && property.caseInsensitive ? foldKey : (text: string) => text;
  return (text) => {
    try {
      const value = format(text);
      return value === null ? null : fold(String(value));
    } catch (error) {
      if (error instanceof FormatError && isStoredForm(property, text)) return fold(text);
      throw error;
    }
  };
}

/**
 * A part of a key as a person gives it, in the form in which it is stored: as answers show it, or else as the source writes
 * it. What is neither is kept as it is, and matches nothing.
 */
export function keyPartAsStored(property: MatchedProperty, text: string, today: Date): string {
  const fold = property.caseInsensitive ? foldKey : (part: string) => part;
  if (isStoredForm(property, text)) return fold(text);
  try {
    return fold(String(createFormat(property, today)(text) ?? text));
  } catch (error) {
    if (error instanceof FormatError) return fold(text);
    throw error;
  }
}
