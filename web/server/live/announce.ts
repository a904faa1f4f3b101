import { useSyncExternalStore } from 'react';
import { announcementOf, noNews, withEvent } from '../../model/announcement.ts';
import type { StreamEvent } from '../../model/event-text.ts';

/** A screen reader is spoken to no more often: what comes meanwhile is said together. */
const apart = 15_000;
/** What happens at one time is said at one time. */
const soon = 1_000;

const listeners = new Set<() => void>();
let news = noNews;
let sentence = '';
let timer: ReturnType<typeof setTimeout> | undefined;
let lastTime = -apart;

/** Takes an event into the next announcement, if it is worth a word. */
export function announce(event: StreamEvent): void {
  news = withEvent(news, event);
  if (news.size === 0) return;
  timer ??= setTimeout(say, Math.max(soon, lastTime + apart - performance.now()));
}

function say(): void {
  [timer, lastTime] = [undefined, performance.now()];
  sentence = announcementOf(news) ?? '';
  news = noNews;
  for (const listener of listeners) listener();
}

export const useAnnouncement = (): string =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => sentence,
  );
