/** Percentages in whole lines, and numbers as people read them. */

export const isPercentage = (name: string): boolean => name.toLowerCase().includes('percentage');

/**
 * A percentage of the stored lines, in lines: at least one, so that one change alone never exceeds it, but none if the
 * percentage is 0 or nothing is stored.
 */
export function percentageLines(stored: number, percentage: number): number {
  return stored === 0 || percentage === 0 ? 0 : Math.max(1, shareOf(stored, percentage));
}

/** floor(count × percentage / 100), exact: 0.1 % of 1,000 is 1, without rounding errors of binary fractions. */
export function shareOf(count: number, percentage: number): number {
  const text = percentage.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
  const [whole = '0', fraction = ''] = text.split('.');
  const scaled = BigInt(whole + fraction);
  return Number((BigInt(count) * scaled) / (100n * 10n ** BigInt(fraction.length)));
}

/** A number with thousands separators: `1,234.5`. */
export const told = (n: number): string => n.toLocaleString('en-US', { maximumFractionDigits: 20 });

/** What share of a whole a part is, in percent of three digits: `5.5`, `0.0123`, `1,234`. */
export function toldShare(part: number, whole: number): string {
  const share = (part * 100) / whole;
  return share >= 100
    ? Math.round(share).toLocaleString('en-US')
    : share.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
