import { FixedOffsetZone, IANAZone, type Zone } from 'luxon';
import { compileDatePattern } from './date-pattern.ts';
import {
  dateIn,
  inRange,
  microsOf,
  momentAt,
  momentWithOffset,
  offsetOf,
  secondsOf,
  toRfc3339,
  type LocalTime,
  type Moment,
} from './moment.ts';
import { FormatError, type Format, type Value } from './value.ts';

/** Formats of dates and times that have a name. */
const namedTimes: Readonly<Record<string, (text: string) => Moment | null>> = {
  activeDirectoryTime,
  ldapGeneralizedTime: generalizedTime,
  unixSeconds,
};

/**
 * A `date` is a day of the calendar without a time, and has no zone. If the text names a moment (an offset, or a named
 * format), it is the date in `zone`. A `dateTime` without an offset is the time of clocks in `zone`.
 * @param today two-digit years are near to this day
 */
export function dateFormat(
  type: 'date' | 'dateTime',
  { format, zone: name }: { format?: string | undefined; zone?: string | undefined },
  today: Date,
): Format {
  const zone = zoneOf(name);
  const asValue = (moment: Moment) => (type === 'date' ? dateIn(moment, zone) : toRfc3339(moment));
  if (format === undefined) return type === 'date' ? isoDate : rfc3339(zone);
  const named = Object.hasOwn(namedTimes, format) ? namedTimes[format] : undefined;
  if (named)
    return (text) => {
      const moment = named(text);
      return moment && asValue(moment);
    };
  const pattern = compileDatePattern(format, today);
  return (text) => {
    const { local, offset, zone: own } = pattern.read(text);
    if (offset !== undefined) return asValue(momentWithOffset(local, offset));
    if (own) return asValue(momentAt(local, own));
    return type === 'date' ? dateOf(local) : toRfc3339(momentAt(local, zone));
  };
}

/** Whether the format has years of two digits, so that what a text means depends on the day on which it is read. */
export function hasTwoDigitYears({ type, format }: { type: string; format?: string | undefined }): boolean {
  if ((type !== 'date' && type !== 'dateTime') || format === undefined || Object.hasOwn(namedTimes, format))
    return false;
  try {
    return compileDatePattern(format, new Date(0)).twoDigitYears;
  } catch {
    return false;
  }
}

function zoneOf(name: string | undefined): Zone {
  if (name === undefined) return FixedOffsetZone.utcInstance;
  const zone = IANAZone.create(name);
  if (!zone.isValid) throw new FormatError(`${name} is not a time zone`);
  return zone;
}

/** The date alone, of a time that a clock can show. */
const dateOf = (local: LocalTime) => toRfc3339({ seconds: secondsOf(local), micros: 0 }).slice(0, 'yyyy-mm-dd'.length);

function isoDate(text: string): string {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!found) throw new FormatError('is not a date of the form yyyy-MM-dd');
  return dateOf(localTime(found.slice(1)));
}

/** Whether a text is a date as it is stored. */
export const isStoredDate = (text: string): boolean => reads(isoDate, text);
/** Whether a text is a date and time as it is stored. */
export const isStoredTime = (text: string): boolean =>
  /Z$/.test(text) && reads(rfc3339(FixedOffsetZone.utcInstance), text);

/** Whether a text is read as exactly itself. */
function reads(format: Format, text: string): boolean {
  try {
    return format(text) === text;
  } catch {
    return false;
  }
}

const rfc3339 =
  (zone: Zone): Format =>
  (text) => {
    const found =
      /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.](\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?$/i.exec(text);
    if (!found) throw new FormatError('is not a date and time of RFC 3339');
    const local = localTime(found.slice(1, 7), found[7]);
    return toRfc3339(
      found[8] === undefined ? momentAt(local, zone) : momentWithOffset(local, offsetOf(found[8].toUpperCase())),
    );
  };

/** @param parts year, month, day, hour, minute, second; the time may be missing */
function localTime(parts: readonly (string | undefined)[], fraction = ''): LocalTime {
  const [year, month, day, hour, minute, second] = parts.map((part) => Number(part ?? 0));
  return {
    year: year ?? 0,
    month: month ?? 0,
    day: day ?? 0,
    hour: hour ?? 0,
    minute: minute ?? 0,
    second: second ?? 0,
    micros: microsOf(fraction),
  };
}

/** Hundreds of nanoseconds since 1601, kept to the microsecond; 0 and the highest number stand for no time. */
function activeDirectoryTime(text: string): Moment | null {
  if (!/^\d{1,19}$/.test(text)) throw new FormatError('is not an Active Directory time');
  const ticks = BigInt(text);
  if (ticks === 0n || ticks === 9_223_372_036_854_775_807n) return null;
  return inRange({
    seconds: Number(ticks / 10_000_000n) - 11_644_473_600,
    micros: Number((ticks % 10_000_000n) / 10n),
  });
}

function unixSeconds(text: string): Moment {
  if (!/^-?\d{1,12}$/.test(text)) throw new FormatError('is not a number of seconds since 1970');
  return inRange({ seconds: Number(text), micros: 0 });
}

/** RFC 4517, 3.3.13: minutes, seconds and fractions may be missing, the zone may not. */
function generalizedTime(text: string): Moment {
  const found = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})?(\d{2})?(?:[.,](\d{1,9}))?(Z|[+-]\d{2}(?:\d{2})?)$/.exec(text);
  if (!found) throw new FormatError('is not an LDAP generalized time');
  const base = momentWithOffset(localTime(found.slice(1, 7)), offsetOf(found[8] ?? ''));
  const fraction = found[7];
  if (fraction === undefined) return base;
  // of the last part that is given: an hour, a minute or a second
  const unit = found[6] !== undefined ? 1_000_000n : found[5] !== undefined ? 60_000_000n : 3_600_000_000n;
  const [micros, scale] = [unit * BigInt(fraction), 10n ** BigInt(fraction.length)];
  if (micros % scale !== 0n) throw new FormatError('has a fraction of a second beyond microseconds');
  const added = Number(micros / scale);
  return inRange({ seconds: base.seconds + Math.floor(added / 1_000_000), micros: added % 1_000_000 });
}

/** How the formats of times that have a name write a moment. */
const writtenTimes: Readonly<Record<string, (moment: Moment) => string | undefined>> = {
  activeDirectoryTime: ({ seconds, micros }) =>
    String((BigInt(seconds) + 11_644_473_600n) * 10_000_000n + BigInt(micros) * 10n),
  ldapGeneralizedTime: (moment) => toRfc3339(moment).replace(/[-:T]/g, ''),
  unixSeconds: ({ seconds, micros }) => (micros === 0 ? String(seconds) : undefined),
};

/**
 * A stored time as a format that has a name writes it.
 * @returns undefined if the format has no name or cannot write this time, or the text is no stored time
 */
export function namedTimeOf(format: string, stored: string): string | undefined {
  if (!Object.hasOwn(writtenTimes, format) || !isStoredTime(stored)) return undefined;
  return writtenTimes[format]?.(momentOf(stored));
}

/** The moment of a stored time. */
function momentOf(stored: string): Moment {
  const fraction = /[.](\d+)Z$/.exec(stored)?.[1] ?? '';
  return { seconds: Math.floor(Date.parse(stored) / 1000), micros: microsOf(fraction) };
}

/** Dates repeat in a directory and are slow to read: as many are remembered as a century has. */
export function remembering(format: Format): Format {
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
