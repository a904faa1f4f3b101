import { describe, expect, it } from 'vitest';
import type { ThresholdVerdict } from '../sync.ts';
import { judgeWatches } from '../thresholds/watches.ts';
import { messageOf } from '../thresholds/words.ts';
import type { SummaryGroup } from './body.ts';
import { groupOfHold } from './group-of-hold.ts';

const group = (id: string, about: Partial<SummaryGroup>): SummaryGroup => ({
  ...{ id, entityType: 'Person', kind: 'resource', operation: 'update', property: null, transition: null },
  ...{ lines: 1, share: 0, becameNull: 0, causes: [] },
  ...about,
});

const status = (id: string, from: string, to: string, lines: number) =>
  group(id, { property: 'status', transition: { property: 'status', from, to }, lines });

describe('the group of a hold of a window', () => {
  const verdict = (name: string): ThresholdVerdict => ({
    ...{ scope: 'connector', name, limit: 5, limitLines: 5, stored: 100, actual: 9, exceeded: true },
    ...{ window: '24h', earlier: 4 },
  });
  const groupOf = (name: string, groups: SummaryGroup[]) => {
    const hold = { code: 'window-exceeded', scope: 'connector', message: messageOf(verdict(name)) } as const;
    return groupOfHold(hold, [verdict(name)], groups)?.id;
  };
  const people = group('people', { operation: 'delete', lines: 5 });
  const members = group('members', { entityType: 'Group', kind: 'link', operation: 'delete', lines: 5 });
  const updates = group('updates', {});

  it('is that of the deletes, if one type has them all', () => {
    expect(groupOf('maximumDeletedLines', [people, members, updates])).toBe('people');
    expect(groupOf('maximumLinkDeletedLines', [people, members, updates])).toBe('members');
    expect(groupOf('maximumDeletedLines', [people, { ...people, id: 'others', entityType: 'Group' }])).toBeUndefined();
  });
});

describe('the group of a hold of a watch', () => {
  const whole = (lines: number) => group('whole', { property: 'status', lines });
  function groupOf(watch: { to: string[]; from?: string[] }, actual: number, groups: SummaryGroup[]) {
    const counted = { scope: 'Person', stored: 9, watch: { property: 'status', maximumLines: 0, ...watch }, actual };
    const { holds, thresholds } = judgeWatches([counted]);
    return holds[0] && groupOfHold(holds[0], thresholds, groups)?.id;
  }

  it('is that of the values, if one pair has all that was counted', () => {
    const groups = [whole(5), status('off', 'on', 'off', 3), status('away', 'on', 'away', 2)];
    expect(groupOf({ to: ['off'] }, 3, groups)).toBe('off');
    // an insert with the value counts, too, and is in no group of values
    expect(groupOf({ to: ['off'] }, 4, groups)).toBeUndefined();
    expect(groupOf({ to: ['off'], from: ['away'] }, 3, groups)).toBeUndefined();
  });

  it('is that of the property, if all of its updates were counted', () => {
    const groups = [whole(5), status('off', 'on', 'off', 3), status('gone', 'on', 'gone', 2)];
    expect(groupOf({ to: ['off', 'gone'] }, 5, groups)).toBe('whole');
    // from one watched value to another counts nothing
    expect(groupOf({ to: ['off', 'gone', 'on'] }, 5, groups)).toBeUndefined();
    expect(groupOf({ to: ['off', 'gone'] }, 5, [whole(6), ...groups.slice(1)])).toBeUndefined();
  });

  it('is that of what comes, if no update was counted', () => {
    const come = (id: string, about: Partial<SummaryGroup>) => group(id, { operation: 'insert', lines: 5, ...about });
    const groups = [come('all', {}), come('with', { property: 'status', lines: 4 })];
    expect(groupOf({ to: ['off'] }, 4, groups)).toBe('with');
    // large change sets do not say which properties come
    expect(groupOf({ to: ['off'] }, 5, [come('all', {})])).toBe('all');
    expect(groupOf({ to: ['off'] }, 3, groups)).toBeUndefined();
    // the updates are known not to count, or to count, or their values are not known
    const back = [whole(2), status('back', 'off', 'on', 2)];
    expect(groupOf({ to: ['off'] }, 4, [...groups, ...back])).toBe('with');
    expect(groupOf({ to: ['off'] }, 4, [...groups, whole(2), status('off', 'on', 'off', 2)])).toBeUndefined();
    expect(groupOf({ to: ['off'] }, 4, [...groups, whole(2)])).toBeUndefined();
  });

  it('is, of watched links, that of their property and operation, if it has nothing else', () => {
    const link = (id: string, about: Partial<SummaryGroup>) => group(id, { kind: 'link', property: 'team', ...about });
    const counted = { scope: 'Person.team', stored: 9, watch: { to: ['admins'], maximumLines: 0 }, actual: 3 };
    const { holds, thresholds } = judgeWatches([counted]);
    const groupOfLinks = (groups: SummaryGroup[]) => holds[0] && groupOfHold(holds[0], thresholds, groups)?.id;
    const come = link('come', { operation: 'insert', lines: 3 });
    const top = link('top', { property: null, operation: 'insert', lines: 3 });
    expect(groupOfLinks([top, come])).toBe('come');
    expect(groupOfLinks([top, { ...come, lines: 4 }])).toBeUndefined();
    const moves = link('moves', { lines: 5 });
    const move = link('move', { lines: 3, transition: { property: 'team', from: 'dev', to: 'admins' } });
    const other = link('other', { lines: 2, transition: { property: 'team', from: 'dev', to: 'ops' } });
    expect(groupOfLinks([moves, move, other])).toBe('move');
    expect(groupOfLinks([top, come, { ...moves, lines: 1 }])).toBeUndefined();
  });
});
