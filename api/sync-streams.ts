import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../repository/database.ts';
import { followEvents, listEvents, type SyncEvent } from '../repository/events.ts';
import { Problem } from './problems.ts';

const pollMilliseconds = 400;
const pageSize = 500;
/** Streams at once, of single syncs and of all. */
export const mostStreams = 200;

/** @returns whether it still listens */
type Push = (event: SyncEvent) => boolean;

interface Listener {
  /** The last event that it has. */
  last: number;
  push: Push;
  end: (error?: unknown) => void;
}

interface Poll {
  /** The last event that its listeners have. */
  position: number;
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

  /** Sends the events of a sync after a given one, until the sync has ended or the listener is gone. */
  async follow(sync: number, after: number, push: Push, gone: AbortSignal): Promise<void> {
    let last = after;
    for (;;) {
      const events = await listEvents(this.#db, sync, last, pageSize);
      for (const event of events) {
        if (gone.aborted || !push(event)) return;
        last = event.seq;
      }
      const poll = this.#polls.get(sync);
      // the events that the other listeners already have are read first
      if (events.length < pageSize && (poll === undefined || poll.position <= last)) break;
    }
    await new Promise<void>((resolve, reject) => {
      const end = (error?: unknown) => {
        if (error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('the events could not be read', { cause: error }));
      };
      const listener = { last, push, end };
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
    const begun = { position: listener.last, listeners: new Set([listener]) };
    this.#polls.set(sync, begun);
    void this.#poll(sync, begun);
    return begun;
  }

  async #poll(sync: number, poll: Poll): Promise<void> {
    let failure: unknown;
    try {
      while (poll.listeners.size > 0) {
        const { ended, events } = await followEvents(this.#db, sync, poll.position, pageSize);
        for (const event of events) {
          for (const listener of poll.listeners) tell(poll, listener, event);
          poll.position = event.seq;
        }
        if (events.length === pageSize) continue;
        if (ended) break;
        await sleep(pollMilliseconds);
      }
    } catch (error) {
      failure = error;
    }
    this.#polls.delete(sync);
    for (const listener of poll.listeners) listener.end(failure);
  }
}

function tell(poll: Poll, listener: Listener, event: SyncEvent): void {
  if (event.seq <= listener.last) return;
  listener.last = event.seq;
  if (listener.push(event)) return;
  poll.listeners.delete(listener);
  listener.end();
}
