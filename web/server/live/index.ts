import type { StreamEvent } from '../../model/event-text.ts';
import { heardFrom } from '../connection.ts';
import { announce } from './announce.ts';
import { refreshAfter, refreshEverything } from './refresh.ts';
import { setLive } from './state.ts';
import { readStream } from './stream.ts';

/**
 * One stream of events for all tabs of a browser: HTTP/1.1 has six connections to a host, and a stream keeps one. The tabs that
 * are visible queue for a lock; whoever has it reads the stream, and tells the others. Where a browser has no locks (they need
 * https, or this machine), queries are asked again by the clock.
 */
const name = 'syncline-events';

type Message =
  { kind: 'event'; event: StreamEvent } | { kind: 'state'; live: boolean; lastId: string } | { kind: 'ask' };

const shortestPause = 1_000;
const longestPause = 15_000;

export function startLive(): void {
  // typed as always there, which it is not
  const locks = (navigator as { locks?: LockManager }).locks;
  if (!locks || typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel(name);
  let lastId = '';
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
    if (event.id !== '') lastId = event.id;
    if (event.type !== 'hello') {
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
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'event') hear(data.event);
    else if (data.kind === 'ask') {
      if (leads) tell({ kind: 'state', live, lastId });
    } else {
      if (data.lastId !== '') lastId = data.lastId;
      become(data.live);
    }
  };

  async function lead(signal: AbortSignal): Promise<void> {
    leads = true;
    let pause = shortestPause;
    while (!isOver(signal)) {
      try {
        await readStream(lastId, signal, (event) => {
          pause = shortestPause;
          hear(event);
          tell({ kind: 'event', event });
        });
      } catch {
        // tried again below
      }
      // the next leader goes on where this one ends
      if (isOver(signal)) break;
      become(false);
      tell({ kind: 'state', live: false, lastId });
      await rest(pause, signal);
      pause = Math.min(pause * 2, longestPause);
    }
    leads = false;
  }

  const look = () => {
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
