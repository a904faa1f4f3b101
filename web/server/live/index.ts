import type { StreamEvent } from '../../model/event-text.ts';
import { followedOf, StreamPlaces } from '../../model/stream-places.ts';
import { heardFrom } from '../connection.ts';
import { announce } from './announce.ts';
import { addLine } from './lines.ts';
import { refreshAfter, refreshEverything } from './refresh.ts';
import { onShown, setFollowing, shownSyncs } from './shown.ts';
import { setLive } from './state.ts';
import { readStream } from './stream.ts';

/**
 * One stream of events for all tabs of a browser: HTTP/1.1 has six connections to a host, and a stream keeps one. The tabs that
 * are visible queue for a lock; whoever has it reads the stream, and tells the others. It also has the lines of the syncs whose
 * log a tab shows. Where a browser has no locks (they need https, or this machine), queries are asked again by the clock.
 */
const name = 'syncline-events';

type Message =
  | { kind: 'event'; event: StreamEvent }
  | { kind: 'state'; live: boolean; hints: string; following: readonly string[] }
  /** A tab wants to know the state. */
  | { kind: 'ask' }
  /** A tab tells whose log it shows. */
  | { kind: 'shows'; tab: string; syncs: readonly string[] }
  /** A new leader wants to know that of all tabs. */
  | { kind: 'who' };

const shortestPause = 1_000;
const longestPause = 15_000;

export function startLive(): void {
  // typed as always there, which it is not
  const locks = (navigator as { locks?: LockManager }).locks;
  if (!locks || typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel(name);
  const tab = crypto.randomUUID();
  const places = new StreamPlaces();
  const shownByOthers = new Map<string, readonly string[]>();
  /** Syncs of which nothing comes any more. */
  const over = new Set<string>();
  let open: { syncs: readonly string[]; others: AbortController } | undefined;
  let live = false;
  let leads = false;
  let queue: AbortController | undefined;

  const become = (now: boolean) => {
    if (now === live) return;
    live = now;
    setLive(now);
    // the queries go by the clock again, or need not any more
    if (!now) refreshEverything();
  };
  const hear = (event: StreamEvent) => {
    places.heard(event.id, open?.syncs ?? []);
    if (event.type !== 'hello') {
      addLine(event);
      refreshAfter(event);
      announce(event);
      return;
    }
    heardFrom('connected');
    become(true);
    if (event.data['resumed'] !== true) refreshEverything();
  };
  const tell = (message: Message) => {
    channel.postMessage(message);
  };
  const tellState = () => {
    const following = live ? (open?.syncs ?? []) : [];
    setFollowing(following);
    tell({ kind: 'state', live, hints: places.hints, following });
  };
  const wanted = () => followedOf([shownSyncs(), ...shownByOthers.values()], over);
  /** Tabs show other logs than those that the stream has. */
  const reopen = () => {
    if (open && wanted().join() !== open.syncs.join()) open.others.abort();
  };
  const tellShown = () => {
    if (leads) reopen();
    else tell({ kind: 'shows', tab, syncs: shownSyncs() });
  };
  onShown(tellShown);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'event') hear(data.event);
    else if (data.kind === 'who') tellShown();
    else if (data.kind === 'shows') {
      shownByOthers.set(data.tab, data.syncs);
      if (leads) reopen();
    } else if (data.kind === 'ask') {
      if (leads) tellState();
    } else {
      if (data.hints !== '') places.hints = data.hints;
      setFollowing(data.following);
      become(data.live);
    }
  };

  /** Reads one stream to its end. @returns whether the next one follows at once */
  async function readOne(signal: AbortSignal, heard: () => void): Promise<boolean> {
    const syncs = wanted();
    const others = new AbortController();
    open = { syncs, others };
    let ended = true;
    try {
      await readStream(places.idFor(syncs), syncs, AbortSignal.any([signal, others.signal]), (event) => {
        heard();
        hear(event);
        if (event.type === 'hello') tellState();
        tell({ kind: 'event', event });
      });
    } catch {
      // tried again
      ended = false;
    }
    if (ended) for (const sync of syncs) over.add(sync);
    open = undefined;
    return others.signal.aborted || (ended && syncs.length > 0);
  }

  async function lead(signal: AbortSignal): Promise<void> {
    leads = true;
    tell({ kind: 'who' });
    let pause = shortestPause;
    while (!isOver(signal)) {
      const atOnce = await readOne(signal, () => {
        pause = shortestPause;
      });
      // the next leader goes on where this one ends
      if (isOver(signal)) break;
      if (atOnce) continue;
      become(false);
      tellState();
      await rest(pause, signal);
      pause = Math.min(pause * 2, longestPause);
    }
    leads = false;
  }

  const look = () => {
    tellShown();
    if (document.visibilityState !== 'visible') {
      queue?.abort();
      queue = undefined;
      return;
    }
    if (queue) return;
    queue = new AbortController();
    const { signal } = queue;
    tell({ kind: 'ask' });
    locks.request(name, { signal }, () => lead(signal)).catch(() => undefined);
  };
  document.addEventListener('visibilitychange', look);
  addEventListener('pagehide', () => {
    tell({ kind: 'shows', tab, syncs: [] });
  });
  look();
}

const isOver = ({ aborted }: AbortSignal) => aborted;

/** Waits, but not after the signal. */
const rest = (milliseconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
