import { describe, expect, it } from 'vitest';
import { choose, chooseAll, chosenOf, mostChosen, noneChosen } from './chosen-rows.ts';

describe('rows that a person chooses', () => {
  const rows = Array.from({ length: mostChosen + 20 }, (_, i) => [`k${String(i)}`, [`k${String(i)}`]] as const);

  it('are kept once, and are taken back', () => {
    const one = choose(choose(noneChosen('a'), 'x', ['x'], true), 'x', ['x'], true);
    expect([...one.keys]).toEqual([['x', ['x']]]);
    expect(choose(one, 'x', ['x'], false).keys.size).toBe(0);
  });

  it('are no more than the API takes, from the first on, with those that were chosen before', () => {
    const all = chooseAll(choose(noneChosen('a'), 'last', ['last'], true), rows);
    expect(all.keys.size).toBe(mostChosen);
    expect(all.keys.has('last')).toBe(true);
    expect(all.keys.has('k0')).toBe(true);
    expect(choose(all, 'other', ['other'], true).keys.has('other')).toBe(false);
    expect(choose(all, 'k0', ['k0'], false).keys.size).toBe(mostChosen - 1);
  });

  it('are those of one list: another filter has none of them', () => {
    const one = choose(noneChosen('a'), 'x', ['x'], true);
    expect(chosenOf(one, 'a')).toBe(one);
    expect(chosenOf(one, 'b')).toEqual(noneChosen('b'));
  });
});
