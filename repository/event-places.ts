/**
 * How far a reader of the events of a sync has come: it has every event up to `seq` that was visible in `snapshot`. Numbers are
 * given when a row is written, and transactions end in another order; an event with a lower number that comes later is found by the
 * transaction that wrote it.
 */
export interface EventPlace {
  /** 0: none yet. */
  seq: number;
  /** `xmin:xmax:xip,…`, as Postgres writes a `pg_snapshot`; null: every event up to `seq` is taken as read. */
  snapshot: string | null;
}

export const atFirst: EventPlace = { seq: 0, snapshot: null };

interface Written {
  seq: number;
  /** The transaction that wrote it; null: one of an older version, which has ended. */
  xid: string | null;
}

/** The events of a page that a reader lacks, in the order of their numbers, each with the place after it. */
export function lackedOf<E extends Written>(
  place: EventPlace,
  { snapshot, events }: { snapshot: string; events: readonly E[] },
): { event: E; place: EventPlace }[] {
  const lacked = events.filter(
    ({ seq, xid }) => seq > place.seq || !(place.snapshot === null || xid === null || isVisible(xid, place.snapshot)),
  );
  const lateOnes = lacked.filter(({ seq }) => seq <= place.seq).length;
  return lacked.map((event, i) => {
    // until the last late one is read, an end of the reading repeats late ones rather than to lose one
    if (i < lateOnes - 1) return { event, place };
    return { event, place: { seq: Math.max(place.seq, event.seq), snapshot } };
  });
}

/** The place of a reader that has read a page to its end. */
export const afterPage = (
  { seq }: EventPlace,
  { snapshot, events }: { snapshot: string; events: readonly Written[] },
): EventPlace => ({ seq: Math.max(seq, events.at(-1)?.seq ?? 0), snapshot });

/** Whether a transaction had ended when a snapshot was taken. */
function isVisible(xid: string, snapshot: string): boolean {
  const [xmin = '', xmax = '', running = ''] = snapshot.split(':');
  if (BigInt(xid) < BigInt(xmin)) return true;
  return BigInt(xid) < BigInt(xmax) && !running.split(',').includes(xid);
}

/** Whether Postgres takes a text for a snapshot. */
export function isSnapshot(text: string): boolean {
  const [, xmin = '', xmax = '', running = ''] =
    /^(\d{1,18}):(\d{1,18}):((?:\d{1,18}(?:,\d{1,18})*)?)$/.exec(text) ?? [];
  if (xmin === '' || BigInt(xmin) === 0n || BigInt(xmin) > BigInt(xmax)) return false;
  const ids = running === '' ? [] : running.split(',').map(BigInt);
  return ids.every((id, i) => id >= (i === 0 ? BigInt(xmin) : (ids[i - 1] ?? 0n) + 1n) && id < BigInt(xmax));
}
