import { DateTime, FixedOffsetZone, IANAZone, type Zone } from 'luxon';
import type { PropertyFile, PropertyType } from './connector-file.ts';
import { characterFault, type TextFault } from './storable.ts';

/** A value of a resource: booleans as such, everything else as text (integers and decimals too, so nothing is rounded). */
export type Value = string | boolean;
/** Turns a cell into a value, null for no value. @throws FormatError */
export type Format = (text: string) => Value | null;

/** A cell that does not have its property's format, or whose value cannot be kept. The message never holds the cell. */
export class FormatError extends Error {
  override name = 'FormatError';
  readonly code: 'format' | TextFault['code'];

  constructor(message: string, code: FormatError['code'] = 'format') {
    super(message);
    this.code = code;
  }
}

const dateTypes: readonly PropertyType[] = ['date', 'dateTime'];
const booleanWords = /^[^|]+\|[^|]+$/;
const bit = /^bit:([0-9]|[12][0-9]|3[01])$/;

/** Makes the format of a property, single values. @throws FormatError where the format does not fit the type */
export function createFormat(property: Pick<PropertyFile, 'type' | 'format' | 'zone' | 'decimalSeparator'>): Format {
  const { type, format } = property;
  if (property.zone !== undefined && !dateTypes.includes(type)) throw new FormatError('zone belongs to dates');
  if (property.decimalSeparator !== undefined && type !== 'decimal')
    throw new FormatError('decimalSeparator belongs to decimals');
  switch (type) {
    case 'string':
      return stringFormat(format);
    case 'integer':
      if (format !== undefined) throw new FormatError('an integer has no format');
      return integer;
    case 'decimal':
      if (format !== undefined) throw new FormatError('a decimal has no format, only a decimalSeparator');
      return decimal(property.decimalSeparator ?? '.');
    case 'boolean':
      return booleanFormat(format);
    case 'date':
    case 'dateTime':
      return remembering(dateFormat(type, format, zoneOf(property.zone)));
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
    case 'sid':
      return sid;
    case 'rdn':
      return rdn;
    default:
      throw new FormatError('a string has no format but guid, sid or rdn');
  }
}

function integer(text: string): string {
  if (!/^[+-]?\d{1,40}$/.test(text)) throw new FormatError('is not a whole number');
  return BigInt(text.replace(/^\+/, '')).toString();
}

const decimal =
  (separator: '.' | ','): Format =>
  (text) => {
    const found = /^([+-]?)(\d{1,60})(?:([.,])(\d{1,60}))?$/.exec(text);
    if (!found || (found[3] !== undefined && found[3] !== separator))
      throw new FormatError(`is not a decimal number with ${JSON.stringify(separator)}`);
    const whole = (found[2] ?? '').replace(/^0+(?=\d)/, '');
    const fraction = (found[4] ?? '').replace(/0+$/, '');
    const digits = fraction === '' ? whole : `${whole}.${fraction}`;
    return found[1] === '-' && digits !== '0' ? `-${digits}` : digits;
  };

function booleanFormat(format: string | undefined): Format {
  if (format !== undefined && bit.test(format)) {
    const mask = 1n << BigInt(format.slice('bit:'.length));
    return (text) => (BigInt(integer(text)) & mask) !== 0n;
  }
  if (format !== undefined && !booleanWords.test(format))
    throw new FormatError('a boolean format is bit:N, or two words such as yes|no');
  const [yes, no] = (format ?? '').toLowerCase().split('|');
  const words = new Map<string, boolean>(
    format === undefined
      ? [
          ['true', true],
          ['1', true],
          ['false', false],
          ['0', false],
        ]
      : [
          [yes ?? '', true],
          [no ?? '', false],
        ],
  );
  return (text) => {
    const value = words.get(text.toLowerCase());
    if (value === undefined) throw new FormatError(`is none of ${[...words.keys()].join(', ')}`);
    return value;
  };
}

function zoneOf(name: string | undefined): Zone {
  if (name === undefined) return FixedOffsetZone.utcInstance;
  const zone = IANAZone.create(name);
  if (!zone.isValid) throw new FormatError(`${name} is not a time zone`);
  return zone;
}

