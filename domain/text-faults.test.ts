import { describe, expect, it } from 'vitest';
import { textFaults } from './text-faults.ts';

describe('texts that cannot be kept', () => {
  it('are named with their place, however deep, names of fields among them', () => {
    expect(textFaults('a\0')).toMatchObject([{ pointer: '' }]);
    expect(textFaults({ a: [1, { 'b/c': ['x', 'y\0', '\ud800'] }], 'k\0': 'v\0' })).toEqual([
      { pointer: '/a/1/b~1c/1', detail: expect.stringContaining('NUL') as string },
      { pointer: '/a/1/b~1c/2', detail: expect.stringContaining('surrogate') as string },
      { pointer: '', detail: expect.stringContaining('name of a field has a NUL') as string },
    ]);
  });

  it('are not looked for without end', () => {
    const deep: unknown = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));
    expect(textFaults(deep)).toMatchObject([{ pointer: '', detail: expect.stringContaining('nested') as string }]);
  });

  it('are none of all others', () => {
    expect(textFaults({ a: 'né 😀 \t\n', b: null, c: [true, 0], d: {} })).toEqual([]);
  });
});
