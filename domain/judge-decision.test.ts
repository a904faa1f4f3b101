import { describe, expect, it } from 'vitest';
import { judgeDecision, whatApplies, type Decidable, type RecordedDecision } from './judge-decision.ts';

const counts = { deleted: 2, updated: 0, inserted: 1, linksDeleted: 0, linksUpdated: 0, linksInserted: 0 };
const sync: Decidable = {
  status: 'held',
  digest: 'sha256:all',
  decided: false,
  applies: { digest: 'sha256:all', counts },
  configurationChanged: false,
};
const resume = { action: 'resume', digest: 'sha256:all' } as const;
const recorded: RecordedDecision = { ...resume, confirm: { deleted: 2 }, ageSeconds: 1 };

describe('a decision', () => {
  it.each<[string, Partial<Decidable>, Partial<RecordedDecision>]>([
    ['accepted', {}, {}],
    ['accepted', {}, { ageSeconds: 60, confirm: null }],
    ['not-held', { status: 'running' }, {}],
    ['not-held', { decided: true }, {}],
    ['stale-digest', { applies: null }, {}],
    ['stale-digest', { applies: { digest: 'sha256:draft', counts } }, {}],
    ['forbidden', {}, { action: 'reject' }],
    ['forbidden', {}, { digest: 'sha256:other' }],
    ['too-late', {}, { ageSeconds: 61 }],
    ['configuration-changed', { configurationChanged: true }, {}],
    ['counts-differ', {}, { confirm: { deleted: 2, inserted: 0 } }],
  ])('to resume is %s', (result, of, by) => {
    expect(judgeDecision({ ...sync, ...of }, resume, { ...recorded, ...by })).toBe(result);
  });

  it('to reject is of the change set, whatever the configuration', () => {
    const reject = { action: 'reject', digest: 'sha256:all' } as const;
    const changed = { ...sync, applies: null, configurationChanged: true };
    expect(judgeDecision(changed, reject, null)).toBe('accepted');
    const draft = { ...sync, applies: { digest: 'sha256:draft', counts } };
    expect(judgeDecision(draft, { ...reject, digest: 'sha256:draft' }, null)).toBe('stale-digest');
  });

  it('that names a draft is about no other draft, and not about the change set', () => {
    const draft = { id: 'a', digest: 'sha256:draft', counts: { applied: counts } };
    const of = { digest: 'sha256:all', counters: {} };
    expect(whatApplies(of, draft, 'a')?.digest).toBe('sha256:draft');
    expect(whatApplies(of, draft)?.digest).toBe('sha256:draft');
    expect(whatApplies(of)?.digest).toBe('sha256:all');
    expect(whatApplies(of, draft, 'b')).toBeNull();
    expect(whatApplies(of, undefined, 'a')).toBeNull();
  });
});
