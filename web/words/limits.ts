/** `maxPercentageDeletedLines` as people read it. */
export function limitWords(name: string): string {
  const [, link, percentage, operation] =
    /^max(?:imum)?(Link)?(Percentage)?(Inserted|Updated|Deleted|Rejected)Lines$/.exec(name) ?? [];
  if (operation === undefined) return name;
  const what = link === undefined ? `${operation} lines` : `${operation} links`;
  return percentage === undefined ? `${what}, at most` : `${what}, % of stored`;
}

/** `24h` as people read it. */
export const periodWords = (period: string): string => ({ '24h': '24 hours', '7d': '7 days' })[period] ?? period;

/** Limits as the connector file has them, to be pasted there. */
export const limitsFragment = (limits: Readonly<Record<string, number>>): string =>
  ['thresholds:', ...Object.entries(limits).map(([name, limit]) => `  ${name}: ${String(limit)}`), ''].join('\n');
