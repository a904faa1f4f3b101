import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideClaim, type JobClaims } from './claim.ts';

const free: JobClaims = {
  overlap: 'skip',
  paused: false,
  coveredUntil: null,
  coveredBy: null,
  running: null,
  waiting: null,
};
const at = '2026-01-31T02:00:00.000Z';

describe('the claim of an execution', () => {
  it.each([
    ['a free job', free, at, { kind: 'run' }],
    ['a job that is gone', undefined, at, { kind: 'skip', reason: 'job-deleted', met: null }],
    ['a paused job', { ...free, paused: true }, at, { kind: 'skip', reason: 'paused', met: null }],
    ['a paused job, by hand', { ...free, paused: true }, null, { kind: 'run' }],
    ['skip, one that runs', { ...free, running: 'r' }, at, { kind: 'skip', reason: 'overlap', met: 'r' }],
    ['skip, by hand', { ...free, running: 'r' }, null, { kind: 'skip', reason: 'overlap', met: 'r' }],
    ['wait, one that runs', { ...free, overlap: 'wait', running: 'r' }, at, { kind: 'wait', met: 'r' }],
    [
      'wait, one that runs and one that waits',
      { ...free, overlap: 'wait', running: 'r', waiting: 'w' },
      at,
      { kind: 'skip', reason: 'already-waiting', met: 'w' },
    ],
    [
      'wait, one that waits and is next',
      { ...free, overlap: 'wait', waiting: 'w' },
      at,
      { kind: 'skip', reason: 'already-waiting', met: 'w' },
    ],
    [
      'a time that is done with',
      { ...free, coveredUntil: '2026-01-31T02:00:00Z', coveredBy: 'e' },
      at,
      { kind: 'skip', reason: 'caught-up', met: 'e' },
    ],
    ['a later time', { ...free, coveredUntil: '2026-01-31T01:59:59.999999Z', coveredBy: 'e' }, at, { kind: 'run' }],
    ['by hand, whatever is done with', { ...free, coveredUntil: '2027-01-01T00:00:00Z' }, null, { kind: 'run' }],
  ] as const)('of %s', (_, job, scheduledAt, answer) => {
    expect(decideClaim(job, scheduledAt)).toEqual(answer);
  });

  it('lets one execution make up for all the times missed, in whatever order they come', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(times, fc.constantFrom('skip', 'wait'), (minutes, overlap) => {
        const now = '2026-01-31T03:00:00.000Z';
        let job: JobClaims = { ...free, overlap };
        const answers = minutes.map((minute) => {
          const answer = decideClaim(job, `2026-01-31T02:${String(minute).padStart(2, '0')}:00.000Z`);
          if (answer.kind === 'run') job = { ...job, running: 'r', coveredUntil: now, coveredBy: 'r' };
          return answer;
        });
        expect(answers.filter(({ kind }) => kind === 'run')).toHaveLength(1);
        expect(answers.slice(1).every((each) => each.kind === 'skip' && each.reason === 'caught-up')).toBe(true);
        // the next time is its own again
        expect(decideClaim({ ...job, running: null }, '2026-01-31T03:01:00.000Z')).toEqual({ kind: 'run' });
      }),
    );
  });
});
