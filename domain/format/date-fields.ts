/** The letters of UTS 35 date patterns: what each means here, or why it is not read. */

export interface Field {
  /** What it says of a date: two fields of one meaning could contradict each other. */
  gives:
    | 'year'
    | 'month'
    | 'day'
    | 'dayOfYear'
    | 'weekday'
    | 'hour'
    | 'hourOfHalf'
    | 'half'
    | 'minute'
    | 'second'
    | 'fraction'
    | 'offset'
    | 'zone';
  /** The letters in the pattern. */
  run: string;
  /** What it looks like, as a regular expression. */
  source: string;
  /** A digit begins it. */
  number?: true;
  /** A digit behind it could belong to it. */
  open?: true;
  /** The text as a number, NaN if it is out of range. If it is left out, `Number` reads the text. */
  value?: (text: string) => number;
}

type Meaning = Omit<Field, 'run'>;
/** By the number of letters, undefined if so many are not read. */
type Letter = (letters: number) => Meaning | undefined;

const between =
  (least: number, most: number, shift = (n: number) => n) =>
  (text: string) => {
    const n = Number(text);
    return n < least || n > most ? NaN : shift(n);
  };

/** A number of two digits, or of one or two digits if the pattern has one letter. */
const number =
  (gives: Field['gives'], value: (text: string) => number): Letter =>
  (letters) =>
    letters === 1
      ? { gives, source: '\\d{1,2}', number: true, open: true, value }
      : letters === 2
        ? { gives, source: '\\d{2}', number: true, value }
        : undefined;

const months = 'January February March April May June July August September October November December'.split(' ');
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const short = (names: readonly string[]) => names.map((name) => name.slice(0, 3));

const names = (gives: Field['gives'], list: readonly string[], first: number): Meaning => ({
  gives,
  source: list.join('|'),
  value: (text) => list.findIndex((name) => name.toLowerCase() === text.toLowerCase()) + first,
});

const month: Letter = (letters) =>
  letters === 3
    ? names('month', short(months), 1)
    : letters === 4
      ? names('month', months, 1)
      : number('month', between(1, 12))(letters);

const hoursBefore = (half: string) => (half.toUpperCase() === 'PM' ? 12 : 0);

const fourDigits: Meaning = { gives: 'year', source: '\\d{4}', number: true };
const weekday =
  (shortest: number): Letter =>
  (letters) =>
    letters >= shortest && letters <= 3
      ? names('weekday', short(weekdays), 0)
      : letters === 4
        ? names('weekday', weekdays, 0)
        : undefined;

const offset = (source: string, open = false): Meaning => ({
  gives: 'offset',
  source,
  ...(open ? { open: true } : {}),
});
/** ISO 8601: hours, with minutes if there are some; `+hhmm`; `+hh:mm`. */
const isoOffset =
  (zulu: string): Letter =>
  (letters) =>
    [
      undefined,
      offset(`${zulu}[+-]\\d{2}(?:\\d{2})?`, true),
      offset(`${zulu}[+-]\\d{4}`),
      offset(`${zulu}[+-]\\d{2}:\\d{2}`),
    ][letters];

export const dateFields: Readonly<Record<string, Letter | string>> = {
  y: (letters) =>
    [
      undefined,
      // four digits, or two
      { gives: 'year', source: '\\d{4}|\\d{2}', number: true, open: true } satisfies Meaning,
      { gives: 'year', source: '\\d{2}', number: true } satisfies Meaning,
      undefined,
      fourDigits,
    ][letters],
  u: (letters) => (letters === 1 || letters === 4 ? fourDigits : undefined),
  M: month,
  L: month,
  d: number('day', between(1, 31)),
  D: (letters) =>
    letters === 1
      ? { gives: 'dayOfYear', source: '\\d{1,3}', number: true, open: true }
      : letters === 3
        ? { gives: 'dayOfYear', source: '\\d{3}', number: true }
        : undefined,
  E: weekday(1),
  c: weekday(3),
  a: (letters) => (letters <= 3 ? { gives: 'half', source: '[AP]M', value: hoursBefore } : undefined),
  H: number('hour', between(0, 23)),
  k: number(
    'hour',
    between(1, 24, (n) => n % 24),
  ),
  h: number(
    'hourOfHalf',
    between(1, 12, (n) => n % 12),
  ),
  K: number('hourOfHalf', between(0, 11)),
  m: number('minute', between(0, 59)),
  s: number('second', between(0, 59)),
  S: (letters) => (letters <= 9 ? { gives: 'fraction', source: `\\d{${String(letters)}}`, number: true } : undefined),
  Z: (letters) =>
    letters <= 3
      ? offset('[+-]\\d{2}:?\\d{2}')
      : letters === 4
        ? offset('GMT(?:[+-]\\d{2}:\\d{2})?')
        : letters === 5
          ? offset('Z|[+-]\\d{2}:\\d{2}')
          : undefined,
  X: isoOffset('Z|'),
  x: isoOffset(''),
  V: (letters) => (letters === 2 ? { gives: 'zone', source: '[A-Za-z][A-Za-z0-9_+/-]*', open: true } : undefined),
  Y: 'is the year of a week; the year of a date is yyyy',
  z: 'is a short name of a zone, which more than one zone has; a zone as in Europe/Paris is VV, an offset Z or XXX',
  G: 'is an era; years are from 1 to 9999 of this one',
  Q: 'is a quarter, which fixes no date',
  q: 'is a quarter, which fixes no date',
  w: 'is a week, which is not read',
  W: 'is a week, which is not read',
  e: 'is a day of the week whose number depends on the country; its name is EEE or EEEE',
  A: 'is milliseconds of a day, which are not read',
  O: 'is an offset that is written in several ways; it is read as Z, XXX or ZZZZ',
};
