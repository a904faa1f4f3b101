import { expect, test } from 'vitest';
import { revertedBy } from './reverted.ts';

/** @param applied ids of reverts, with a `?` if they changed nothing, and what they undo */
const told = (...applied: [string, string[]][]) =>
  Object.fromEntries(
    revertedBy(applied.map(([id, reverts]) => ({ id: id.replace('?', ''), reverts, changed: !id.endsWith('?') }))),
  );

test('a sync is reverted by the revert that names it', () => {
  expect(told(['v', ['a', 'b']])).toEqual({ a: 'v', b: 'v' });
});

test('a revert that is reverted undoes nothing', () => {
  expect(told(['v', ['a']], ['w', ['v']])).toEqual({ v: 'w' });
});

test('a revert of a revert of a revert undoes the first sync again', () => {
  expect(told(['v', ['a']], ['w', ['v']], ['x', ['w']])).toEqual({ a: 'v', w: 'x' });
});

test('a revert of the newest syncs may name a revert and what it undid', () => {
  expect(told(['v', ['a']], ['w', ['a', 'v']])).toEqual({ a: 'w', v: 'w' });
});

test('a revert that changed nothing does not stand in place of the one before it', () => {
  expect(told(['v', ['a']], ['w?', ['a']])).toEqual({ a: 'v' });
  expect(told(['v', ['a']], ['w?', ['a']], ['x', ['v']])).toEqual({ v: 'x' });
  expect(told(['v', ['a']], ['w', ['v']], ['x?', ['w']])).toEqual({ v: 'w' });
});
