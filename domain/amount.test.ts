import { expect, test } from 'vitest';
import { amount, some } from './amount.ts';

test('a count has the form of its noun that fits', () => {
  expect([0, 1, 2, 1234].map((n) => amount(n, 'line'))).toEqual(['0 lines', '1 line', '2 lines', '1,234 lines']);
  expect([1, 2].map((n) => amount(n, 'person', 'people'))).toEqual(['1 person', '2 people']);
  expect([0, 1, 2].map((n) => some(n, 'goes', 'go'))).toEqual(['go', 'goes', 'go']);
});
