import type { MatchedProperty } from '../match-value.ts';
import { foldKey } from '../key.ts';
import { hasTwoWords, wordOf } from './booleans.ts';
import { namedTimeOf } from './dates.ts';
import { createFormat } from './index.ts';
import { FormatError } from './value.ts';

/** How a source writes a value that is stored. */
export interface SourceText {
  text: string;
  /** No other text is read as this value. Without that, a source that has nothing under the text may have the value all the same. */
  only: boolean;
}

/**
 * The inverse of a property's format: a text of the source that is read as a stored value, `true` and `false` of a boolean
 * included. It is read back, so a wrong inverse finds nothing.
 * @returns undefined if the format has no inverse, or reads no text as this value
 */
export function sourceText(property: MatchedProperty, stored: string): SourceText | undefined {
  const fold = property.caseInsensitive ? foldKey : (text: string) => text;
  try {
    const text = written(property, stored);
    const read = text === undefined || text === '' ? null : createFormat(property, new Date(0))(text);
    if (text === undefined || read === null || fold(String(read)) !== fold(stored)) return undefined;
    return { text, only: isOnly(property) };
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Texts and dates that are stored as they came. */
const isOnly = ({ type, format, caseInsensitive }: MatchedProperty): boolean =>
  format === undefined && ((type === 'string' && !caseInsensitive) || type === 'date');

function written({ type, format, decimalSeparator }: MatchedProperty, stored: string): string | undefined {
  switch (type) {
    case 'string':
      // of a relative name, the rest of the name is not known
      return format === 'rdn' ? undefined : stored;
    case 'integer':
      return stored;
    case 'decimal':
      return decimalSeparator === undefined ? stored : stored.replace('.', decimalSeparator);
    case 'boolean':
      if (format === undefined) return stored;
      return hasTwoWords(format) ? wordOf(format, stored === 'true') : undefined;
    case 'date':
      // a day has many moments, and a pattern may leave out what it does not need
      return format === undefined ? stored : undefined;
    case 'dateTime':
      return format === undefined ? stored : namedTimeOf(format, stored);
    case 'binary':
      return format === 'hex' ? Buffer.from(stored, 'base64').toString('hex') : stored;
  }
}
