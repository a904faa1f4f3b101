import { describe, expect, test } from 'vitest';
import { clearedBy, clearerOf, isOfEverything, speaks } from './spoken-for.ts';

const complete = { mode: 'complete', scope: null } as const;
const incremental = { mode: 'incremental', scope: null } as const;
const ofOneType = { mode: 'complete', scope: { entityTypes: ['Person'] } } as const;
const ofOneKey = { mode: 'complete', scope: { keys: { Person: [['E1']] } } } as const;

describe('the failure of a sync', () => {
  const over = (failed: Parameters<typeof clearerOf>[0], applied: typeof failed) =>
    clearedBy(applied).includes(clearerOf(failed));
  const mutable = (each: unknown) => structuredClone(each) as never;

  test.each([
    ['a complete one is over with a complete one only', complete, [true, false, false, false]],
    ['an incremental one with any of everything', incremental, [true, true, false, false]],
    ['one of some entity types with any', ofOneType, [true, true, true, true]],
    ['one of some keys with any', ofOneKey, [true, true, true, true]],
  ])('%s', (_, failed, expected) => {
    const applied = [complete, incremental, ofOneType, ofOneKey];
    expect(applied.map((each) => over(mutable(failed), mutable(each)))).toEqual(expected);
  });

  test('limits of operations leave a sync one of everything', () => {
    expect(isOfEverything({ scope: { operations: ['insert'] } })).toBe(true);
  });
});

test('only an applied sync that has read and compared speaks for anything', () => {
  const sync = { applied: true, dryRun: false, tasks: ['synchronize'], trigger: 'scheduled' } as const;
  expect(speaks(sync)).toBe(true);
  expect(speaks({ ...sync, applied: false })).toBe(false);
  expect(speaks({ ...sync, dryRun: true })).toBe(false);
  expect(speaks({ ...sync, tasks: ['update-expressions'] })).toBe(false);
  expect(speaks({ ...sync, trigger: 'purge' })).toBe(false);
});
