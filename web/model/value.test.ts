import { expect, it } from 'vitest';
import { differing, marked } from './value.ts';

const shown = (text: string, stretch?: readonly [number, number]) =>
  marked(text, stretch).map(({ text: part, mark, differs }) => `${mark ? '!' : ''}${differs ? '*' : ''}${part}`);

it.each([
  ['Name 50', 'Name x50', ['Name 50'], ['Name ', '*x', '50']],
  ['ana@x.org', 'ana@y.org', ['ana@', '*x', '.org'], ['ana@', '*y', '.org']],
  ['aa', 'aaa', ['aa'], ['aa', '*a']],
  // characters of two units stay whole, at the beginning and at the end of what differs
  ['a😀', 'a😁', ['a', '*😀'], ['a', '*😁']],
  ['\u{1F600}z', '\u{1FA00}z', ['*\u{1F600}', 'z'], ['*\u{1FA00}', 'z']],
])('marks what differs between %s and %s', (before, after, one, other) => {
  const found = differing(before, after);
  expect(shown(before, found?.before)).toEqual(one);
  expect(shown(after, found?.after)).toEqual(other);
});

it('marks nothing where two values are the same, have nothing in common, or are too long', () => {
  expect(differing('same', 'same')).toBeUndefined();
  expect(differing('2020-01-31', '31.12.1999')).toBeUndefined();
  expect(differing('😀', '😁')).toBeUndefined();
  expect(differing('', 'new')).toBeUndefined();
  expect(differing(`${'a'.repeat(300)}b`, `${'a'.repeat(300)}c`)).toBeUndefined();
});

it('shows characters that nobody sees, and letters of several scripts, wherever they stand', () => {
  expect(shown('a\u200bb')).toEqual(['a', '!U+200B', 'b']);
  expect(shown('pаypal', [1, 2])).toEqual(['p', '*а', 'ypal', '!Latin + Cyrillic']);
  expect(shown('a\u202eb', [1, 2])).toEqual(['a', '!*U+202E', 'b']);
});
