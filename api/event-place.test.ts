import { describe, expect, it } from 'vitest';
import { atFirst } from '../repository/event-places.ts';
import { readEventPlace, readPlace, writeEventPlace, writePlace } from './event-place.ts';

const at = (seq: number, snapshot: string | null = null) => ({ seq, snapshot });

describe('the place in a stream of events', () => {
  it('is read as it was written, with and without syncs', () => {
    for (const place of [
      { hints: 'a-b.3', syncs: [] },
      { hints: 'a-b.3', syncs: [at(7)] },
      { hints: 'a-b.3', syncs: [at(7, '800:800:'), atFirst, at(12, '800:812:800,807')] },
    ])
      expect(readPlace(writePlace(place), place.syncs.length)).toEqual(place);
  });

  it('is short enough for a header, and a number alone is one', () => {
    expect(writeEventPlace(at(12, '800:812:800,807'))).toBe('12-800-812-800-807');
    expect(readEventPlace('12')).toEqual(at(12));
  });

  it('begins with the first events of syncs where it was written for others, or by nobody', () => {
    expect(readPlace('a.3~7', 2)).toEqual({ hints: 'a.3', syncs: [atFirst, atFirst] });
    expect(readPlace('a.3~x,1', 2)).toEqual({ hints: 'a.3', syncs: [atFirst, atFirst] });
    expect(readPlace('a.3', 1)).toEqual({ hints: 'a.3', syncs: [atFirst] });
    expect(readPlace('', 0)).toEqual({ hints: '', syncs: [] });
  });

  it.each([
    'x',
    '',
    '7-',
    '7-800',
    '7-0-5',
    '7-900-800',
    '7-800-812-799',
    '7-800-812-812',
    '7-800-812-807-805',
    '7-8-9-8-8',
  ])('is none where Postgres would refuse it: %j', (text) => {
    expect(readEventPlace(text)).toBeUndefined();
  });
});
