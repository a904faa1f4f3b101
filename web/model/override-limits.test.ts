import { describe, expect, it } from 'vitest';
import { limitOf, overridable, overridesFault, overridesOf, withLimit } from './override-limits.ts';

describe('limits for one sync', () => {
  it('are numbers as people write them', () => {
    expect(['500', '1,000', '1 000', '2.5 %', '0'].map(limitOf)).toEqual([500, 1000, 1000, 2.5, 0]);
    expect(['', 'all', '-1', '1e9', '5%%x'].map(limitOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are of the connector and of its entity types; empty fields are none', () => {
    let typed = withLimit({}, '', 'maximumDeletedLines', '500');
    typed = withLimit(typed, 'HR_Person', 'maximumDeletedLines', '480');
    typed = withLimit(typed, 'HR_Group', 'maximumDeletedLines', ' ');
    expect(overridesOf(typed, ' a site closes ')).toEqual({
      thresholds: { maximumDeletedLines: 500, entityTypes: { HR_Person: { maximumDeletedLines: 480 } } },
      reason: 'a site closes',
    });
    expect(overridesOf(withLimit(typed, 'HR_Person', 'maximumDeletedLines', ''), 'x')?.thresholds).toEqual({
      maximumDeletedLines: 500,
    });
    expect(overridesOf({}, '')).toBeUndefined();
  });

  it('need a reason, and a reason needs them', () => {
    const typed = withLimit({}, '', 'maximumDeletedLines', '500');
    expect(overridesFault(typed, '')).toMatch(/why/);
    expect(overridesFault(typed, 'site closes')).toBeUndefined();
    expect(overridesFault({}, 'site closes')).toMatch(/Name a limit/);
    expect(overridesFault(withLimit(typed, '', 'maximumDeletedLines', 'many'), 'site closes')).toMatch(/number/);
    expect(overridesFault({}, '')).toBeUndefined();
  });

  it('are the fourteen of the contract', () => {
    expect(new Set(overridable).size).toBe(14);
  });
});
