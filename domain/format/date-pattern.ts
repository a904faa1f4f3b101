import { IANAZone, type Zone } from 'luxon';
import { dateFields, type Field } from './date-fields.ts';
import { daysIn, isLeapYear, microsOf, offsetOf, doesNotExist, type LocalTime } from './moment.ts';
import { FormatError } from './value.ts';

/** The result of reading a text by a date pattern: a local time, and its offset from UTC if the text has one. */
export interface DateText {
  local: LocalTime;
  offset?: number;
  zone?: Zone;
}

export interface DatePattern {
  /** @throws FormatError */
  read(text: string): DateText;
  /** Years have two digits, or may: what a text means depends on the day on which it is read. */
  twoDigitYears: boolean;
}

/**
 * Compiles a date pattern of UTS 35 (Unicode Technical Standard 35, part 4): the letters of `dateFields`, text in single
 * quotes, `''` for a quote; other characters stand for themselves. Names are English, in any case; numbers have as many
 * digits as letters, or one or two for one letter.
 * @param today two-digit years are from 80 years before it to 20 years after it
 * @throws FormatError if a letter has no meaning here, or if the fields do not fix a date
 */
export function compileDatePattern(pattern: string, today: Date): DatePattern {
  const refuse = (why: string) => new FormatError(`${pattern} is not a date pattern: ${why}`);
  const pieces = split(pattern, refuse);
  const fields = pieces.filter((piece): piece is Field => typeof piece !== 'string');
  checkFields(fields, refuse);
  checkBorders(pieces, refuse);
  const source = pieces.map((piece) => (typeof piece === 'string' ? escape(piece) : `(${piece.source})`)).join('');
  const expression = new RegExp(`^${source}$`, 'i');
  return {
    twoDigitYears: fields.some(({ run }) => run === 'y' || run === 'yy'),
    read(text) {
      const found = expression.exec(text);
      if (!found) throw new FormatError(`does not have the format ${pattern}`);
      return assemble(new Map(fields.map(({ gives }, i) => [gives, found[i + 1] ?? ''])), fields, today);
    },
  };
}

type Refuse = (why: string) => FormatError;

function split(pattern: string, refuse: Refuse): (Field | string)[] {
  const pieces: (Field | string)[] = [];
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at);
    const quoted = /^'((?:[^']|'')*)'/.exec(rest);
    if (rest.startsWith("'") && !quoted) throw refuse('a quote is not closed');
    const run = quoted ? quoted[0] : (/^([A-Za-z])\1*/.exec(rest)?.[0] ?? rest.charAt(0));
    if (quoted) pieces.push(quoted[1] === '' ? "'" : (quoted[1] ?? '').replaceAll("''", "'"));
    else if (/[A-Za-z]/.test(run)) pieces.push(fieldFor(run, refuse));
    else pieces.push(run);
    at += run.length;
  }
  return pieces;
}

function fieldFor(run: string, refuse: Refuse): Field {
  const letter = run.charAt(0);
  const known = dateFields[letter];
  if (!known) throw refuse(`${run} is not read; put plain text in quotes`);
  if (typeof known === 'string') throw refuse(`${run} ${known}`);
  const field = known(run.length);
  if (!field) throw refuse(`${run} is not read: ${letter} has no meaning with ${String(run.length)} letters`);
  return { ...field, run };
}

/** Checks that each field occurs once, and that the fields together fix a date, and a time as far as it is given. */
function checkFields(fields: readonly Field[], refuse: Refuse): void {
  const byMeaning = new Map<Field['gives'], Field>();
  for (const field of fields) {
    const other = byMeaning.get(field.gives);
    if (other) {
      const hint = field.gives === 'month' ? '; minutes are mm' : field.gives === 'minute' ? '; months are MM' : '';
      throw refuse(`${other.run} and ${field.run} both give the ${words[field.gives]}${hint}`);
    }
    byMeaning.set(field.gives, field);
  }
  const has = (gives: Field['gives']) => byMeaning.has(gives);
  if (!has('year')) throw refuse('it has no year');
  if (has('dayOfYear') && (has('month') || has('day')))
    throw refuse('it has a day of the year beside a month or a day');
  if (!has('dayOfYear') && !has('month'))
    throw refuse(has('minute') ? 'it has no month; mm are minutes, months are MM' : 'it has no month');
  if (!has('dayOfYear') && !has('day')) throw refuse('it has no day of the month');
  if (has('hour') && (has('hourOfHalf') || has('half')))
    throw refuse('an hour of 24 does not go with hours of twelve or AM and PM');
  if (has('hourOfHalf') !== has('half'))
    throw refuse(
      has('half')
        ? 'a (AM or PM) needs an hour of twelve (h)'
        : 'an hour of twelve needs a (AM or PM); hours of 24 are HH',
    );
  const needed = [
    ['minute', has('hour') || has('hourOfHalf'), 'an hour'],
    ['second', has('minute'), 'a minute'],
    ['fraction', has('second'), 'a second'],
  ] as const;
  for (const [gives, there, what] of needed)
    if (has(gives) && !there) throw refuse(`${byMeaning.get(gives)?.run ?? ''} needs ${what}`);
  if (has('offset') && has('zone')) throw refuse('it has an offset and a zone');
}

