import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { createFormat } from './index.ts';
import { FormatError } from './value.ts';

const today = new Date('2026-05-17T10:00:00Z');
const read = (format: string, text: string, type: 'date' | 'dateTime' = 'date', zone?: string) =>
  createFormat({ type, format, zone }, today)(text);

const meant: [string, string, string][] = [
  ['uuuu-MM-dd', '1990-05-17', '1990-05-17'],
  ['u-MM-dd', '1990-05-17', '1990-05-17'],
  ['y-MM-dd', '1990-05-17', '1990-05-17'],
  ['yyyyMMdd', '19900517', '1990-05-17'],
  ['d/M/yyyy', '7/5/1990', '1990-05-07'],
  ['d/M/yyyy', '17/12/1990', '1990-12-17'],
  ['dd-MMM-yyyy', '17-may-1990', '1990-05-17'],
  ['d MMMM yyyy', '17 September 1990', '1990-09-17'],
  ['LLLL d, yyyy', 'May 17, 1990', '1990-05-17'],
  ['EEEE, d MMMM yyyy', 'Friday, 17 May 2024', '2024-05-17'],
  ['E dd.MM.yyyy', 'Fri 17.05.2024', '2024-05-17'],
  ['yyyyDDD', '2024366', '2024-12-31'],
  ["yyyy-MM-dd'T'HH:mm:ss", '2024-05-17T23:59:59', '2024-05-17'],
  ["h 'o''clock' a, yyyy-MM-dd", "12 o'clock AM, 2024-05-17", '2024-05-17'],
  ["''yyyy-MM-dd''", "'2024-05-17'", '2024-05-17'],
  ['yyyy年MM月dd日', '2024年05月17日', '2024-05-17'],
];

const times: [string, string, string][] = [
  ['yyyy-MM-dd HH:mm:ssZ', '2024-05-17 10:00:00+0200', '2024-05-17T08:00:00Z'],
  ['yyyy-MM-dd HH:mm:ssZZZZ', '2024-05-17 10:00:00GMT+02:00', '2024-05-17T08:00:00Z'],
  ['yyyy-MM-dd HH:mm:ssZZZZ', '2024-05-17 10:00:00GMT', '2024-05-17T10:00:00Z'],
  ['yyyy-MM-dd HH:mm:ssZZZZZ', '2024-05-17 10:00:00Z', '2024-05-17T10:00:00Z'],
  ['yyyy-MM-dd HH:mm:ssXXX', '2024-05-17 10:00:00-05:30', '2024-05-17T15:30:00Z'],
  ['yyyy-MM-dd HH:mm:ssXXX', '2024-05-17 10:00:00Z', '2024-05-17T10:00:00Z'],
  ['yyyy-MM-dd HH:mm:ssX', '2024-05-17 10:00:00+02', '2024-05-17T08:00:00Z'],
  ['yyyy-MM-dd HH:mm:ssX', '2024-05-17 10:00:00+0230', '2024-05-17T07:30:00Z'],
  ['yyyy-MM-dd HH:mm:ssxx', '2024-05-17 10:00:00+0000', '2024-05-17T10:00:00Z'],
  ['yyyy-MM-dd HH:mm VV', '2024-07-01 12:00 Europe/Paris', '2024-07-01T10:00:00Z'],
  ['yyyy-MM-dd kk:mm', '2024-05-17 24:10', '2024-05-17T00:10:00Z'],
  ['yyyy-MM-dd hh:mm a', '2024-05-17 12:10 am', '2024-05-17T00:10:00Z'],
  ['yyyy-MM-dd KK:mm a', '2024-05-17 11:10 PM', '2024-05-17T23:10:00Z'],
  ['yyyy-MM-dd HH:mm:ss.SSSSSS', '2024-05-17 10:00:00.123456', '2024-05-17T10:00:00.123456Z'],
  ['yyyy-MM-dd HH:mm:ss.SSSSSSS', '2024-05-17 10:00:00.1234560', '2024-05-17T10:00:00.123456Z'],
  ['yyyy-MM-dd HH:mm:ss.S', '2024-05-17 10:00:00.5', '2024-05-17T10:00:00.500Z'],
  ['yyyyMMddHHmmssSSS', '20240517100000007', '2024-05-17T10:00:00.007Z'],
  ['yyyy-MM-dd', '2024-05-17', '2024-05-17T00:00:00Z'],
];

