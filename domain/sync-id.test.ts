import { describe, expect, it } from 'vitest';
import { validate, version } from 'uuid';
import { syncIdAt } from './sync-id.ts';

describe('ids of syncs that workflows make', () => {
  it('are UUIDv7 in the order of their time', () => {
    const ids = [0, 1_700_000_000_000, 1_700_000_000_001, 4_000_000_000_000].map((at) =>
      syncIdAt(at, crypto.randomUUID()),
    );
    for (const id of ids) {
      expect(validate(id)).toBe(true);
      expect(version(id)).toBe(7);
    }
    expect([...ids].sort()).toEqual(ids);
  });

  it('differ within one millisecond', () => {
    expect(syncIdAt(1, crypto.randomUUID())).not.toBe(syncIdAt(1, crypto.randomUUID()));
  });
});
