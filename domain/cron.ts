import { Cron } from 'croner';
import { IANAZone } from 'luxon';

/**
 * Cron expressions of five fields, as Temporal's schedules take them. Only expressions that this parser and Temporal read in
 * the same way are accepted. A schedule that runs at other times than the times that were shown would be worse.
 */

const fields = ['minute', 'hour', 'day of month', 'month', 'day of week'] as const;
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** @returns what is wrong with an expression, for people, or undefined */
export function cronFault(cron: string): string | undefined {
  const parts = cron.trim().split(/\s+/);
  if (cron.trim() === '' || parts.length !== 5)
    return `a cron expression has five fields, ${fields.join(', ')}: "0 2 * * *" is every day at 02:00`;
  const odd = parts.findIndex((part) => !/^[\dA-Za-z*,/-]+$/.test(part) || /[LlWw]$/.test(part.replace(/jul$/i, '')));
  if (odd >= 0)
    return `${fields[odd] ?? ''}: "${parts[odd] ?? ''}" is not valid; use numbers, names, *, lists (1,3), ranges (1-5) and steps (*/2)`;
  try {
    if (cronParts(cron).every((part) => parse(part, 'UTC').nextRun() === null))
      return 'this day never comes: no month has it';
  } catch (error) {
    return (error instanceof Error ? error.message : 'it is not understood').replace(/^CronPattern: /, '');
  }
  return undefined;
}

const knownZones = new Map(Intl.supportedValuesOf('timeZone').map((zone) => [zone.toLowerCase(), zone]));

/** @returns what is wrong with a time zone, for people, or undefined: a name of the IANA database, spelled as it is there */
export function timeZoneFault(zone: string): string | undefined {
  const known = knownZones.get(zone.toLowerCase());
  if (known !== undefined && known !== zone) return `"${zone}" is spelled ${known}`;
  // older names (US/Eastern) are links in the database; offsets (+02:00) are none
  if (known === undefined && !(/^[A-Z][^/]*(\/[A-Z][^/]*)*$/.test(zone) && IANAZone.isValidZone(zone)))
    return `there is no time zone "${zone}": use one of the IANA database, for example UTC or Europe/Paris`;
  return undefined;
}

/**
 * The expressions whose union has the meaning of a cron expression. If both day of month and day of week are given,
 * cron runs on days that fit either, and Temporal on days that fit both. So each of the two becomes an expression of
 * its own. Days of the week are numbered 0 to 6.
 */
export function cronParts(cron: string): string[] {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.trim().split(/\s+/);
  const numbered = weekday === '*' ? '*' : numberWeekdays(weekday);
  if (day === '*' || numbered === '*') return [`${minute} ${hour} ${day} ${month} ${numbered}`];
  return [`${minute} ${hour} ${day} ${month} *`, `${minute} ${hour} * ${month} ${numbered}`];
}

/** `MON-FRI` → `1,2,3,4,5`; 7 is Sunday too. What is no such list stays, for the parser to refuse. */
function numberWeekdays(field: string): string {
  const found = new Set<number>();
  for (const item of field.split(',')) {
    const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item);
    if (!match) return field;
    const [, star, from, to, step] = match;
    const first = star ? 0 : weekdayNumber(from ?? '');
    const last = star ? 6 : weekdayNumber(to ?? from ?? '', first);
    const by = Number(step ?? 1);
    if (first === undefined || last === undefined || last < first || by === 0 || by > 7) return field;
    if (step !== undefined && !star && to === undefined) return field;
    for (let each = first; each <= last; each += by) found.add(each % 7);
  }
  return [...found].sort().join(',');
}

function weekdayNumber(text: string, from?: number): number | undefined {
  const named = weekdays.indexOf(text.toLowerCase());
  // SAT-SUN is a range as people write it
  if (named >= 0) return named === 0 && from !== undefined && from > 0 ? 7 : named;
  return /^[0-7]$/.test(text) ? Number(text) : undefined;
}

const parse = (part: string, timezone: string): Cron =>
  new Cron(part, { mode: '5-part', timezone, paused: true, domAndDow: true });
