import { amount, some } from '../amount.ts';
import type { ConnectorFile } from '../connector-file.ts';
import { defaultOf, thresholdNames, type ThresholdName } from './names.ts';
import { isPercentage, told, toldShare } from './share.ts';

/** The most that an applied sync has done of what a limit counts. */
export interface LargestActual {
  actual: number;
  stored: number;
  /** When it was applied. */
  at: string;
}

export type LimitsByName = Record<ThresholdName, number>;

/** Limits that fit what syncs have done. */
export interface Suggestion {
  /** Limits that differ in nothing from what a connector file takes. A limit that nothing is known for is left out. */
  thresholds: Partial<LimitsByName>;
  /** For each of the twelve how it was reached, in words. */
  arithmetic: string[];
  /** The section `thresholds` for the connector file, with the limits that it has already. */
  file: string;
}

/** So many applied syncs a suggestion needs. */
export const enoughSyncs = 10;

/** The twelve limits of a connector in force. */
export const limitsInForce = ({ thresholds }: Pick<ConnectorFile, 'thresholds'>): LimitsByName =>
  Object.fromEntries(thresholdNames.map((name) => [name, thresholds[name] ?? defaultOf(name)])) as LimitsByName;

/**
 * Suggests 1.5 times the largest actual of each limit, two digits up, and never above ten times the limit of today.
 * @param usable how many syncs the figures are of
 * @returns the suggestion, or why there is none
 */
export function suggestLimits(
  file: ConnectorFile,
  largest: Partial<Record<ThresholdName, LargestActual>>,
  { usable, days }: { usable: number; days: number },
): Suggestion | { why: string } {
  if (usable < enoughSyncs)
    return {
      why: `A suggestion needs ${told(enoughSyncs)} applied syncs of the whole connector that were not undone and do not look like an accident. In the last ${span(days)} there ${some(usable, 'is', 'are')} ${told(usable)}.`,
    };
  const today = limitsInForce(file);
  const thresholds: Partial<LimitsByName> = {};
  const arithmetic = thresholdNames.map((name) => {
    const most = largest[name];
    const limit = most && suggested(name, most, today[name]);
    if (!limit) return `${name}: none in ${amount(days, 'day')}; the limit stays ${told(today[name])}`;
    thresholds[name] = limit.value;
    return `${name}: ${limit.text}`;
  });
  if (Object.keys(thresholds).length === 0)
    return { why: `No sync of the last ${span(days)} has changed anything, so every limit fits.` };
  return { thresholds, arithmetic, file: snippet({ ...file.thresholds, ...thresholds }) };
}

/** `last day`, `last 30 days`. */
const span = (days: number) => (days === 1 ? 'day' : amount(days, 'day'));

const factor = 1.5;
const mostTimes = 10;

function suggested(
  name: ThresholdName,
  { actual, stored, at }: LargestActual,
  today: number,
): { value: number; text: string } | undefined {
  if (actual === 0 || (isPercentage(name) && stored === 0)) return undefined;
  const percent = isPercentage(name);
  const largest = percent ? exact((actual * 100) / stored) : actual;
  const wanted = exact(largest * factor);
  const rounded = percent ? twoDigitsUp(wanted) : Math.ceil(twoDigitsUp(wanted));
  const most = Math.min(exact(today * mostTimes), ceiling(name));
  const value = Math.min(rounded, most);
  const of = percent ? `${told(actual)} of ${told(stored)} = ${toldShare(actual, stored)} %` : told(actual);
  const steps = `the largest was ${of} (${at.slice(0, 10)}); ${told(factor)} × ${percent ? toldShare(actual, stored) : told(actual)}, two digits up = ${told(rounded)}`;
  const capped =
    value === rounded
      ? ''
      : most === ceiling(name)
        ? `; at most ${told(most)}`
        : `; at most ${told(mostTimes)} × ${told(today)} = ${told(most)}`;
  return { value, text: `${steps}${capped}` };
}

/** The highest value that a file may have. */
function ceiling(name: ThresholdName): number {
  if (!isPercentage(name)) return 1_000_000;
  return name.includes('Inserted') ? 1000 : 99;
}

/** 130.5 is 140, 4.905 is 5, 0.0123 is 0.013. */
export function twoDigitsUp(value: number): number {
  if (value <= 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  return exact(Math.ceil(exact(value / step)) * step);
}

/** Without the noise of binary fractions, which would round 5 up to 5.1. */
const exact = (value: number) => Number(value.toPrecision(12));

const snippet = (thresholds: Readonly<Record<string, number | undefined>>) =>
  ['thresholds:', ...Object.entries(thresholds).map(([name, limit]) => `  ${name}: ${String(limit)}`), ''].join('\n');
