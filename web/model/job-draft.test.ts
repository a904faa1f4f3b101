import { describe, expect, it } from 'vitest';
import { draftOf, emptyJob, missingOf, requestOf } from './job-draft.ts';

const job = {
  name: 'nightly',
  mode: 'incremental' as const,
  connectors: ['ad', 'hr'],
  managedOnly: true,
  cron: '0 2 * * *',
  timezone: 'Europe/Berlin',
  overlap: 'wait' as const,
  paused: true,
  pauseNote: 'audit',
  builtin: false,
  revision: 3,
  nextRuns: [],
  lastExecution: null,
  createdAt: '',
  updatedAt: '',
  self: '',
};

describe('a job in the form', () => {
  it('is saved as it was where nothing is changed, paused or not', () => {
    const { mode, connectors, managedOnly, cron, timezone, overlap, paused, pauseNote } = job;
    const same = { mode, connectors, managedOnly, cron, timezone, overlap, paused, pauseNote };
    expect(requestOf(draftOf(job), job)).toEqual(same);
    const running = { ...job, paused: false, pauseNote: null, connectors: ['*'] };
    const { pauseNote: _note, ...rest } = same;
    expect(requestOf(draftOf(running), running)).toEqual({ ...rest, paused: false, connectors: ['*'] });
  });

  it('says what is missing', () => {
    const draft = { ...emptyJob('UTC'), name: 'weekly' };
    expect(missingOf(draft, ['nightly'])).toBeUndefined();
    expect(missingOf({ ...draft, name: 'Weekly' }, [])).toMatch(/small letters/);
    expect(missingOf({ ...draft, name: 'nightly' }, ['nightly'])).toMatch(/this name/);
    expect(missingOf({ ...draft, every: false }, [])).toBe('Choose a connector.');
  });
});
