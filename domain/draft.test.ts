import { expect, it } from 'vitest';
import { memoriesOf, memorySeconds } from './draft.ts';

it.each([
  ['1d', 86_400],
  ['24h', 86_400],
  ['1440m', 86_400],
  ['365d', 31_536_000],
  ['23h', undefined],
  ['366d', undefined],
  ['01d', undefined],
  ['1 d', undefined],
  ['1d12h', undefined],
  ['', undefined],
])('a memory of %j has %s seconds', (text, seconds) => {
  expect(memorySeconds(text)).toBe(seconds);
});

it('remembers what is refused for 30 days if nothing else is said', () => {
  const rules = [
    { decision: 'refuse', filter: {}, remember: '2d' },
    { decision: 'defer', filter: {} },
  ] as const;
  expect(memoriesOf(rules, 'refuse')).toEqual([2 * 86_400, null, 30 * 86_400]);
  expect(memoriesOf(rules, 'apply').at(-1)).toBeNull();
});
