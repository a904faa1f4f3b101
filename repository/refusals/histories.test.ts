import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { fates, refusals, refuseByDraft } from '../../test/support/refuse.ts';
import { RepositoryFixture, type Source } from '../../test/support/repository-fixture.ts';
import { row } from '../database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let connectors = 0;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

/** People with names, the place of a manager among them, and members of groups. */
interface Day {
  people: { id: string; name: string; manager: number }[];
  groups: string[];
  members: { group: string; person: string }[];
  /** Which of the proposed changes are refused, one after the other. */
  refused: boolean[];
  /** It is read from delta files first. */
  deltas: boolean;
}

const ids = fc.constantFrom('1', '2', '3', '4', '5');
const day: fc.Arbitrary<Day> = fc.record({
  people: fc.uniqueArray(fc.record({ id: ids, name: fc.constantFrom('x', 'y'), manager: fc.nat(6) }), {
    selector: ({ id }) => id,
    maxLength: 5,
  }),
  groups: fc.uniqueArray(fc.constantFrom('g', 'h'), { maxLength: 2 }),
  members: fc.array(fc.record({ group: fc.constantFrom('g', 'h'), person: ids }), { maxLength: 6 }),
  refused: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
  deltas: fc.boolean(),
});

/** Without links that lead nowhere: what those keep is not in the source. */
function sourceOf({ people, groups, members }: Day): Source {
  return {
    people: people.map(({ id, name, manager }) => ({
      id,
      name,
      badge: `b${id}`,
      ...(people[manager] ? { manager: `b${people[manager].id}` } : {}),
    })),
    groups,
    members: members.filter(({ group, person }) => groups.includes(group) && people.some(({ id }) => id === person)),
  };
}

function deltasOf(before: Source, after: Source): Source {
  const gone = before.people.filter(({ id }) => !after.people.some((each) => each.id === id));
  const left = before.members.filter(
    (each) => !after.members.some(({ group, person }) => group === each.group && person === each.person),
  );
  return {
    people: [
      ...gone.map(({ id }) => ({ id, command: 'delete', given: [] })),
      ...after.people.map((person) => ({ ...person, command: 'merge', given: ['name', 'badge', 'manager'] as const })),
    ].map((each) => ({ ...each, given: [...each.given] })),
    groups: after.groups,
    members: [
      ...left.map((each) => ({ ...each, command: 'delete' })),
      ...after.members.map((each) => ({ ...each, command: 'insert' })),
    ],
  };
}

function stateOf({ people, groups, members }: Source): Awaited<ReturnType<RepositoryFixture['state']>> {
  const links = [
    ...people.flatMap(({ id, manager }) => (manager === undefined ? [] : [`manager:${id}>${manager.slice(1)}`])),
    ...members.map(({ group, person }) => `members:${group}>${person}`),
  ];
  return {
    people: Object.fromEntries(people.map(({ manager: _, ...attributes }) => [attributes.id, attributes])),
    groups: [...groups].sort(),
    links: [...new Set(links)].sort(),
  };
}

/** Whether only a complete sync finds what came back; says it once. */
async function neededComplete(r: RepositoryFixture): Promise<boolean> {
  const found = await row(
    r.db,
    'update syncline.connector set needs_complete = null where id = ? and needs_complete is not null returning 1 as n',
    [r.connector],
  );
  return found !== undefined;
}

test('whatever is refused in whatever history, the repository is the source but for what is suppressed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(day, { minLength: 2, maxLength: 4 }), async (days) => {
      const r = await RepositoryFixture.create(database.url, `h${String(++connectors)}`);
      try {
        let before: Source = { people: [], groups: [], members: [] };
        for (const each of days) {
          const source = sourceOf(each);
          if (each.deltas) await r.run(deltasOf(before, source), { mode: 'incremental' });
          let n = 0;
          await refuseByDraft(r, await r.diff(source), () => each.refused[n++ % each.refused.length] ?? false);
          expect(await r.danglers()).toBe(0);

          // the same source again proposes nothing, unless it had to be read again
          if (await neededComplete(r)) await r.run(source);
          const again = await r.run(source);
          expect((await fates(r, again.sync)).filter((fate) => !fate.startsWith('s'))).toEqual([]);
          expect(await neededComplete(r)).toBe(false);
          // what is suppressed is all that is missing
          const suppressed = (await fates(r, again.sync)).length;
          if (suppressed === 0) expect(await r.state()).toEqual(stateOf(source));
          else expect((await refusals(r)).some(({ endedBy, seen }) => endedBy === null && seen)).toBe(true);
          before = source;
        }
        await r.db.raw('update syncline.refusal set expires_at = now() where connector = ?', [r.connector]);
        await r.run(before);
        expect(await r.state()).toEqual(stateOf(before));
      } finally {
        await r.close();
      }
    }),
    // shrinking takes longer than the test may, and would hide what was found
    { numRuns: 12, endOnFailure: true },
  );
}, 300_000);
