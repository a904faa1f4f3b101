import type { StreamEvent } from './event-text.ts';

/** What is worth a word: a sync that waits for a person, or has ended. That one runs is not. */
const worth = new Set(['held', 'completed', 'completed-with-errors', 'failed', 'rejected', 'cancelled', 'superseded']);

/** What has happened since the last announcement: the last status of each sync, with its connector. */
export type News = ReadonlyMap<string, { connector: string; status: string }>;

export const noNews: News = new Map();

export function withEvent(news: News, { type, data }: StreamEvent): News {
  const { id, connector, status, changed } = data;
  if (type !== 'sync' || typeof id !== 'string' || typeof connector !== 'string' || typeof status !== 'string')
    return news;
  if (!Array.isArray(changed) || !changed.includes('status') || !worth.has(status)) return news;
  return new Map(news).set(id, { connector, status });
}

/** So many syncs are named; more are counted. */
const named = 3;

/** One sentence for all of it: names of connectors and counts. Undefined where there is nothing to say. */
export function announcementOf(news: News): string | undefined {
  if (news.size === 0) return undefined;
  const all = [...news.values()];
  // those that wait for a person first
  all.sort((a, b) => Number(b.status === 'held') - Number(a.status === 'held'));
  const words = all.slice(0, named).map(({ connector, status }) => `${connector}: ${status.replaceAll('-', ' ')}`);
  const more = all.length - named;
  return `${words.join(', ')}${more > 0 ? `, and ${String(more)} more` : ''}.`;
}
