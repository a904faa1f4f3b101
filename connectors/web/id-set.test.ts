import { expect, it } from 'vitest';
import { IdSet } from './id-set.ts';

it('knows each id once, whatever many there are', () => {
  const ids = new IdSet();
  const added = () => Array.from({ length: 20_000 }, (_, i) => ids.add(`id-${String(i)}`)).filter(Boolean).length;
  expect([added(), added()]).toEqual([20_000, 0]);
  expect(ids.size).toBe(20_000);
  expect([ids.has('id-19999'), ids.has('id-20000')]).toEqual([true, false]);
});
