import { describe, expect, it } from 'vitest';
import { hasThePlace } from './in-the-way.ts';

describe('a sync in the way of another', () => {
  const sync = { status: 'held', scope: null, trigger: 'manual' } as const;
  it('is open, of the whole connector, and no revert', () => {
    expect(hasThePlace(sync)).toBe(true);
    expect(hasThePlace({ ...sync, status: 'running', scope: { entityTypes: ['A'] } })).toBe(true);
    expect(hasThePlace({ ...sync, status: 'completed' })).toBe(false);
    expect(hasThePlace({ ...sync, scope: { keys: { A: [['1']] } } })).toBe(false);
    expect(hasThePlace({ ...sync, trigger: 'revert' })).toBe(false);
  });
});
