import { describe, expect, it } from 'vitest';
import { overridesOf } from './limit-option.ts';

describe('limits for one sync, as options', () => {
  it('are those of the connector, or of the entity type before the dot', () => {
    expect(overridesOf(undefined, undefined)).toBeUndefined();
    expect(
      overridesOf(
        ['maximumDeletedLines=500', 'HR_Person.maximumDeletedLines=20', 'HR_Person.maxPercentageDeletedLines=2.5'],
        'closed',
      ),
    ).toEqual({
      thresholds: {
        maximumDeletedLines: 500,
        entityTypes: { HR_Person: { maximumDeletedLines: 20, maxPercentageDeletedLines: 2.5 } },
      },
      reason: 'closed',
    });
  });

  it('need a reason, and the form of a limit', () => {
    expect(() => overridesOf(['maximumDeletedLines=5'], undefined)).toThrow(/--reason/);
    expect(() => overridesOf(undefined, 'why')).toThrow(/--limit/);
    for (const wrong of ['maximumDeletedLines', 'maximumDeletedLines=-1', '=5', 'a.b.c=5', 'x=1e3'])
      expect(() => overridesOf([wrong], 'why')).toThrow(/is not a limit/);
  });
});
