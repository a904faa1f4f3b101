import { describe, expect, it } from 'vitest';
import { concerns, type AppliedBase, type Written } from './applied-base.ts';

const person = 7;
const base = (more: Partial<AppliedBase> = {}): AppliedBase => ({
  sync: 1,
  revision: 1,
  version: '1',
  tables: [],
  leads: [
    { property: 20, target: person, by: null },
    { property: 21, target: 8, by: 'badge' },
  ],
  ...more,
});
const written = (
  type: number,
  of: { inserted?: boolean; deleted?: boolean; properties?: string[] },
  links: number[] = [],
): Written => ({
  types: new Map([[type, { inserted: false, deleted: false, properties: [], ...of }]]),
  links: new Set(links),
});

describe('what another connector changes concerns a base', () => {
  it.each([
    ['another value of a property that nothing matches', written(person, { properties: ['name'] }), false],
    ['the same of what is matched by another one', written(8, { properties: ['name'] }), false],
    ['a value that links match', written(8, { properties: ['name', 'badge'] }), true],
    ['the same name at another entity type', written(person, { properties: ['badge'] }), false],
    ['a new resource of a key, where no link dangles', written(person, { inserted: true }), false],
    ['a new resource, which may have a value that another has', written(8, { inserted: true }), true],
    ['a resource that goes, to which no link leads', written(8, { deleted: true }), false],
    ['a new resource elsewhere', written(9, { inserted: true }), false],
    ['links that went with it', written(9, {}, [21]), true],
    ['links of others', written(9, {}, [22]), false],
  ])('%s: %s', (_what, what, expected) => {
    expect(concerns(what, base())).toBe(expected);
  });

  it('where rows have errors, by each new resource and each that goes', () => {
    expect(concerns(written(person, { deleted: true }), base({ errors: 1 }))).toBe(true);
  });

  it('where links dangle, or lead to several entity types, by each new resource', () => {
    expect(concerns(written(person, { inserted: true }), base({ errors: 1 }))).toBe(true);
    const several = base({ leads: [{ property: 20, target: person, by: null, several: true }] });
    expect(concerns(written(person, { inserted: true }), several)).toBe(true);
  });

  it('always, if an earlier version stored it', () => {
    const { leads: _, ...earlier } = base();
    expect(concerns(written(9, {}), earlier)).toBe(true);
  });
});
