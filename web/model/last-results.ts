import type { StreamEvent } from './event-text.ts';

/** So many syncs are kept for the strips of last results. */
const most = 300;

interface Result {
  id: string;
  connector: string;
  status: string;
}

/**
 * The newest syncs after an event, so that the strips follow without all of them being asked for again.
 * @returns the same list where the event says nothing of it
 */
export function withResult<Of extends Result>(
  items: readonly Of[],
  { type, data }: StreamEvent,
): readonly (Of | Result)[] {
  const { id, connector, status } = data;
  if (type !== 'sync' || typeof id !== 'string' || typeof connector !== 'string' || typeof status !== 'string')
    return items;
  const before = items.find((item) => item.id === id);
  if (before?.status === status) return items;
  if (before) return items.map((item) => (item.id === id ? { ...item, status } : item));
  // an older sync than those that are kept has no place in a strip: ids are in the order of time
  const last = items.at(-1);
  if (items.length >= most && last !== undefined && id < last.id) return items;
  return [{ id, connector, status }, ...items].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, most);
}
