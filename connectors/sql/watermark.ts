import { parseDuration } from '../../domain/duration.ts';
import { SyncError } from '../../domain/errors.ts';

/** How far a table has been read: the largest watermark, in the text that the database wrote. Null: none had a value. */
export interface Mark {
  at: string | null;
}

const form = /^(\d{4,6})-(\d\d)-(\d\d)(?:([ T])(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;
const number = /^-?\d+(\.\d+)?$/;

/** Nanoseconds since 1970, of the clock that the text shows; undefined if it is no time. */
function instant(text: string): bigint | undefined {
  const parts = form.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, , hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = parts;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if (Number.isNaN(ms)) return undefined;
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0')) - offsetOf(zone);
}

function offsetOf(zone: string): bigint {
  if (zone === 'Z') return 0n;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return BigInt(zone.startsWith('-') ? -minutes : minutes) * 60_000_000_000n;
}

/**
 * The watermark from which on rows are read again.
 * @param overlap a duration for times, a number for numbers
 * @throws SyncError `configuration` if the two do not fit
 */
export function shiftBack(at: string, overlap: string | number): string {
  if (number.test(at)) {
    if (typeof overlap !== 'number') throw misfit('numbers, so overlap must be a number, such as 1000');
    const [whole = '0'] = at.split('.');
    return String(BigInt(whole) - BigInt(overlap) - (at.includes('.') && at.startsWith('-') ? 1n : 0n));
  }
  if (typeof overlap === 'number') throw misfit('times, so overlap must be a duration, such as 5m');
  const moment = instant(at);
  const parts = form.exec(at);
  if (moment === undefined || !parts) throw misfit('neither times nor numbers. Choose another column');
  const [, , , , separator, , , seconds, fraction, zone = ''] = parts;
  const shown = moment - BigInt(parseDuration(overlap)) * 1_000_000n + offsetOf(zone || 'Z');
  // down to the whole second: earlier is safe
  const text = new Date(Number(floor(shown / 1_000_000n, 1000n))).toISOString();
  if (separator === undefined) return text.slice(0, 10);
  const clock = text.slice(11, seconds === undefined ? 16 : 19);
  return `${text.slice(0, 10)}${separator}${clock}${fraction === undefined ? '' : `.${'0'.repeat(fraction.length)}`}${zone}`;
}

const floor = (value: bigint, unit: bigint) => value - (((value % unit) + unit) % unit);

/** The watermark, but not one of the future: it would hide every change until then. */
export function atMost(at: string, clock: string): string {
  const [moment, now] = [instant(at), instant(clock)];
  if (moment === undefined || now === undefined || moment <= now) return at;
  const [, , , , separator, , , seconds, fraction, zone = ''] = form.exec(at) ?? [];
  const text = new Date(Number(floor((now + offsetOf(zone || 'Z')) / 1_000_000n, 1000n))).toISOString();
  if (separator === undefined) return text.slice(0, 10);
  const digits = fraction === undefined ? '' : `.${'0'.repeat(fraction.length)}`;
  return `${text.slice(0, 10)}${separator}${text.slice(11, seconds === undefined ? 16 : 19)}${digits}${zone}`;
}

/** A watermark before every other of its kind, for a table that had none. */
export const beforeAll = (type: string): string => (type === 'number' ? '-2147483648' : '1000-01-01T00:00:00Z');

const misfit = (what: string) => new SyncError('configuration', `The watermark column has ${what}.`);

/** @returns undefined if the text is no checkpoint of this package */
export function parseMark(value: string): Mark | undefined {
  try {
    const { at } = JSON.parse(value) as Partial<Mark>;
    return at === null || typeof at === 'string' ? { at } : undefined;
  } catch {
    return undefined;
  }
}
