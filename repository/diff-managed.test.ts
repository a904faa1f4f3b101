import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ManagedRule } from '../domain/managed.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { RepositoryFixture, type Source } from '../test/support/repository-fixture.ts';

/** Managed: groups g…, and people whose name begins with M. */
const rule: ManagedRule = (attributes) => {
  const { id = '', name } = attributes as { id?: string; name?: string };
  return { managed: name === undefined ? id.startsWith('g') : name.startsWith('M') };
};

const person = fc.record({
  id: fc.constantFrom('1', '2', '3', '4', '5', '6'),
  name: fc.constantFrom('Max', 'Mia', 'Ann', 'Bob'),
  // badges stay, so that who is managed decides alone what a link leads to
  manager: fc.option(fc.constantFrom('b1', 'b2', 'b3', 'b4', 'b5', 'b6'), { nil: undefined }),
});
const directory = fc
  .record({
    people: fc.uniqueArray(person, { selector: ({ id }) => id, maxLength: 6 }),
    groups: fc.uniqueArray(fc.constantFrom('g1', 'g2', 'h1', 'h2'), { maxLength: 4 }),
    members: fc.array(
      fc.record({
        group: fc.constantFrom('g1', 'g2', 'h1', 'h2'),
        person: fc.constantFrom('1', '2', '3', '4', '5', '6'),
      }),
      { maxLength: 10 },
    ),
  })
  .map(({ people, ...rest }): Source => {
    const named = people.map(({ id, name, manager }) => ({
      id,
      name,
      badge: `b${id}`,
      ...(manager === undefined ? {} : { manager }),
    }));
    return { people: named, ...rest };
  });

