import { IANAZone } from 'luxon';
import { cronParts } from './cron.ts';

/**
 * The times at which Temporal runs a schedule. Temporal searches wall-clock fields of the zone, not elapsed time. This
 * search decides what happens when the clocks change. So this file makes the same search. A test compares the two.
 */

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** Temporal looks no further. */
const lastYear = 2100;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The values of each field that fit. */
interface Calendar {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  /** 0 is Sunday. */
  weekdays: ReadonlySet<number>;
}

/** @param part one of the expressions of `cronParts`, without faults */
function calendarOf(part: string): Calendar {
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = part.split(' ');
  return {
    minutes: valuesOf(minute, 0, 59),
    hours: valuesOf(hour, 0, 23),
    days: valuesOf(day, 1, 31),
    months: valuesOf(month, 1, 12),
    weekdays: valuesOf(weekday, 0, 6),
  };
}

function valuesOf(field: string, first: number, last: number): ReadonlySet<number> {
  const values = new Set<number>();
  for (const item of field.split(',')) {
    const [range = '', step = '1'] = item.split('/');
    const [from = '', to = from] = range.split('-');
    const begin = range === '*' ? first : numberOf(from);
    const end = range === '*' ? last : numberOf(to);
    for (let value = begin; value <= end; value += Number(step)) values.add(value);
  }
  return values;
}

function numberOf(text: string): number {
  const named = months.indexOf(text.toLowerCase());
  return named < 0 ? Number(text) : named + 1;
}

/** Wall clocks of a zone; a wall time is milliseconds as if the zone were UTC. */
class WallClock {
  readonly #zone: IANAZone;
  constructor(timezone: string) {
    this.#zone = IANAZone.create(timezone);
  }

  #offset(instant: number): number {
    return this.#zone.offset(instant) * minuteMs;
  }

  /** What the clock shows at an instant. */
  at(instant: number): Date {
    return new Date(instant + this.#offset(instant));
  }

  /** The instant of a wall time. One that the zone leaves out gives another one, one that it has twice gives one of the two. */
  instant(year: number, month: number, day: number, hour: number, minute: number): number {
    const wall = Date.UTC(year, month - 1, day, hour, minute);
    return wall - this.#offset(wall - this.#offset(wall));
  }
}

/** @returns the first time after `after` that fits, in milliseconds since 1970, or undefined */
function nextTime(fits: Calendar, clock: WallClock, after: number): number | undefined {
  const shown = clock.at(after);
  let [year, month, day] = [shown.getUTCFullYear(), shown.getUTCMonth() + 1, shown.getUTCDate()];
  let [hour, minute] = [shown.getUTCHours(), shown.getUTCMinutes() + 1];
  // in the second copy of an hour that the clock shows twice
  let repeated = clock.at(after - hourMs).getUTCHours() === hour ? hourMs : 0;
  for (;;) {
    if (minute >= 60) {
      minute = 0;
      const length = clock.instant(year, month, day, hour + 1, 0) - clock.instant(year, month, day, hour, 0);
      if (repeated === 0 && length > hourMs) repeated = hourMs;
      else {
        repeated = 0;
        hour++;
      }
    }
    if (hour >= 24) [day, hour] = [day + 1, 0];
    if (day > daysIn(year, month)) [month, day] = [month + 1, 1];
    if (month > 12) [year, month] = [year + 1, 1];
    if (year > lastYear) return undefined;
    if (!fits.months.has(month)) {
      [month, day, hour, minute, repeated] = [month + 1, 1, 0, 0, 0];
      continue;
    }
    if (!fits.days.has(day) || !fitsWeekday(fits, clock, [year, month, day, hour, minute])) {
      [day, hour, minute, repeated] = [day + 1, 0, 0, 0];
      continue;
    }
    if (!fits.hours.has(hour)) {
      [hour, minute, repeated] = [hour + 1, 0, 0];
      continue;
    }
    while (minute < 60 && !fits.minutes.has(minute)) minute++;
    if (minute >= 60) continue;
    const found = clock.instant(year, month, day, hour, minute);
    // the zone leaves this hour out
    if (clock.at(found).getUTCHours() === hour) return found + repeated;
    [hour, minute] = [hour + 1, 0];
  }
}

function fitsWeekday(fits: Calendar, clock: WallClock, wall: [number, number, number, number, number]): boolean {
  return fits.weekdays.size === 7 || fits.weekdays.has(clock.at(clock.instant(...wall)).getUTCDay());
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/**
 * The next times that a schedule runs, soonest first, RFC 3339 UTC: those at which Temporal runs it. A local time that a zone
 * leaves out does not run; one that it has twice runs once or twice, as the search has it.
 * @param cron an expression without faults
 */
export function nextRuns(cron: string, timezone: string, count: number, after: Date): string[] {
  const clock = new WallClock(timezone);
  const calendars = cronParts(cron).map(calendarOf);
  const runs: string[] = [];
  let last = after.getTime();
  while (runs.length < count) {
    const found = calendars.flatMap((calendar) => nextTime(calendar, clock, last) ?? []);
    if (found.length === 0) break;
    last = Math.min(...found);
    runs.push(new Date(last).toISOString().replace('.000Z', 'Z'));
  }
  return runs;
}
