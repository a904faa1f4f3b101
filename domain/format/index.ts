import type { PropertyFile } from '../connector-file.ts';
import { binaryFormat, isBase64 } from './binary.ts';
import { booleanFormat } from './booleans.ts';
import { dateFormat, isStoredDate, isStoredTime, remembering } from './dates.ts';
import { createDn, isDn, rdn } from './directory-names.ts';
import { guid, isGuid, isSid, sid, uuid } from './identifiers.ts';
import { decimal, integer } from './numbers.ts';
import { FormatError, type Format } from './value.ts';

/** What says how the texts of a property are read. */
export type FormattedProperty = Pick<PropertyFile, 'type' | 'format' | 'zone' | 'decimalSeparator'>;

const dateTypes: readonly PropertyFile['type'][] = ['date', 'dateTime'];

/**
 * Makes the format of a property, single values.
 * @param today the day of the sync: two-digit years are near to it, the same for all rows
 * @throws FormatError if the format does not fit the type
 */
export function createFormat(property: FormattedProperty, today: Date): Format {
  const { type, format } = property;
  if (property.zone !== undefined && !dateTypes.includes(type)) throw new FormatError('only dates can have zone');
  if (property.decimalSeparator !== undefined && type !== 'decimal')
    throw new FormatError('only decimals can have decimalSeparator');
  switch (type) {
    case 'string':
      return stringFormat(format);
    case 'integer':
      if (format !== undefined) throw new FormatError('an integer has no format');
      return integer;
    case 'decimal':
      if (format !== undefined) throw new FormatError('a decimal has no format; it can have a decimalSeparator');
      return decimal(property.decimalSeparator ?? '.');
    case 'boolean':
      return booleanFormat(format);
    case 'date':
    case 'dateTime':
      return remembering(dateFormat(type, property, today));
    case 'binary':
      return binaryFormat(format);
  }
}

function stringFormat(format: string | undefined): Format {
  switch (format) {
    case undefined:
      return (text) => text;
    case 'guid':
      return guid;
    case 'uuid':
      return uuid;
    case 'sid':
      return sid;
    case 'dn':
      return createDn();
    case 'rdn':
      return rdn;
    default:
      throw new FormatError('the format of a string must be guid, uuid, sid, dn or rdn');
  }
}

/** Whether a text has the form in which values of the property are stored and shown, whatever its source writes. */
export function isStoredForm({ type, format }: FormattedProperty, text: string): boolean {
  switch (type) {
    case 'string':
      return isStoredString(format, text);
    case 'integer':
      return /^(0|-?[1-9]\d{0,39})$/.test(text);
    case 'decimal':
      return /^-?(0|[1-9]\d{0,59})([.]\d{0,59}[1-9])?$/.test(text) && text !== '-0';
    case 'boolean':
      return text === 'true' || text === 'false';
    case 'date':
      return isStoredDate(text);
    case 'dateTime':
      return isStoredTime(text);
    case 'binary':
      return isBase64(text);
  }
}

function isStoredString(format: string | undefined, text: string): boolean {
  switch (format) {
    case 'guid':
    case 'uuid':
      return isGuid(text);
    case 'sid':
      return isSid(text);
    case 'dn':
      return isDn(text);
    case undefined:
    default:
      return true;
  }
}
