import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../repository/database.ts';
import { afterPage, lackedOf, type EventPlace } from '../repository/event-places.ts';
import { readEvents, type EventPage, type SyncEvent } from '../repository/events.ts';
import { Problem } from './problems.ts';

const pollMilliseconds = 400;
const pageSize = 500;
/** Streams at once, of single syncs and of all. */
export const mostStreams = 200;

/** @param place that of the listener after this event @returns whether it still listens */
type Push = (event: SyncEvent, place: EventPlace) => boolean;

interface Listener {
  place: EventPlace;
  push: Push;
  end: (error?: unknown) => void;
}

interface Poll {
  /** Its listeners have come as far. */
  place: EventPlace;
  /** How often it has read. */
  reads: number;
  listeners: Set<Listener>;
}

/** Events of syncs. Postgres is asked once for each sync that has listeners, for all of them. */
export class SyncStreams {
  readonly #db: Database;
  readonly #polls = new Map<number, Poll>();
  #open = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /** How many streams are open. */
  get open(): number {
    return this.#open;
  }

  /** Opens a stream. @returns a function that closes it @throws Problem if too many are open */
  enter(): () => void {
    if (this.#open >= mostStreams)
      throw new Problem(
        'too-many-requests',
        `${String(mostStreams)} streams are open: close one, or try again later.`,
        {
          headers: { 'retry-after': '10' },
        },
      );
    this.#open++;
    let inside = true;
    return () => {
      if (inside) this.#open--;
      inside = false;
    };
  }

  /** Sends the events of a sync after a place, until the sync has ended or the listener is gone. */
  async follow(sync: number, from: EventPlace, push: Push, gone: AbortSignal): Promise<void> {
    let place = from;
    for (;;) {
      const before = this.#polls.get(sync);
      const reads = before?.reads;
      const page = await readEvents(this.#db, sync, place, pageSize);
      for (const lacked of lackedOf(place, page)) if (gone.aborted || !push(lacked.event, lacked.place)) return;
      place = afterPage(place, page);
      // the poll has told others nothing that this reading did not see
      if (page.events.length < pageSize && before === this.#polls.get(sync) && reads === before?.reads) break;
    }
    await new Promise<void>((resolve, reject) => {
      const end = (error?: unknown) => {
        if (error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('the events could not be read', { cause: error }));
      };
      const listener = { place, push, end };
      const poll = this.#join(sync, listener);
      const leave = () => {
        poll.listeners.delete(listener);
        resolve();
      };
      if (gone.aborted) leave();
      else gone.addEventListener('abort', leave, { once: true });
    });
  }

  #join(sync: number, listener: Listener): Poll {
    const poll = this.#polls.get(sync);
    if (poll) {
      poll.listeners.add(listener);
      return poll;
    }
    const begun = { place: listener.place, reads: 0, listeners: new Set([listener]) };
    this.#polls.set(sync, begun);
    void this.#poll(sync, begun);
    return begun;
  }

  async #poll(sync: number, poll: Poll): Promise<void> {
    let failure: unknown;
    try {
      while (poll.listeners.size > 0) {
        const page = await readEvents(this.#db, sync, poll.place, pageSize);
        poll.reads++;
        for (const listener of poll.listeners) tell(poll, listener, page);
        poll.place = afterPage(poll.place, page);
        if (page.events.length >= pageSize) continue;
        if (page.ended) break;
        await sleep(pollMilliseconds);
      }
    } catch (error) {
      failure = error;
    }
    this.#polls.delete(sync);
    for (const listener of poll.listeners) listener.end(failure);
  }
}

function tell(poll: Poll, listener: Listener, page: EventPage): void {
  for (const { event, place } of lackedOf(listener.place, page))
    if (!listener.push(event, place)) {
      poll.listeners.delete(listener);
      listener.end();
      return;
    }
  listener.place = afterPage(listener.place, page);
}
