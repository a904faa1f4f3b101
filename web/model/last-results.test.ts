import { describe, expect, it } from 'vitest';
import { withResult } from './last-results.ts';

const items = [
  { id: '3', connector: 'hr', status: 'running' },
  { id: '1', connector: 'ad', status: 'completed' },
];
const event = (id: string, status: string, type = 'sync') => ({ id: '', type, data: { id, connector: 'hr', status } });

describe('the last results', () => {
  it('follow the status of a sync, and take new ones at their place', () => {
    expect(withResult(items, event('3', 'held'))[0]).toEqual({ id: '3', connector: 'hr', status: 'held' });
    expect(withResult(items, event('4', 'queued')).map(({ id }) => id)).toEqual(['4', '3', '1']);
    expect(withResult(items, event('2', 'held')).map(({ id }) => id)).toEqual(['3', '2', '1']);
  });

  it('are the same list where nothing is said of them', () => {
    expect(withResult(items, event('3', 'running'))).toBe(items);
    expect(withResult(items, event('3', 'held', 'job'))).toBe(items);
    const many = Array.from({ length: 300 }, (_, i) => ({ id: String(900 - i), connector: 'hr', status: 'held' }));
    expect(withResult(many, event('5', 'completed'))).toBe(many);
    expect(withResult(many, event('950', 'completed'))).toHaveLength(300);
  });
});
