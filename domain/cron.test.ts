import fc from 'fast-check';
import { Cron } from 'croner';
import { describe, expect, it } from 'vitest';
import { cronFault, cronParts, timeZoneFault } from './cron.ts';
import { nextRuns } from './next-runs.ts';

const from = new Date('2026-03-27T12:00:00Z');

describe('cron expressions', () => {
  it.each([
    ['0 2 * * *', 'UTC', ['2026-03-28T02:00:00Z', '2026-03-29T02:00:00Z']],
    ['0 22 * * MON,WED,FRI', 'UTC', ['2026-03-27T22:00:00Z', '2026-03-30T22:00:00Z']],
    ['0 8 * * mon-fri', 'Europe/Paris', ['2026-03-30T06:00:00Z', '2026-03-31T06:00:00Z']],
    // both days given: either
    ['0 0 1 * 5', 'UTC', ['2026-04-01T00:00:00Z', '2026-04-03T00:00:00Z']],
    ['*/30 12 * jan,mar *', 'UTC', ['2026-03-27T12:30:00Z', '2026-03-28T12:00:00Z']],
    ['0 0 * * 7', 'UTC', ['2026-03-29T00:00:00Z', '2026-04-05T00:00:00Z']],
    ['0 0 * * SAT-SUN', 'UTC', ['2026-03-28T00:00:00Z', '2026-03-29T00:00:00Z']],
  ])('%s in %s runs when it says', (cron, zone, runs) => {
    expect(cronFault(cron)).toBeUndefined();
    expect(nextRuns(cron, zone, 2, from)).toEqual(runs);
  });

  it.each([
    // left out
    ['30 2 * * *', 'Europe/Paris', '2026-03-27T12:00:00Z', ['03-28T01:30', '03-30T00:30', '03-31T00:30']],
    ['0 0 * * *', 'Africa/Cairo', '2027-04-28T12:00:00Z', ['04-28T22:00', '04-30T21:00']],
    // shown twice
    ['30 2 * * *', 'Europe/Paris', '2026-10-24T12:00:00Z', ['10-25T01:30', '10-26T01:30', '10-27T01:30']],
    ['30 1 7 11 *', 'America/New_York', '2027-01-01T00:00:00Z', ['11-07T05:30', '11-07T06:30', '11-07T06:30']],
    ['0 * * * *', 'America/New_York', '2027-11-07T04:30:00Z', ['11-07T05:00', '11-07T06:00', '11-07T07:00']],
    ['0 1-23/2 * * *', 'Europe/Paris', '2026-10-24T22:00:00Z', ['10-24T23:00', '10-25T00:00', '10-25T02:00']],
    // by half an hour
    ['45 1 * * *', 'Australia/Lord_Howe', '2027-04-03T00:00:00Z', ['04-03T15:15', '04-04T15:15', '04-05T15:15']],
  ])('%s in %s runs at a change of the clock as Temporal does', (cron, zone, after, runs) => {
    const found = nextRuns(cron, zone, runs.length, new Date(after));
    expect(found.map((at) => at.slice(5, 16))).toEqual(runs);
  });

  it.each([
    ['', 'five fields'],
    ['* * *', 'five fields'],
    ['0 0 2 * * *', 'five fields'],
    ['@daily', 'five fields'],
    ['60 * * * *', 'minute'],
    ['0 24 * * *', 'hour'],
    ['0 0 32 * *', 'day'],
    ['0 0 * 13 *', 'month'],
    ['0 0 * * 8', 'dayOfWeek'],
    ['0 0 * * FRI-MON', '5-1'],
    ['0 0 * foo *', 'foo'],
    ['*/0 * * * *', '0'],
    ['5/15 * * * *', '5/15'],
    ['0 0 L * *', 'day of month: "L"'],
    ['0 0 ? * 1', 'day of month: "?"'],
    ['0 0 * * MON#2', 'day of week: "MON#2"'],
    ['0 0 15W * *', 'day of month: "15W"'],
    ['0 0 31 2 *', 'never comes'],
  ])('%s is refused, saying why', (cron, said) => {
    expect(cronFault(cron)).toContain(said);
  });

  it('are parted so that their union is what cron means', () => {
    expect(cronParts('0 0 1 * MON-FRI')).toEqual(['0 0 1 * *', '0 0 * * 1,2,3,4,5']);
    expect(cronParts('0 0 * * 1-7')).toEqual(['0 0 * * 0,1,2,3,4,5,6']);
    const day = fc.integer({ min: 0, max: 7 });
    const weekdays = fc.oneof(
      day.map(String),
      fc.tuple(day, day).map(([a, b]) => `${String(Math.min(a, b))}-${String(Math.max(a, b))}`),
      fc.array(day, { minLength: 1, maxLength: 4 }).map((days) => days.join(',')),
      fc.integer({ min: 1, max: 6 }).map((step) => `*/${String(step)}`),
    );
    fc.assert(
      fc.property(weekdays, fc.constantFrom('*', '1', '13', '1-10'), (weekday, date) => {
        const cron = `0 6 ${date} * ${weekday}`;
        const both = new Cron(cron, { mode: '5-part', timezone: 'UTC', paused: true, domAndDow: false });
        expect(nextRuns(cron, 'UTC', 10, from)).toEqual(
          both.nextRuns(10, from).map((run) => run.toISOString().replace('.000Z', 'Z')),
        );
      }),
    );
  });
});

describe('time zones', () => {
  it.each(['UTC', 'Europe/Paris', 'America/Argentina/Buenos_Aires', 'US/Eastern', 'Etc/GMT+5'])('%s is one', (zone) => {
    expect(timeZoneFault(zone)).toBeUndefined();
  });
  it.each([
    ['Mars/Olympus', 'no time zone'],
    ['+02:00', 'no time zone'],
    ['us/eastern', 'no time zone'],
    ['europe/paris', 'spelled Europe/Paris'],
    ['', 'no time zone'],
  ])('%s is none', (zone, said) => {
    expect(timeZoneFault(zone)).toContain(said);
  });
});
