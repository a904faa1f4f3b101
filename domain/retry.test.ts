import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptsOf, nextAttempt } from './retry.ts';

const rule = { initialInterval: 1000, backoffCoefficient: 2, maximumInterval: 30_000, maximumAttempts: 60 };
const now = new Date('2026-01-01T00:00:00Z');

describe('a step that failed', () => {
  it('is tried again after ever longer, up to a limit', () => {
    const waits = [1, 2, 3, 6, 59].map(
      (attempt) => new Date(nextAttempt(rule, attempt, now)?.nextAt ?? 0).getTime() - now.getTime(),
    );
    expect(waits).toEqual([1000, 2000, 4000, 30_000, 30_000]);
  });

  it('is given up after its last attempt, unless it is tried for ever', () => {
    expect(nextAttempt(rule, 60, now)).toBeUndefined();
    expect(nextAttempt({ ...rule, maximumAttempts: 0 }, 60, now)).toMatchObject({ attempt: 60, maximumAttempts: null });
  });

  it('is given up after about five minutes where the source is lost', () => {
    const attempts = attemptsOf('connection', rule.maximumAttempts);
    const waits = Array.from({ length: attempts - 1 }, (_, i) =>
      Date.parse(nextAttempt(rule, i + 1, now)?.nextAt ?? ''),
    ).map((at) => at - now.getTime());
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(301_000);
    expect(attemptsOf('connection', 0)).toBe(attempts);
    expect(attemptsOf('connection', 3)).toBe(3);
    expect(attemptsOf('internal', 60)).toBe(60);
  });

  it('never waits less than before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 58 }), (attempt) => {
        const [a, b] = [attempt, attempt + 1].map((each) => nextAttempt(rule, each, now)?.nextAt ?? '');
        expect((b ?? '') >= (a ?? '')).toBe(true);
      }),
    );
  });
});
