import { describe, expect, it } from 'vitest';
import { comparedRows, inOrder, oneBefore } from './compare-syncs.ts';

const counts = (deleted: number, stored = 10) => ({ stored, deleted, updated: 0, inserted: 0, rejected: 0 });
type Counters = Parameters<typeof comparedRows>[0];

describe('two syncs side by side', () => {
  it('have every counter that is not 0 in both, links too, and types that one of them lacks', () => {
    const first = { Person: { ...counts(1), links: { boss: counts(0, 3) } } } as unknown as Counters;
    const second = {
      Person: { ...counts(7), links: {} },
      Group: { ...counts(0, 2), links: {} },
    } as unknown as Counters;
    expect(comparedRows(first, second)).toEqual([
      { name: 'Person stored', earlier: 10, later: 10 },
      { name: 'Person deletes', earlier: 1, later: 7 },
      { name: 'Person.boss stored', earlier: 3, later: 0 },
      { name: 'Group stored', earlier: 0, later: 2 },
    ]);
  });

  it('stand in the order of time, whichever was chosen first', () => {
    const [older, newer] = [{ id: '2' }, { id: '4' }];
    expect(inOrder(older, newer)).toEqual([older, newer]);
    expect(inOrder(newer, older)).toEqual([older, newer]);
  });

  it('are a sync and the last one before it, unless somebody chooses another', () => {
    const all = [{ id: '5' }, { id: '4' }, { id: '2' }];
    expect(oneBefore('4', all)).toEqual({ id: '2' });
    expect(oneBefore('2', all)).toBeUndefined();
  });
});