/** If a number may have one digit or more, a character that is no digit must follow it. */
function checkBorders(pieces: readonly (Field | string)[], refuse: Refuse): void {
  pieces.forEach((piece, i) => {
    if (typeof piece === 'string' || !piece.open) return;
    const next = pieces[i + 1];
    const opens = typeof next === 'string' ? /^[0-9]/.test(next) : next?.open !== undefined || next?.number === true;
    if (opens) throw refuse(`nobody can tell where ${piece.run} ends; write it with as many letters as it has digits`);
  });
}

const words: Record<Field['gives'], string> = {
  year: 'year',
  month: 'month',
  day: 'day',
  dayOfYear: 'day of the year',
  weekday: 'day of the week',
  hour: 'hour',
  hourOfHalf: 'hour of twelve',
  half: 'half of the day',
  minute: 'minute',
  second: 'second',
  fraction: 'fraction of a second',
  offset: 'offset',
  zone: 'zone',
};

const escape = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function assemble(given: ReadonlyMap<Field['gives'], string>, fields: readonly Field[], today: Date): DateText {
  const number = (gives: Field['gives']): number | undefined => {
    const text = given.get(gives);
    if (text === undefined) return undefined;
    const value = fields.find((field) => field.gives === gives)?.value?.(text) ?? Number(text);
    if (Number.isNaN(value)) throw doesNotExist();
    return value;
  };
  const hourOfHalf = number('hourOfHalf');
  const local: LocalTime = {
    ...dateOf(given.get('year') ?? '', number('dayOfYear'), number('month') ?? 1, number('day') ?? 1, today),
    hour: number('hour') ?? (hourOfHalf === undefined ? 0 : hourOfHalf + (number('half') ?? 0)),
    minute: number('minute') ?? 0,
    second: number('second') ?? 0,
    micros: microsOf(given.get('fraction') ?? ''),
  };
  const weekday = number('weekday');
  if (weekday !== undefined && weekday !== weekdayOf(local))
    throw new FormatError('has a day of the week that the date is not');
  const [offset, zone] = [given.get('offset'), given.get('zone')];
  return {
    local,
    ...(offset === undefined ? {} : { offset: offsetOf(/^GMT$/i.test(offset) ? 'Z' : offset.replace(/^GMT/i, '')) }),
    ...(zone === undefined ? {} : { zone: zoneNamed(zone) }),
  };
}

function zoneNamed(name: string): Zone {
  const zone = IANAZone.create(name);
  if (!zone.isValid) throw new FormatError('has a zone that is not known');
  return zone;
}

const weekdayOf = ({ year, month, day }: LocalTime) =>
  new Date(new Date(0).setUTCFullYear(year, month - 1, day)).getUTCDay();

type CalendarDate = Pick<LocalTime, 'year' | 'month' | 'day'>;

function dateOf(
  yearText: string,
  dayOfYear: number | undefined,
  month: number,
  day: number,
  today: Date,
): CalendarDate {
  const inYear = (year: number): CalendarDate =>
    dayOfYear === undefined ? { year, month, day } : { year, ...nthDay(year, dayOfYear) };
  if (yearText.length !== 2) return inYear(Number(yearText));
  // the first year with these digits whose date is not more than 80 years back
  const first = today.getUTCFullYear() - 80;
  const year = first + ((((Number(yearText) - first) % 100) + 100) % 100);
  const found = inYear(year);
  const tooEarly =
    year === first &&
    (found.month < today.getUTCMonth() + 1 ||
      (found.month === today.getUTCMonth() + 1 && found.day < today.getUTCDate()));
  return tooEarly ? inYear(year + 100) : found;
}

function nthDay(year: number, dayOfYear: number): Pick<LocalTime, 'month' | 'day'> {
  if (dayOfYear < 1 || dayOfYear > (isLeapYear(year) ? 366 : 365)) throw doesNotExist();
  let day = dayOfYear;
  let month = 1;
  for (; day > daysIn(year, month); month++) day -= daysIn(year, month);
  return { month, day };
}
