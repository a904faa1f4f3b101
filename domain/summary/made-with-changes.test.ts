import { expect, it } from 'vitest';
import { isMadeWithChanges } from './made-with-changes.ts';

it('the summary is made with the change set if somebody decides on it, or if it is so large that the first GET would wait', () => {
  expect(isMadeWithChanges({ held: true, changes: 1 })).toBe(true);
  expect(isMadeWithChanges({ held: false, changes: 499_999 })).toBe(false);
  expect(isMadeWithChanges({ held: false, changes: 500_000 })).toBe(true);
});
