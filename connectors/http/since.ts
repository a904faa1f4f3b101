import { ExactNumber, type Cell } from '../../domain/cell.ts';
import { parseDuration } from '../../domain/duration.ts';
import type { HttpTable } from './settings.ts';

type Since = NonNullable<HttpTable['since']>;

/** What the parameter says. @param time milliseconds since 1970 */
export function sinceText({ format, overlap }: Since, time: number): string {
  const from = time - parseDuration(overlap);
  if (format === 'seconds') return String(Math.floor(from / 1000));
  if (format === 'milliseconds') return String(from);
  const text = new Date(from).toISOString();
  return format === 'date' ? text.slice(0, 10) : text;
}

/** The time of a row, in milliseconds since 1970; undefined if it has none. */
export function timeOfRow(cell: Cell, { format }: Since): number | undefined {
  const text = cell instanceof ExactNumber ? cell.text : typeof cell === 'string' ? cell : '';
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  if (format === 'seconds' || format === 'milliseconds')
    return number === undefined ? undefined : number * (format === 'seconds' ? 1000 : 1);
  const time = number === undefined ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
