import type { Zone } from 'luxon';
import { FormatError } from './value.ts';

/** A point in time, to the microsecond. */
export interface Moment {
  /** Whole seconds since 1970, UTC. */
  seconds: number;
  /** From 0 to 999,999. */
  micros: number;
}

/** What a calendar and a clock on the wall show. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  micros: number;
}

const day = 86_400;
/** 0001-01-01 and the end of 9999: what Postgres, and four digits, can hold. */
const earliest = -62_135_596_800;
const latest = 253_402_300_799;

export const doesNotExist = () => new FormatError('is a date or time that does not exist');

export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

export function daysIn(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** The seconds since 1970 of a clock that shows UTC. @throws FormatError if no calendar or clock shows it */
export function secondsOf({ year, month, day: date, hour, minute, second }: LocalTime): number {
  if (year < 1 || year > 9999) throw new FormatError('is out of range: years are from 1 to 9999');
  if (month < 1 || month > 12 || date < 1 || date > daysIn(year, month)) throw doesNotExist();
  if (hour > 23 || minute > 59 || second > 59) throw doesNotExist();
  return new Date(0).setUTCFullYear(year, month - 1, date) / 1000 + hour * 3600 + minute * 60 + second;
}

/**
 * The moment at which clocks of the zone show a time. If they show it twice, when they are put back, the first moment
 * counts.
 * @throws FormatError if they never show it
 */
export function momentAt(local: LocalTime, zone: Zone): Moment {
  const shown = secondsOf(local);
  // so a change of the zone's offset within a day of the time does not matter
  const candidates = [shown - day, shown + day].map((near) => shown - offsetAt(zone, near));
  const fitting = candidates.filter((seconds) => seconds + offsetAt(zone, seconds) === shown);
  if (fitting.length === 0) throw new FormatError('is a local time that does not exist in the zone');
  return inRange({ seconds: Math.min(...fitting), micros: local.micros });
}

/** The moment of a time with its offset from UTC, in seconds. */
export const momentWithOffset = (local: LocalTime, offset: number): Moment =>
  inRange({ seconds: secondsOf(local) - offset, micros: local.micros });

/** Whole seconds: a few zones had odd ones until a hundred years ago. */
const offsetAt = (zone: Zone, seconds: number): number => Math.round(zone.offset(seconds * 1000) * 60);

/** @throws FormatError if the year, in UTC, is none of those from 1 to 9999 */
export function inRange(moment: Moment): Moment {
  if (moment.seconds < earliest || moment.seconds > latest)
    throw new FormatError('is out of range: years are from 1 to 9999');
  return moment;
}

/** RFC 3339 in UTC: whole seconds, else three digits or six. */
export function toRfc3339({ seconds, micros }: Moment): string {
  const text = new Date(seconds * 1000).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  if (micros === 0) return `${text}Z`;
  const fraction = String(micros).padStart(6, '0');
  return `${text}.${fraction.endsWith('000') ? fraction.slice(0, 3) : fraction}Z`;
}

/** The date that calendars of the zone show at a moment. */
export function dateIn({ seconds }: Moment, zone: Zone): string {
  const shown = inRange({ seconds: seconds + offsetAt(zone, seconds), micros: 0 });
  return toRfc3339(shown).slice(0, 'yyyy-mm-dd'.length);
}

/** Digits behind the point of a second, as microseconds. @throws FormatError if there is more than that */
export function microsOf(digits: string): number {
  if (/[^0]/.test(digits.slice(6))) throw new FormatError('has a fraction of a second beyond microseconds');
  return Number(digits.slice(0, 6).padEnd(6, '0'));
}

/** `+hh:mm`, `+hhmm`, `+hh` or `Z` in seconds. @throws FormatError if there is no such offset */
export function offsetOf(text: string): number {
  if (text === 'Z' || text === 'z') return 0;
  const [, sign, hours = '', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
  if (sign === undefined || Number(hours) > 23 || Number(minutes) > 59)
    throw new FormatError('has an offset from UTC that does not exist');
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
