import { useSyncExternalStore } from 'react';

export type ConnectionState = 'connected' | 'unreachable';

let state: ConnectionState = 'connected';
const listeners = new Set<() => void>();

/** Every answer, and every answer that does not come, tells whether the API is there. */
export function heardFrom(now: ConnectionState): void {
  if (now === state) return;
  state = now;
  for (const listener of listeners) listener();
}

export const useConnection = (): ConnectionState =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
