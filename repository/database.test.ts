import { describe, expect, it } from 'vitest';
import { toRfc3339 } from './database.ts';

describe('times', () => {
  it.each([
    ['2026-01-31 10:00:00+00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31 10:00:00.05+00', '2026-01-31T10:00:00.050Z'],
    ['2026-01-31 10:00:00.123+00:00', '2026-01-31T10:00:00.123Z'],
    ['2026-01-31 10:00:00.1234+00', '2026-01-31T10:00:00.1234Z'],
    ['2026-01-31 10:00:00.123456+00', '2026-01-31T10:00:00.123456Z'],
  ])('%s is %s', (stored, wanted) => {
    expect(toRfc3339(stored)).toBe(wanted);
  });

  it('of whole milliseconds are the text a Date gives', () => {
    for (let at = Date.UTC(2026, 0, 31); at < Date.UTC(2026, 0, 31, 0, 0, 2); at += 7) {
      const iso = new Date(at).toISOString();
      const stored = iso.replace('T', ' ').replace(/\.?0*Z$/, '+00');
      expect(toRfc3339(stored)).toBe(iso);
    }
  });

  it('that no calendar has stay as they are', () => {
    expect(toRfc3339('infinity')).toBe('infinity');
  });
});
