import type { Api } from './api.ts';
import { userKey } from './rows.ts';
import { timed } from './statistics.ts';
import { thousands } from './table.ts';

/** What people read of today and of the past, once a round has changed what it started from. */
export const readNames = ['browse', 'browseAll', 'asOf', 'asOfAll', 'history'] as const;
export type ReadName = (typeof readNames)[number];

export const readTitles: Record<ReadName, string> = {
  browse: 'users of today, first page of 500',
  browseAll: 'users of today, all pages',
  asOf: 'users as the first sync left them, first page of 500',
  asOfAll: 'users as the first sync left them, all pages',
  history: 'history of one user',
};

export interface ReadMeasurement {
  /** Seconds of each time. */
  seconds: Record<ReadName, number[]>;
  faults: string[];
}

/** How often a page is read; all pages are read once a round. */
const times = 7;
/** A user with other values in each snapshot. */
const changed = 111;

interface Page {
  items: unknown[];
  nextCursor: string | null;
}

/**
 * Reads users over the API, as they are and as a sync left them.
 * @param expected how many there are, and were
 */
export async function measureReads(
  api: Api,
  entityType: string,
  sync: string,
  expected: { now: number; then: number },
): Promise<ReadMeasurement> {
  const seconds: ReadMeasurement['seconds'] = { browse: [], browseAll: [], asOf: [], asOfAll: [], history: [] };
  const faults: string[] = [];
  const resources = `/v1/entity-types/${entityType}/resources`;
  const page = (query: string) => api.call<Page>('GET', `${resources}?limit=500${query}`);
  const all = async (query: string): Promise<number> => {
    let found = 0;
    let cursor = '';
    for (;;) {
      const { items, nextCursor } = await page(query + cursor);
      found += items.length;
      if (nextCursor === null) return found;
      cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
    }
  };
  const then = `&asOf=${sync}`;
  for (const [first, every, query, rows] of [
    ['browse', 'browseAll', '', expected.now],
    ['asOf', 'asOfAll', then, expected.then],
  ] as const) {
    for (let n = 0; n < times; n++) seconds[first].push((await timed(() => page(query))).seconds);
    const read = await timed(() => all(query));
    seconds[every].push(read.seconds);
    if (read.result !== rows)
      faults.push(`${readTitles[every]}: ${thousands(read.result)} were read where there are ${thousands(rows)}`);
  }
  for (let n = 0; n < times; n++) {
    const read = await timed(() => api.call<Page>('GET', `${resources}/${userKey(changed)}/history?limit=50`));
    seconds.history.push(read.seconds);
    // at the least its coming, with its links, and its change
    if (n === 0 && read.result.items.length < 2)
      faults.push('the history of a user that has changed tells of no change');
  }
  return { seconds, faults };
}