function dateFormat(type: 'date' | 'dateTime', format: string | undefined, zone: Zone): Format {
  const asValue = (moment: DateTime) =>
    type === 'date' ? moment.setZone(zone).toFormat('yyyy-MM-dd') : toRfc3339(moment);
  switch (format) {
    case 'activeDirectoryTime':
      return (text) => {
        if (text === '0' || text === '9223372036854775807') return null;
        if (!/^\d{1,19}$/.test(text)) throw new FormatError('is not an Active Directory time');
        // hundreds of nanoseconds since 1601
        return asValue(fromMillis(Number(BigInt(text) / 10_000n - 11_644_473_600_000n)));
      };
    case 'unixSeconds':
      return (text) => {
        if (!/^-?\d{1,12}$/.test(text)) throw new FormatError('is not a number of seconds since 1970');
        return asValue(fromMillis(Number(text) * 1000));
      };
    case 'ldapGeneralizedTime':
      return (text) => asValue(generalizedTime(text));
    case undefined:
      return type === 'date' ? isoDate : rfc3339(zone);
    default:
      if (!/[yu]/.test(unquoted(format))) throw new FormatError(`${format} is not a date pattern: it has no year`);
      for (const letter of unquoted(format).match(/\p{L}/gu) ?? [])
        if (!patternLetters.includes(letter))
          throw new FormatError(`${format} is not a date pattern: ${letter} has no meaning; put plain text in quotes`);
      if (!readsItself(format)) throw new FormatError(`${format} is not a date pattern that can be read`);
      return (text) => asValue(local(text, format, zone, type));
  }
}

/** Letters of UTS 35 patterns that are read; others would be taken for text, or for something else. */
const patternLetters = 'yuMLdDHhmsSEcaZz';
const unquoted = (format: string) => format.replace(/'[^']*'/g, '');

/** Whether the pattern reads what it writes: letters that mean nothing, or cannot be read, are found here. */
function readsItself(format: string): boolean {
  const sample = DateTime.utc(2024, 5, 17, 10, 45, 12).toFormat(format, { locale: 'en-US' });
  return DateTime.fromFormat(sample, format, { zone: 'utc', locale: 'en-US' }).isValid;
}

function fromMillis(millis: number): DateTime {
  const moment = DateTime.fromMillis(millis, { zone: 'utc' });
  if (!moment.isValid || moment.year < 1 || moment.year > 9999) throw new FormatError('is out of range');
  return moment;
}

function isoDate(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || !DateTime.fromISO(text, { zone: 'utc' }).isValid)
    throw new FormatError('is not a date of the form yyyy-MM-dd');
  return text;
}

const plainUtc = /^\d{4}-\d{2}-\d{2}T[0-2]\d:[0-5]\d:[0-5]\dZ$/;

/** Whether a time in the form that is stored exists. A calendar of several hundred microseconds is not asked for each. */
function exists(text: string): boolean {
  const millis = Date.parse(text);
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(text.slice(0, 19));
}

const rfc3339 =
  (zone: Zone): Format =>
  (text) => {
    const found = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.]\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?$/i.exec(text);
    if (!found) throw new FormatError('is not a date and time of RFC 3339');
    if (plainUtc.test(text) && exists(text)) return text;
    const iso = text.replace(' ', 'T').toUpperCase();
    const moment = DateTime.fromISO(iso, { zone: found[3] === undefined ? zone : 'utc' });
    if (!moment.isValid) throw new FormatError('is a date or time that does not exist');
    if (found[3] === undefined && moment.toFormat("yyyy-MM-dd'T'HH:mm") !== iso.slice(0, 16)) throw notThere();
    return toRfc3339(moment);
  };

