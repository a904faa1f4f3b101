import { describe, expect, it } from 'vitest';
import { byCode } from './error-groups.ts';

describe('groups of open errors', () => {
  it('stand by code, the most errors first, with the first and the last time of all', () => {
    const group = (code: string, property: string, errors: number, firstSeen: string, lastSeen: string) => ({
      code,
      property,
      errors,
      firstSeen,
      lastSeen,
    });
    const found = byCode([
      group('dangling-link', 'manager', 3, '2026-02-01', '2026-02-03'),
      group('format', 'since', 1, '2026-02-02', '2026-02-05'),
      group('format', 'until', 4, '2026-01-01', '2026-02-04'),
      group('key-empty', '', 3, '2026-02-01', '2026-02-03'),
    ]);
    expect(found.map(({ code, errors, firstSeen, lastSeen }) => [code, errors, firstSeen, lastSeen])).toEqual([
      ['format', 5, '2026-01-01', '2026-02-05'],
      ['dangling-link', 3, '2026-02-01', '2026-02-03'],
      ['key-empty', 3, '2026-02-01', '2026-02-03'],
    ]);
    expect(found[0]?.groups.map(({ property }) => property)).toEqual(['until', 'since']);
    expect(byCode([])).toEqual([]);
  });
});
