import { useSyncExternalStore } from 'react';

/**
 * What a reviewer has had on the screen, by the digest of the change set: it survives a walk to another page and back, and
 * says nothing of any other change set.
 */
const listeners = new Set<() => void>();
const cache = new Map<string, ReadonlySet<string>>();
const nameOf = (digest: string) => `syncline-seen-${digest}`;

function read(digest: string): ReadonlySet<string> {
  const known = cache.get(digest);
  if (known) return known;
  const kept = sessionStorage.getItem(nameOf(digest));
  const seen = new Set(kept === null ? [] : (JSON.parse(kept) as string[]));
  cache.set(digest, seen);
  return seen;
}

export function markSeen(digest: string, what: string, seen = true): void {
  const before = read(digest);
  if (before.has(what) === seen) return;
  const after = new Set(before);
  if (seen) after.add(what);
  else after.delete(what);
  cache.set(digest, after);
  sessionStorage.setItem(nameOf(digest), JSON.stringify([...after]));
  for (const listener of listeners) listener();
}

export const useSeen = (digest: string): ReadonlySet<string> =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(digest),
  );
