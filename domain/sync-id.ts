/**
 * A UUIDv7 (RFC 9562) of a given time. A workflow makes the id of a sync with it, because a workflow has neither a
 * clock nor random numbers of its own.
 * @param at milliseconds since 1970
 * @param random a UUIDv4, whose random bits are taken over
 */
export function syncIdAt(at: number, random: string): string {
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
