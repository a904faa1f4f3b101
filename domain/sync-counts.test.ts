import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countObjects, sumCounts, type ObjectFigures } from './sync-counts.ts';

const clean: ObjectFigures = {
  stored: 100,
  retired: false,
  failed: 0,
  failedStored: 0,
  partial: 0,
  withheld: 0,
  refused: 0,
};

test('everything that is stored and has no error succeeded', () => {
  expect(countObjects(clean)).toEqual({ impacted: 100, succeeded: 100, unsynced: 0, partial: 0, failed: 0 });
});

test('a rejected row is failed, whether something is stored under its key or not', () => {
  expect(countObjects({ ...clean, failed: 3, failedStored: 2 })).toEqual({
    impacted: 101,
    succeeded: 98,
    unsynced: 0,
    partial: 0,
    failed: 3,
  });
});

test('a rejected link makes its object partial, a withheld delete is unsynced', () => {
  expect(countObjects({ ...clean, partial: 5, withheld: 12 })).toEqual({
    impacted: 88,
    succeeded: 83,
    unsynced: 12,
    partial: 5,
    failed: 0,
  });
});

test('what is stored otherwise since a change of it was refused is unsynced', () => {
  expect(countObjects({ ...clean, withheld: 2, refused: 3 })).toMatchObject({ succeeded: 95, unsynced: 5 });
  expect(countObjects({ ...clean, stored: 2, refused: 3 })).toMatchObject({ succeeded: 0, unsynced: 2 });
});

test('nothing speaks for a retired type', () => {
  expect(countObjects({ ...clean, retired: true, partial: 5 })).toMatchObject({ impacted: 0, unsynced: 100 });
});

test('whatever the figures, every stored object is in exactly one count and none is negative', () => {
  const figure = fc.nat(50);
  const figures = fc.record({
    stored: figure,
    retired: fc.boolean(),
    failedStored: figure,
    failed: figure,
    partial: figure,
    withheld: figure,
    refused: figure,
  });
  fc.assert(
    fc.property(figures, (drawn) => {
      const of = { ...drawn, failed: drawn.failed + drawn.failedStored };
      const counts = countObjects(of);
      for (const each of Object.values(counts)) expect(each).toBeGreaterThanOrEqual(0);
      const failedStored = of.retired ? 0 : Math.min(of.failedStored, of.stored);
      expect(counts.succeeded + counts.partial + counts.unsynced + failedStored).toBe(of.stored);
      expect(counts.impacted).toBe(counts.succeeded + counts.partial + counts.failed);
      expect(sumCounts([counts, counts]).impacted).toBe(2 * counts.impacted);
    }),
  );
});