const refused: [string, RegExp][] = [
  ['dd/mm/yyyy', /no month; mm are minutes, months are MM/],
  ['yyyy-mm-dd', /no month; mm are minutes/],
  ['MM/dd/yyyy HH:MM', /both give the month; minutes are mm/],
  ['yyyy', /no month/],
  ['yyyy-MM', /no day of the month/],
  ['dd.MM', /no year/],
  ['dd.yyyy', /no month/],
  ['YYYY-MM-dd', /year of a week/],
  ['yyyy-MM-DD', /DD/],
  ['D MM yyyy', /day of the year beside/],
  ['yyyy-MM-dd hh:mm', /AM or PM/],
  ['yyyy-MM-dd HH:mm a', /does not go with/],
  ['yyyy-MM-dd mm', /needs an hour/],
  ['yyyy-MM-dd HH.SSS', /needs a second/],
  ['yyyy-MM-dd HH:mm z', /z is a short name of a zone/],
  ['yyyy-MM-dd GGG', /era/],
  ['dMyyyy', /cannot|can tell where d ends/],
  ['yMMdd', /can tell where y ends/],
  ['yyyyyy-MM-dd', /yyyyyy/],
  ['yyyy-MMMMM-dd', /MMMMM/],
  ['yyyy-MM-dd HH:mmXXX VV', /an offset and a zone/],
  ["yyyy-MM-dd'T", /quote/],
  ['yyyy-MM-ddTHH:mm', /T/],
  ['yyyy-MM-dd yyyy', /both give the year/],
  ['sometime', /./],
  ['constructor', /./],
];

describe('date patterns', () => {
  it.each(meant)('%s reads %s as %s', (format, text, value) => {
    expect(read(format, text)).toBe(value);
  });

  it.each(times)('%s reads %s as the moment %s', (format, text, value) => {
    expect(read(format, text, 'dateTime')).toBe(value);
  });

  it.each(refused)('%s is refused, with the reason', (format, why) => {
    expect(() => createFormat({ type: 'date', format }, today)).toThrow(why);
    expect(() => createFormat({ type: 'dateTime', format }, today)).toThrow(FormatError);
  });

  it('take years of two digits from 80 years before the day of the sync to 20 years after it', () => {
    for (const format of ['dd.MM.yy', 'dd.MM.y']) {
      expect(read(format, '17.05.46')).toBe('1946-05-17');
      expect(read(format, '16.05.46')).toBe('2046-05-16');
      expect(read(format, '31.12.45')).toBe('2045-12-31');
      expect(read(format, '01.01.47')).toBe('1947-01-01');
      expect(read(format, '29.02.00')).toBe('2000-02-29');
    }
    expect(createFormat({ type: 'date', format: 'yyMMdd' }, new Date('2099-01-01T00:00:00Z'))('000101')).toBe(
      '2100-01-01',
    );
    expect(() => read('dd.MM.yy', '17.05.1946')).toThrow(FormatError);
    expect(() => read('dd.MM.y', '17.05.946')).toThrow(FormatError);
  });

  it('refuse what no calendar or clock shows', () => {
    for (const [format, text] of [
      ['dd.MM.yyyy', '31.04.2024'],
      ['dd.MM.yyyy', '29.02.2023'],
      ['dd.MM.yyyy', '00.01.2024'],
      ['dd.MM.yyyy', '01.13.2024'],
      ['dd.MM.yyyy', '1.1.2024'],
      ['yyyyDDD', '2023366'],
      ['yyyyDDD', '2023000'],
      ['yyyy-MM-dd HH:mm', '2024-05-17 24:00'],
      ['yyyy-MM-dd kk:mm', '2024-05-17 00:00'],
      ['yyyy-MM-dd hh:mm a', '2024-05-17 00:10 AM'],
      ['yyyy-MM-dd hh:mm a', '2024-05-17 13:10 PM'],
      ['yyyy-MM-dd HH:mm:ss.SSSSSSS', '2024-05-17 10:00:00.1234567'],
      ['yyyy-MM-dd HH:mm VV', '2024-05-17 10:00 Europe/Atlantis'],
      ['yyyy-MM-dd HH:mm VV', '2024-03-31 02:30 Europe/Paris'],
      ['yyyy-MM-dd', ' 2024-05-17'],
      ['yyyy-MM-dd', '2024-05-17\n'],
    ] as const)
      expect(() => read(format, text, 'dateTime'), `${format} ${text}`).toThrow(FormatError);
  });
});

