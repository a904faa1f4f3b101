import { describe, expect, it } from 'vitest';
import { newRows } from './new-rows.ts';

describe('rows that have come since', () => {
  it('are those above the first that was shown', () => {
    const beginning = { of: '', top: 'b' };
    expect(newRows(beginning, ['b', 'a'])).toBe(0);
    expect(newRows(beginning, ['d', 'c', 'b', 'a'])).toBe(2);
  });

  it('are none of a list that was empty, or whose first row is gone', () => {
    expect(newRows({ of: '', top: undefined }, ['b', 'a'])).toBe(0);
    expect(newRows({ of: '', top: 'x' }, ['b', 'a'])).toBe(0);
  });
});
