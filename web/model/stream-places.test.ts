import { describe, expect, it } from 'vitest';
import { followedOf, StreamPlaces } from './stream-places.ts';

describe('the place of the one stream', () => {
  it('goes on with hints and with the lines of each sync, also for other syncs', () => {
    const places = new StreamPlaces();
    expect(places.idFor([])).toBe('');
    expect(places.idFor(['a'])).toBe('~0');
    places.heard('e.3', []);
    expect(places.idFor([])).toBe('e.3');
    places.heard('e.4~7-8-9,5', ['b', 'a']);
    expect(places.idFor(['b', 'a'])).toBe('e.4~7-8-9,5');
    expect(places.idFor(['a', 'c'])).toBe('e.4~5,0');
    places.heard('e.5', []);
    places.heard('', ['a']);
    expect(places.idFor(['a'])).toBe('e.5~5');
  });

  it('is that of the five newest syncs that tabs show, each once, without those that have ended', () => {
    const tabs = [['1', '3'], ['3', '2'], [], ['4', '5', '6', '7']];
    expect(followedOf(tabs, new Set())).toEqual(['7', '6', '5', '4', '3']);
    expect(followedOf(tabs, new Set(['6', '7', '4']))).toEqual(['5', '3', '2', '1']);
  });
});