/** Fields of UTS 35, beside what luxon writes for them; `*` for those that it has not. */
const oracle = {
  year: { yyyy: 'yyyy', uuuu: 'yyyy', u: 'yyyy', y: 'yyyy', yy: 'yy' },
  day: {
    'MM dd': 'LL dd',
    'M d': 'L d',
    'dd LLL': 'dd LLL',
    'd. MMMM': 'd. LLLL',
    'MMM dd EEE': 'LLL dd ccc',
    'LL/dd, EEEE': 'LL/dd, cccc',
    DDD: 'ooo',
    D: 'o',
  },
  hour: { HH: 'HH', H: 'H', 'hh a': 'hh a', 'a h': 'a h' },
  rest: { '': '', ':mm': ':mm', ':m': ':m', ':mm:ss': ':mm:ss', ':m:s': ':m:s', ':mm:ss.SSS': ':mm:ss.SSS' },
  offset: { '': '', Z: 'ZZZ', ZZZ: 'ZZZ', ZZZZZ: 'ZZ', XXX: 'ZZ', xxx: 'ZZ', XX: 'ZZZ', xx: 'ZZZ' },
} as const;
const one = (of: Record<string, string>) => fc.constantFrom(...Object.entries(of));

describe('every pattern of the letters that are read', () => {
  it('means what another implementation writes for it', () => {
    const within = fc.date({ min: new Date('1950-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(
        fc.tuple(one(oracle.year), one(oracle.day), one(oracle.hour), one(oracle.rest), one(oracle.offset)),
        within,
        offset,
        fc.constantFrom(' ', "' at '", '|', ' (', '/.*'),
        ([year, day, hour, rest, zone], at, minutes, between) => {
          const parts = [year, day, hour];
          const format = parts.map(([uts]) => uts).join(between) + rest[0] + zone[0];
          const there =
            zone[0] === ''
              ? 'utc'
              : `UTC${minutes < 0 ? '-' : '+'}${String(Math.floor(Math.abs(minutes) / 60))}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`;
          const written = parts.map(([, luxon]) => luxon).join(between) + rest[1] + zone[1];
          const moment = DateTime.fromJSDate(at, { zone: there });
          const text = moment.toFormat(written, { locale: 'en-US' });
          // to what the pattern writes of it
          const unit = rest[0].includes('S')
            ? 'millisecond'
            : rest[0].includes('s')
              ? 'second'
              : rest[0] === ''
                ? 'hour'
                : 'minute';
          const kept = moment.startOf(unit);
          const expected = kept
            .toUTC()
            .toFormat(kept.millisecond === 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
          expect(read(format, text, 'dateTime'), `${format} ${text}`).toBe(expected);
          expect(read(format, text, 'date')).toBe(kept.toUTC().toFormat('yyyy-MM-dd'));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('reads local times as the first moment at which clocks of the zone show them', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'America/Sao_Paulo',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'Asia/Tokyo',
    ];
    const within = fc.date({ min: new Date('2010-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...zones), within, (zone, at) => {
        const format = 'yyyy-MM-dd HH:mm:ss';
        const moment = DateTime.fromJSDate(at, { zone }).startOf('second');
        const text = moment.toFormat(format);
        const value = DateTime.fromISO(String(read(format, text, 'dateTime', zone)), { zone });
        expect(value.toFormat(format)).toBe(text);
        expect(value <= moment).toBe(true);
        // none of the two hours before shows the same
        for (let back = 1; back <= 4; back++)
          expect(value.minus({ minutes: back * 30 }).toFormat(format)).not.toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
