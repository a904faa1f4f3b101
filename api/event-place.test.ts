import { describe, expect, it } from 'vitest';
import { readPlace, writePlace } from './event-place.ts';

describe('the place in a stream of events', () => {
  it('is read as it was written, with and without syncs', () => {
    for (const place of [
      { hints: 'a-b.3', syncs: [] },
      { hints: 'a-b.3', syncs: [7] },
      { hints: 'a-b.3', syncs: [7, 0, 12] },
    ])
      expect(readPlace(writePlace(place), place.syncs.length)).toEqual(place);
  });

  it('begins with the first events of syncs where it was written for others, or by nobody', () => {
    expect(readPlace('a.3~7', 2)).toEqual({ hints: 'a.3', syncs: [0, 0] });
    expect(readPlace('a.3~x,1', 2)).toEqual({ hints: 'a.3', syncs: [0, 0] });
    expect(readPlace('a.3', 1)).toEqual({ hints: 'a.3', syncs: [0] });
    expect(readPlace('', 0)).toEqual({ hints: '', syncs: [] });
  });
});
