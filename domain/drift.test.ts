import { describe, expect, it } from 'vitest';
import { findDrift } from './drift.ts';

const messages = (before: string[] | undefined, now: string[], mapped: string[] = ['id']) =>
  findDrift(before, now, new Set(mapped)).map(({ message }) => message);

describe('schema drift', () => {
  it('names columns that are gone, new, renamed or in another order', () => {
    expect(messages(['id', 'a', 'b'], ['id', 'a'])).toEqual(['The column b is gone; it was not mapped.']);
    expect(messages(['id'], ['id', 'b'])).toEqual(['The column b is new; it is not mapped.']);
    expect(messages(['id', 'a'], ['id', 'b'], ['id', 'b'])).toEqual(['The column a is now called b.']);
    expect(messages(['id', 'a'], ['a', 'id'])).toEqual([
      'The columns are in another order. Syncline reads columns by name.',
    ]);
    expect(messages(undefined, ['id', '', 'b'])).toEqual(['The column b is not mapped, so its values are ignored.']);
  });

  it('counts columns without a name, which no message can name', () => {
    expect(messages(['id', ''], ['id'])).toEqual(['A column without a name is gone.']);
    expect(messages(['id', '', ''], ['id'])).toEqual(['2 columns without a name are gone.']);
    expect(messages(['id', '', ''], ['id', ''])).toEqual(['A column without a name is gone.']);
    expect(messages(['id'], ['id', ''])).toEqual(['A column without a name is new; such columns cannot be mapped.']);
    expect(messages(['id', 'a'], ['id', ''])).toEqual(['The column a has lost its name; it was not mapped.']);
    expect(messages(['id', ''], ['id', 'a'])).toEqual(['A column without a name is now called a; it is not mapped.']);
    expect(messages(['id', '', 'a'], ['id', 'a'])).toEqual(['A column without a name is gone.']);
    expect(messages(['id', ''], ['id', ''])).toEqual([]);
  });

  it('leaves no gap where a name would stand', () => {
    const names = ['', 'a', 'b'];
    for (const before of [
      ['id'],
      ...names.map((x) => ['id', x]),
      ...names.flatMap((x) => names.map((y) => ['id', x, y])),
    ])
      for (const now of [
        ['id'],
        ...names.map((x) => ['id', x]),
        ...names.flatMap((x) => names.map((y) => ['id', x, y])),
      ])
        for (const message of messages(before, now)) expect(message).not.toMatch(/ {2}|called[.;]/);
  });
});