/** Luxon moves a local time in a gap forward; here it is rejected, since nobody knows what was meant. */
function local(text: string, format: string, zone: Zone, type: 'date' | 'dateTime'): DateTime {
  const hasOffset = type === 'dateTime' && /Z|z/.test(format.replace(/'[^']*'/g, ''));
  const moment = DateTime.fromFormat(text, format, { zone: hasOffset ? 'utc' : zone, locale: 'en-US' });
  if (!moment.isValid) throw new FormatError(`does not have the format ${format}, or is a date that does not exist`);
  if (hasOffset) return moment;
  const plain = DateTime.fromFormat(text, format, { zone: 'utc', locale: 'en-US' });
  const wall = "yyyy-MM-dd'T'HH:mm:ss.SSS";
  if (moment.toFormat(wall) !== plain.toFormat(wall)) throw notThere();
  return moment;
}

const notThere = () => new FormatError('is a local time that the zone leaves out');

function toRfc3339(moment: DateTime): string {
  const utc = moment.toUTC();
  return utc.toFormat(utc.millisecond === 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
}

/** RFC 4517, 3.3.13: minutes, seconds and fractions may be missing, the zone may not. */
function generalizedTime(text: string): DateTime {
  const found = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})?(\d{2})?(?:[.,](\d{1,9}))?(Z|[+-]\d{2}(?:\d{2})?)$/.exec(text);
  if (!found) throw new FormatError('is not an LDAP generalized time');
  const [, year, month, day, hour, minute = '00', second = '00', fraction, zone = 'Z'] = found;
  const unit = found[6] !== undefined ? 1000 : found[5] !== undefined ? 60_000 : 3_600_000;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3) || '00'}`;
  const base = DateTime.fromISO(
    `${String(year)}-${String(month)}-${String(day)}T${String(hour)}:${minute}:${second}${offset}`,
    { zone: 'utc' },
  );
  if (!base.isValid) throw new FormatError('is a date or time that does not exist');
  return fraction === undefined ? base : base.plus(Math.round(Number(`0.${fraction}`) * unit));
}

function binaryFormat(format: string | undefined): Format {
  if (format === 'hex')
    return (text) => {
      if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw new FormatError('is not hexadecimal');
      return Buffer.from(text, 'hex').toString('base64');
    };
  if (format !== undefined) throw new FormatError('binary is base64, or has the format hex');
  return (text) => {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.toString('base64') !== text) throw new FormatError('is not base64');
    return text;
  };
}

function guid(text: string): string {
  const plain = text.replace(/^\{(.*)\}$/, '$1').toLowerCase();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(plain)) return plain;
  if (/^[0-9a-f]{32}$/.test(plain)) return plain.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  // as directories export it: 16 bytes in base64, the first three groups in little-endian order (MS-DTYP 2.3.4.2)
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 16 || bytes.toString('base64') !== text) throw new FormatError('is not a GUID');
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  const pick = (...at: number[]) => at.map((i) => hex[i]).join('');
  return [pick(3, 2, 1, 0), pick(5, 4), pick(7, 6), pick(8, 9), pick(10, 11, 12, 13, 14, 15)].join('-');
}

/** MS-DTYP 2.4.2: text as it is, or the binary form in base64. */
function sid(text: string): string {
  if (/^S-1-\d{1,15}(-\d{1,10}){0,15}$/i.test(text)) return text.toUpperCase();
  const bytes = Buffer.from(text, 'base64');
  const count = bytes[1] ?? 0;
  if (bytes.toString('base64') !== text || bytes[0] !== 1 || count > 15 || bytes.length !== 8 + 4 * count)
    throw new FormatError('is not a SID');
  const parts = Array.from({ length: count }, (_, i) => String(bytes.readUInt32LE(8 + 4 * i)));
  return ['S-1', String(bytes.readUIntBE(2, 6)), ...parts].join('-');
}

/** The value of the first relative name of a distinguished name (RFC 4514). */
function rdn(text: string): string {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new FormatError('is not a distinguished name');
  const bytes: Buffer[] = [];
  let plain = '';
  for (let i = equals + 1; i < text.length; i++) {
    const c = text[i] ?? '';
    if (c === ',' || c === '+') break;
    if (c !== '\\') {
      plain += c;
      continue;
    }
    const hex = text.slice(i + 1, i + 3);
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes.push(Buffer.from(plain, 'utf8'), Buffer.from(hex, 'hex'));
      plain = '';
      i += 2;
    } else {
      plain += text[i + 1] ?? '';
      i++;
    }
  }
  const value = Buffer.concat([...bytes, Buffer.from(plain, 'utf8')]).toString('utf8');
  if (value === '') throw new FormatError('is not a distinguished name');
  // an escaped byte may be a NUL
  const fault = characterFault(value);
  if (fault) throw new FormatError(fault.message, fault.code);
  return value;
}

/** Dates repeat in a directory and are slow to read: as many are remembered as a century has. */
function remembering(format: Format): Format {
  const known = new Map<string, Value | null>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = format(text);
    if (known.size >= 40_000) known.clear();
    known.set(text, value);
    return value;
  };
}
