/**
 * How far the stream has come: with the hints, and with the lines of each sync. The id of an event has both; a stream for other
 * syncs goes on with what is known of each.
 */
export class StreamPlaces {
  hints = '';
  readonly #syncs = new Map<string, string>();

  /** @param syncs in the order of the request that the event answers */
  heard(id: string, syncs: readonly string[]): void {
    if (id === '') return;
    const [hints = '', rest = ''] = id.split('~');
    this.hints = hints;
    const places = rest.split(',');
    if (places.length === syncs.length)
      for (const [i, sync] of syncs.entries()) this.#syncs.set(sync, places[i] ?? '0');
  }

  /** What `Last-Event-ID` says for a stream of these syncs. A sync that is new begins with its first line. */
  idFor(syncs: readonly string[]): string {
    if (syncs.length === 0) return this.hints;
    return `${this.hints}~${syncs.map((sync) => this.#syncs.get(sync) ?? '0').join(',')}`;
  }
}

/** So many syncs can be followed by one stream. */
export const mostFollowed = 5;

/** The syncs that a stream follows: those that tabs show, without those that have ended, and always in the same order. */
export function followedOf(tabs: Iterable<readonly string[]>, over: ReadonlySet<string>): string[] {
  const all = [...new Set([...tabs].flat())].filter((sync) => !over.has(sync));
  // the newest ones: ids are in the order of time
  return all.sort().reverse().slice(0, mostFollowed);
}
