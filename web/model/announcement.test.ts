import { describe, expect, it } from 'vitest';
import { announcementOf, noNews, withEvent } from './announcement.ts';

const event = (id: string, connector: string, status: string, changed = ['status']) => ({
  id: 'a.1',
  type: 'sync',
  data: { id, connector, status, changed },
});

describe('what is announced', () => {
  it('is one sentence for all, those that are held first, the last status of each', () => {
    const events = [
      event('1', 'ad', 'completed'),
      event('2', 'hr', 'completed-with-errors'),
      event('3', 'crm', 'held'),
      event('3', 'crm', 'rejected'),
      event('4', 'erp', 'held'),
      event('5', 'wiki', 'failed'),
    ];
    const news = events.reduce(withEvent, noNews);
    expect(announcementOf(news)).toBe('erp: held, ad: completed, hr: completed with errors, and 2 more.');
  });

  it('is nothing where a sync only runs, counts, or is a job', () => {
    const quiet = [
      event('1', 'ad', 'running'),
      event('2', 'ad', 'queued'),
      event('3', 'ad', 'completed', ['progress']),
      { id: '', type: 'job', data: { job: 'nightly', executionId: null, status: null } },
      { id: '', type: 'hello', data: { resumed: false } },
    ];
    expect(announcementOf(quiet.reduce(withEvent, noNews))).toBeUndefined();
  });
});
