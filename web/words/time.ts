const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const brief = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const withDay = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "3 hours ago", "in 2 minutes" */
export function ago(at: string, now = Date.now()): string {
  const seconds = (Date.parse(at) - now) / 1000;
  for (const [unit, length] of steps)
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  return Math.abs(seconds) < 10 ? 'just now' : relative.format(Math.trunc(seconds), 'second');
}

/** The time in the zone of the person, and in UTC. */
export const exactly = (at: string): string =>
  `${exact.format(new Date(at))} (${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC)`;

/** The same without UTC, where there is little room. */
export const inFull = (at: string): string => exact.format(new Date(at));

/** "02:14" of today, else "5 May, 02:14" */
export function clock(at: string, now = new Date()): string {
  const time = new Date(at);
  return (time.toDateString() === now.toDateString() ? brief : withDay).format(time);
}

const withYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const mostOfAYear = 300 * 86_400_000;

/** "5 May, 02:14", with the year only where it could be another one: for choices that must fit a narrow screen. */
export const inShort = (at: string, now = Date.now()): string =>
  (Math.abs(now - Date.parse(at)) < mostOfAYear ? withDay : withYear).format(new Date(at));

/** "5 May, 02:14" in a zone that is named */
export const inZone = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(new Date(at));

/** "7 h", "3 min 20 s", "0.4 s" */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${String(Math.round(seconds))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60)
    return seconds % 60 < 1 ? `${String(minutes)} min` : `${String(minutes)} min ${String(Math.floor(seconds % 60))} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${String(hours)} h` : `${String(hours)} h ${String(minutes % 60)} min`;
  return `${String(Math.floor(hours / 24))} d`;
}
