import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pick, shuffled } from './random.ts';

describe('another order', () => {
  it('has every number once, whatever the size and the seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), fc.integer(), (size, seed) => {
        const next = shuffled(size, seed);
        const seen = new Set(Array.from({ length: size }, (_, n) => next(n)));
        expect(seen.size).toBe(size);
        for (const n of seen) expect(n >= 0 && n < size).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('differs from seed to seed', () => {
    const order = (seed: number) => Array.from({ length: 100 }, (_, n) => shuffled(100, seed)(n)).join();
    expect(new Set([order(1), order(2), order(3)]).size).toBe(3);
  });
});

it('picks each number about as often as any other', () => {
  const picked = Array.from({ length: 20_000 }, (_, row) => pick(10, 1, row, 7));
  for (let n = 0; n < 10; n++) expect(Math.abs(picked.filter((each) => each === n).length - 2_000)).toBeLessThan(250);
});
