/** `maxPercentageDeletedLines` as people read it. */
export function limitWords(name: string): string {
  const [, link, percentage, operation] =
    /^max(?:imum)?(Link)?(Percentage)?(Inserted|Updated|Deleted|Rejected)Lines$/.exec(name) ?? [];
  if (operation === undefined) return name;
  const what = link === undefined ? `${operation} lines` : `${operation} links`;
  return percentage === undefined ? `${what}, at most` : `${what}, % of stored`;
}
