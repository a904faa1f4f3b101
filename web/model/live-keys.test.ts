import { describe, expect, it } from 'vitest';
import { oldAfter, startsWith } from './live-keys.ts';

const old = (type: string, data: Record<string, unknown>, key: readonly unknown[]) =>
  oldAfter({ id: 'a.1', type, data }).some((prefix) => startsWith(key, prefix));
const sync = (status: string, changed: string[]) => ({ id: 's1', connector: 'hr', status, phase: null, changed });

describe('what an event makes old', () => {
  it('is of a sync that counts rows its own page alone', () => {
    expect(old('sync', sync('running', ['progress']), ['sync', 's1'])).toBe(true);
    expect(old('sync', sync('running', ['progress']), ['sync', 's2'])).toBe(false);
    expect(old('sync', sync('running', ['progress']), ['sync-status'])).toBe(false);
    expect(old('sync', sync('completed', ['more']), ['sync-status'])).toBe(false);
    expect(old('sync', sync('held', ['more']), ['sync', 's1'])).toBe(true);
    expect(old('sync', sync('running', ['progress', 'phase']), ['sync-status'])).toBe(true);
  });

  it('is of a sync that is held what lists it, and of one that ends the other syncs, too', () => {
    for (const key of [
      ['sync-status'],
      ['syncs', 'list', {}, 50],
      ['syncs', 'latest', 'hr'],
      ['drafts', 's1'],
      ['connector-map'],
    ])
      expect(old('sync', sync('held', ['status']), key), JSON.stringify(key)).toBe(true);
    expect(old('sync', sync('held', ['status']), ['sync', 's2'])).toBe(false);
    expect(old('sync', sync('completed', ['status']), ['sync', 's2'])).toBe(true);
    expect(old('sync', sync('completed', ['status']), ['executions', {}])).toBe(true);
  });

  it('is of a connector its own file and all data, of a job its own page and the executions', () => {
    expect(old('connector', { connector: 'hr' }, ['connector', 'hr', 0])).toBe(true);
    expect(old('connector', { connector: 'hr' }, ['connector', 'ad', 0])).toBe(false);
    expect(old('connector', { connector: 'hr' }, ['connector-map'])).toBe(true);
    expect(old('connector', { connector: 'hr' }, ['resources', 'HR_Person', {}])).toBe(true);
    expect(old('job', { job: 'nightly', executionId: null, status: null }, ['job', 'nightly'])).toBe(true);
    expect(old('job', { job: 'nightly', executionId: null, status: null }, ['job', 'hourly'])).toBe(false);
    expect(old('job', { job: 'nightly', executionId: 'e1', status: 'running' }, ['execution', 'e1'])).toBe(true);
  });

  it('is never what a reviewer decides on, nor anything after an event that is not known', () => {
    const reviewed = [
      ['summary', 's1', ''],
      ['changes', 's1', {}],
    ];
    for (const key of reviewed)
      for (const type of ['sync', 'job', 'connector'])
        expect(old(type, { ...sync('completed', ['status']), job: 'nightly' }, key)).toBe(false);
    for (const type of ['hello', 'bye', 'later']) expect(oldAfter({ id: '', type, data: {} })).toEqual([]);
  });
});
