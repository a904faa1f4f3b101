import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../repository/database.ts';
import { readLiveState, type LiveState } from '../repository/live-state.ts';
import { changesBetween, seenAfter, seenNothing, type LiveChange } from './live-changes.ts';

const lookMilliseconds = 1_000;
/** So many events can be caught up with. */
const keptEvents = 2_000;
/** So many syncs or executions in one look mean that some may be missing. */
const mostRows = 5_000;

/** An event of the stream. Its id says which process told it, and in which place. */
export type LiveEvent =
  | (LiveChange & { id: string })
  | { id: string; type: 'hello'; data: { resumed: boolean } }
  | { id: string; type: 'bye'; data: Record<string, never> };

interface Listener {
  /** @returns whether it still listens */
  push: (event: LiveEvent) => boolean;
  end: () => void;
}

/**
 * Hints of what changes, for everybody who listens to this process. Postgres is asked once a second for all of them, and not
 * at all while nobody listens.
 */
export class LiveFeed {
  readonly #db: Database;
  readonly #listeners = new Set<Listener>();
  /** Events have numbers from 1 in an epoch. A new epoch means that events may have been missed. */
  #epoch = newEpoch();
  #last = 0;
  #kept: LiveEvent[] = [];
  #state: LiveState | undefined;
  #seen = seenNothing;
  #looking: Promise<void> | undefined;
  #runs = false;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Looks once if nobody else does, so that a stream begins at what is true now. @throws if Postgres does not answer */
  async ready(): Promise<void> {
    if (!this.#runs || this.#state === undefined) await this.#look();
  }

  /**
   * Sends a greeting, then every event: those after `lastId` first, if they are all still known. Returns when the listener is
   * gone, or the feed ends.
   */
  async follow(lastId: string, push: Listener['push'], gone: AbortSignal): Promise<void> {
    const missed = this.#after(lastId);
    const hello = {
      id: missed ? lastId : this.#id(this.#last),
      type: 'hello' as const,
      data: { resumed: missed !== undefined },
    };
    for (const event of [hello, ...(missed ?? [])]) if (gone.aborted || !push(event)) return;
    await new Promise<void>((resolve) => {
      const listener = { push, end: resolve };
      this.#listeners.add(listener);
      gone.addEventListener(
        'abort',
        () => {
          this.#listeners.delete(listener);
          resolve();
        },
        { once: true },
      );
      void this.#run();
    });
  }

  /** Says goodbye to everybody: the process ends. */
  end(): void {
    this.#tell({ id: this.#id(this.#last), type: 'bye', data: {} });
    this.#dismiss();
  }

  async #run(): Promise<void> {
    if (this.#runs) return;
    this.#runs = true;
    try {
      while (this.#listeners.size > 0) {
        await sleep(lookMilliseconds);
        await this.#look();
      }
    } catch {
      // without Postgres there are no hints: the streams end, and a page that comes back is told why by its requests
      this.#dismiss();
    } finally {
      this.#runs = false;
    }
  }

  #look(): Promise<void> {
    this.#looking ??= this.#compare().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #compare(): Promise<void> {
    const now = await readLiveState(this.#db, this.#seen, mostRows);
    const before = this.#state;
    this.#state = now;
    this.#seen = seenAfter(this.#seen, now);
    const changes = before === undefined ? [] : changesBetween(before, now);
    if (Math.max(now.syncs.length, now.executions.length) >= mostRows || changes.length > keptEvents) this.#startOver();
    else for (const change of changes) this.#add(change);
  }

  #add(change: LiveChange): void {
    const event = { ...change, id: this.#id(++this.#last) };
    this.#kept.push(event);
    if (this.#kept.length > keptEvents) this.#kept.splice(0, this.#kept.length - keptEvents);
    this.#tell(event);
  }

  #startOver(): void {
    this.#epoch = newEpoch();
    this.#last = 0;
    this.#kept = [];
    this.#tell({ id: this.#id(0), type: 'hello', data: { resumed: false } });
  }

  #tell(event: LiveEvent): void {
    for (const listener of this.#listeners)
      if (!listener.push(event)) {
        this.#listeners.delete(listener);
        listener.end();
      }
  }

  #dismiss(): void {
    for (const { end } of this.#listeners) end();
    this.#listeners.clear();
  }

  #id(place: number): string {
    return `${this.#epoch}.${String(place)}`;
  }

  /** Events after one of them; undefined if it is not of this epoch, or events after it are not kept any more. */
  #after(id: string): LiveEvent[] | undefined {
    const [, epoch, digits] = /^([0-9a-f-]+)\.(\d{1,15})$/.exec(id) ?? [];
    const place = Number(digits);
    if (epoch !== this.#epoch || place > this.#last || place < this.#last - this.#kept.length) return undefined;
    return this.#kept.slice(this.#kept.length - (this.#last - place));
  }
}

const newEpoch = () => crypto.randomUUID();