describe('a sync over managed resources only', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let connectors = 0;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });
  async function given(use: (repository: RepositoryFixture) => Promise<void>): Promise<void> {
    const fixture = await RepositoryFixture.create(database.url, `m${String(++connectors)}`);
    fixture.rule = rule;
    try {
      await use(fixture);
    } finally {
      await fixture.close();
    }
  }

  /** The same source, where whatever is unmanaged before and after is as it is stored. */
  async function asFarAsManaged(r: RepositoryFixture, source: Source): Promise<Source> {
    const state = await r.state();
    const managed = new Set(await r.managed());
    const links = state.links.map((link) => /^(\w+):(\w+)>(\w+)$/.exec(link)?.slice(1) ?? []);
    const compared = (id: string, name?: string) => managed.has(id) || rule({ id, name }).managed;
    const storedPeople = Object.entries(state.people as Record<string, { name: string; badge: string }>)
      .filter(([id]) => !compared(id, source.people.find((each) => each.id === id)?.name ?? 'unmanaged'))
      .map(([id, { name, badge }]) => {
        const manager = links.find(([kind, from]) => kind === 'manager' && from === id)?.[2];
        return { id, name, badge, ...(manager === undefined ? {} : { manager: `b${manager}` }) };
      });
    const storedGroups = state.groups.filter((id) => !compared(id));
    return {
      people: [...source.people.filter(({ id, name }) => compared(id, name)), ...storedPeople],
      groups: [...source.groups.filter((id) => compared(id)), ...storedGroups],
      members: [
        ...source.members.filter(({ group }) => compared(group)),
        ...links
          .filter(([kind, group = '']) => kind === 'members' && storedGroups.includes(group))
          .map(([, group = '', member = '']) => ({ group, person: member })),
      ],
    };
  }

  test(
    'changes exactly what one over everything would, were the unmanaged ones in the source as they are stored',
    {
      timeout: 400_000,
    },
    async () => {
      let changes = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(directory, { minLength: 2, maxLength: 4 }), ([first, ...later]) =>
          given(async (r) => {
            if (first) await r.run(first);
            for (const source of later) {
              const whole = await r.diff(await asFarAsManaged(r, source));
              const limited = await r.diff(source, { managedOnly: true });
              expect(limited.digest).toBe(whole.digest);
              changes += limited.changes;
              await r.apply(limited.sync);
              expect(await r.danglers()).toBe(0);
              // the flags of all that the source has are those of the rule
              const stored = Object.entries((await r.state()).people as Record<string, { name: string }>);
              const byRule = stored.filter(([id, { name }]) => rule({ id, name }).managed).map(([id]) => id);
              expect((await r.managed()).filter((key) => /^\d/.test(key))).toEqual(byRule.sort());
            }
          }),
        ),
        { numRuns: 20, seed: 20 },
      );
      expect(changes).toBeGreaterThan(50);
    },
  );

  test('is followed by one over everything that finds the rest, and sets every flag', () =>
    given(async (r) => {
      const ann = { id: '1', name: 'Ann', badge: 'b1' };
      const max = { id: '2', name: 'Max', badge: 'b2', manager: 'b1' };
      await r.run({ people: [ann, max], groups: ['g1', 'h1'], members: [] });
      expect(await r.managed()).toEqual(['2', 'g1']);
      const next: Source = {
        people: [
          { ...ann, name: 'Anna' },
          { ...max, name: 'Maxim' },
          { id: '3', name: 'Bob', badge: 'b3' },
        ],
        groups: ['g1', 'h1', 'h2'],
        members: ['g1', 'h1'].flatMap((group) => [
          { group, person: '2' },
          { group, person: '3' },
        ]),
      };
      const limited = await r.run(next, { managedOnly: true });
      expect(limited.result.types.get(r.person)).toMatchObject({ inserted: 0, updated: 1, deleted: 0 });
      expect(limited.result.links.get(r.members)).toMatchObject({ inserted: 1, rejected: 0 });
      const rest = await r.run(next);
      expect(rest.result.types.get(r.person)).toMatchObject({ inserted: 1, updated: 1 });
      expect(rest.result.links.get(r.members)).toMatchObject({ inserted: 3 });
      expect(await r.managed()).toEqual(['2', 'g1']);
    }));

  test('folds delta files and asks the rule of the whole resource', () =>
    given(async (r) => {
      const people = ['1', '2', '3'].map((id) => ({ id, name: id === '1' ? 'Max' : 'Ann', badge: `b${id}` }));
      await r.run({ people, groups: ['g1', 'h1'], members: [] });
      const delta: Source = {
        people: [
          // a patch that says nothing of the name
          { id: '1', badge: 'b9', command: 'update', given: ['badge'] },
          { id: '2', badge: 'b8', command: 'update', given: ['badge'] },
          { id: '3', name: 'Mia', command: 'update', given: ['name'] },
          { id: '4', name: 'Bob', badge: 'b4', command: 'insert' },
        ],
        groups: [],
        members: [
          { group: 'g1', person: '1', command: 'insert' },
          { group: 'g1', person: '4', command: 'insert' },
          { group: 'h1', person: '1', command: 'insert' },
        ],
      };
      const { result } = await r.run(delta, { mode: 'incremental', managedOnly: true });
      expect(result.types.get(r.person)).toMatchObject({ inserted: 0, updated: 2, rejected: 0 });
      expect(result.links.get(r.members)).toMatchObject({ inserted: 1, rejected: 0 });
      expect((await r.state()).people).toMatchObject({
        '1': { badge: 'b9' },
        '2': { badge: 'b2' },
        '3': { name: 'Mia' },
      });
      expect(await r.managed()).toEqual(['1', '3', 'g1']);
    }));

  test('does not set a flag of a resource that another sync has changed since', () =>
    given(async (r) => {
      await r.run({ people: [{ id: '1', name: 'Max', badge: 'b1' }], groups: [], members: [] });
      const older = await r.diff({ people: [{ id: '1', name: 'Ann', badge: 'b1' }], groups: [], members: [] });
      await r.run({ people: [{ id: '1', name: 'Mia', badge: 'b1' }], groups: [], members: [] });
      await r.apply(older.sync, false);
      expect((await r.state()).people).toEqual({ '1': { id: '1', name: 'Mia', badge: 'b1' } });
      expect(await r.managed()).toEqual(['1']);
    }));
});
