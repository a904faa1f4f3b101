import { describe, expect, it } from 'vitest';
import type { ConnectorStatus } from '../server/types.ts';
import { statusList } from './status-lists.ts';

describe('the list behind a number of the Sync Status', () => {
  const of = (changes: number) => ({ connector: 'hr', suppressed: { changes, deletes: 0 } as never });
  const type = (entityType: string) => ({
    entityType,
    lastCompleteSync: { syncId: 's1' } as ConnectorStatus['entityTypes'][number]['lastCompleteSync'],
  });

  it('is that of the errors that cost a row, or a link, of just this type', () => {
    expect(statusList('failed', of(0), [type('A')])).toEqual({
      to: '/errors',
      search: { connector: 'hr', entityType: 'A', effect: 'row-rejected' },
    });
    expect(statusList('partial', of(0), [type('A'), type('B')])).toEqual({
      to: '/errors',
      search: { connector: 'hr', effect: 'link-rejected' },
    });
  });

  it('is that of refused changes, or else of the deletes that the last complete sync withheld', () => {
    expect(statusList('unsynced', of(2), [type('A')])).toEqual({ to: '/refusals', search: { connector: 'hr' } });
    expect(statusList('unsynced', of(0), [type('A')])).toEqual({
      to: '/syncs/s1/changes',
      search: { entityType: 'A', state: 'withheld' },
    });
    expect(statusList('unsynced', of(0), [type('A'), type('B')])).toBeUndefined();
    expect(statusList('unsynced', of(0), [{ entityType: 'A', lastCompleteSync: null }])).toBeUndefined();
  });

  it('is that of the resources of the type', () => {
    expect(statusList('impacted', of(0), [type('A')])).toEqual({ to: '/types/A', search: {} });
    expect(statusList('succeeded', of(0), [type('A'), type('B')])).toEqual({ to: '/types', search: {} });
  });
});
