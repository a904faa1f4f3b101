import { expect, test } from 'vitest';
import { navPlace } from './nav-place.ts';

test.each([
  ['/syncs', {}, 'syncs'],
  ['/syncs', { connector: 'hr' }, 'syncs'],
  ['/syncs/1', {}, 'syncs'],
  ['/syncs/1/review', {}, 'syncs'],
  ['/syncs', { status: 'held' }, 'held'],
  ['/syncs', { status: 'held', connector: 'hr' }, 'held'],
  ['/syncs', { status: ['held', 'failed'] }, 'syncs'],
  ['/executions/1', {}, 'jobs'],
  ['/jobs', {}, 'jobs'],
  ['/syncsomething', {}, undefined],
])('%s %o belongs to %s', (pathname, search, expected) => {
  expect(navPlace(pathname, search)).toBe(expected);
});
