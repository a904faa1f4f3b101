import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attempt,
  canReset,
  closedBreaker,
  follow,
  record,
  reset,
  type Breaker,
  type BreakerRule,
  type Outcome,
} from './breaker.ts';

const outcomes = fc.constantFrom<Outcome>('success', 'failure', 'neutral');
const rules = fc.record({ failures: fc.integer({ min: 1, max: 20 }), reset: fc.integer({ min: 1_000, max: 1e9 }) });

interface Step {
  kind: 'sync' | 'reset' | 'follow';
  outcome: Outcome;
  complete: boolean;
  /** Milliseconds that pass before it. */
  after: number;
}
const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('sync', 'sync', 'sync', 'sync', 'reset', 'follow'),
    outcome: outcomes,
    complete: fc.boolean(),
    after: fc.integer({ min: 0, max: 2e9 }),
  }),
  { maxLength: 60 },
);

interface Seen {
  before: Breaker;
  /** As the sync began; syncs only. */
  begun?: Breaker;
  after: Breaker;
  step: Step;
  now: number;
}

/** What a poll does with a breaker: waits while it is open, makes a complete sync if one is due. */
function live(rule: BreakerRule, told: Step[]): Seen[] {
  let breaker = closedBreaker;
  let now = 1_700_000_000_000;
  return told.map((step) => {
    now += step.after;
    const before = breaker;
    if (step.kind === 'reset') breaker = reset(breaker);
    else if (step.kind === 'follow') breaker = follow(breaker, rule, now);
    else {
      const begun = attempt(breaker, now);
      if (begun.state === 'open') return { before, after: before, step: { ...step, outcome: 'neutral' }, now };
      const complete = begun.completeNext || step.complete;
      breaker = record(begun, step.outcome, rule, now, complete);
      return { before, begun, after: breaker, step: { ...step, complete }, now };
    }
    return { before, after: breaker, step, now };
  });
}

const holds = (law: (seen: Seen, rule: BreakerRule) => void) => {
  fc.assert(
    fc.property(rules, steps, (rule, told) => {
      for (const seen of live(rule, told)) law(seen, rule);
    }),
    { numRuns: 500 },
  );
};

describe('a breaker', () => {
  it('has a time of retry exactly while it is open', () => {
    holds(({ after }) => {
      expect(after.retryAt !== null).toBe(after.state === 'open');
    });
  });

  it('is closed with fewer failures in a row than open it', () => {
    holds(({ after }, rule) => {
      if (after.state === 'closed') expect(after.failures).toBeLessThan(rule.failures);
      else expect(after.failures).toBeGreaterThanOrEqual(rule.failures);
    });
  });

  it('opens with that many failures in a row and no sooner, whatever counts neither way between them', () => {
    fc.assert(
      fc.property(rules, fc.array(fc.nat({ max: 3 }), { minLength: 20, maxLength: 20 }), (rule, pauses) => {
        let breaker = closedBreaker;
        for (let n = 1; n <= rule.failures; n++) {
          for (let i = 0; i < (pauses[n - 1] ?? 0); i++) breaker = record(breaker, 'neutral', rule, n, false);
          expect(breaker.state).toBe('closed');
          breaker = record(breaker, 'failure', rule, n * 1000, false);
          expect(breaker.failures).toBe(n);
        }
        expect(breaker).toEqual({
          state: 'open',
          failures: rule.failures,
          retryAt: new Date(rule.failures * 1000 + rule.reset).toISOString(),
          completeNext: true,
        });
      }),
    );
  });

  it('lets nothing through before its time, then one attempt', () => {
    holds(({ before, begun, after, now }) => {
      if (before.state !== 'open') return;
      if (begun) {
        expect(now).toBeGreaterThanOrEqual(Date.parse(before.retryAt ?? ''));
        expect(begun.state).toBe('half-open');
      }
      expect(['closed', 'open', 'half-open']).toContain(after.state);
    });
  });

  it('is closed by a success and opened again, for the whole time, by a failed attempt', () => {
    holds(({ begun, after, step, now }, rule) => {
      if (!begun) return;
      if (step.outcome === 'success') expect(after).toMatchObject({ state: 'closed', failures: 0 });
      if (step.outcome === 'failure' && begun.state === 'half-open')
        expect(after).toMatchObject({ state: 'open', retryAt: new Date(now + rule.reset).toISOString() });
    });
  });

  it('is left as it is by what counts neither way', () => {
    holds(({ begun, after, step }) => {
      if (begun && step.outcome === 'neutral') expect(after).toEqual(begun);
    });
  });

  it('wants a complete sync from the moment it opens until one has succeeded, also after a reset', () => {
    fc.assert(
      fc.property(rules, steps, (rule, told) => {
        let due = false;
        for (const { begun, after, step } of live(rule, told)) {
          if (after.state === 'open') due = true;
          if (begun && step.outcome === 'success' && step.complete) due = false;
          expect(after.completeNext).toBe(due);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is closed by a reset, which then has nothing left to do', () => {
    holds(({ before }) => {
      const done = reset(before);
      expect(done).toMatchObject({ state: 'closed', failures: 0, retryAt: null });
      expect(canReset(done)).toBe(false);
      expect(canReset(before)).toBe(before.state !== 'closed' || before.failures > 0);
    });
  });

  it('waits no longer than a new rule says, and never longer than it would have', () => {
    fc.assert(
      fc.property(rules, steps, fc.integer({ min: 1_000, max: 1e9 }), (rule, told, other) => {
        const last = live(rule, told).at(-1);
        if (last?.after.state !== 'open') return;
        const followed = follow(last.after, { ...rule, reset: other }, last.now);
        const until = Date.parse(followed.retryAt ?? '');
        expect(until).toBeLessThanOrEqual(last.now + other);
        expect(until).toBeLessThanOrEqual(Date.parse(last.after.retryAt ?? ''));
        expect(followed).toEqual({ ...last.after, retryAt: followed.retryAt });
      }),
    );
  });
});
