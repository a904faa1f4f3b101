import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rows } from './database.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { RepositoryFixture, type Person, type Source } from '../test/support/repository-fixture.ts';

const ann: Person = { id: '1', name: 'Ann', badge: 'A' };
const bob: Person = { id: '2', name: 'Bob', badge: 'B', manager: 'A' };
const cyd: Person = { id: '3', name: 'Cyd', badge: 'C', manager: 'B' };
const staff = { people: [ann, bob, cyd], groups: ['all'], members: [{ group: 'all', person: '1' }] };

/** A change set that was approved before other syncs wrote is applied: no link may ever be left without an end. */
describe('a change set that others have overtaken in part', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let r: RepositoryFixture;
  beforeAll(async () => {
    database = await createTestDatabase();
    r = await RepositoryFixture.create(database.url);
  });
  afterAll(async () => {
    await r.close();
    await database.drop();
  });

  test('spares with a resource whatever its links lead to', async () => {
    await r.run(staff);
    // 1 and 2 go, and with them the link of 2 to 1
    const held = await r.diff({ ...staff, people: [cyd], members: [] });
    // meanwhile 2 gets a link that nobody approved the removal of, so 2 stays
    await r.run({ ...staff, people: [ann, bob, cyd, { id: '4', badge: 'D', manager: 'B' }] }, { keys: ['4'] });
    await r.apply(held.sync, false);
    expect(await r.danglers()).toBe(0);
    expect(await r.state()).toMatchObject({
      people: { '1': { name: 'Ann' }, '2': { name: 'Bob' } },
      links: expect.arrayContaining(['manager:2>1', 'manager:4>2']) as unknown,
    });
  });

  test('keeps the old target of a link that can no longer move to the new one', async () => {
    await r.run({ ...staff, people: [ann, bob, { ...cyd, manager: 'A' }, { id: '5', name: 'Eve', badge: 'E' }] });
    // 1 goes; 2 and 3 move from 1 to 5
    const held = await r.diff({
      people: [
        { ...bob, manager: 'E' },
        { ...cyd, manager: 'E' },
        { id: '5', name: 'Eve', badge: 'E' },
      ],
      groups: ['all'],
      members: [],
    });
    // meanwhile 5 is gone
    await r.run({ ...staff, people: [ann, bob, { ...cyd, manager: 'A' }] }, { keys: ['5'] });
    await r.apply(held.sync, false);
    expect(await r.danglers()).toBe(0);
    expect((await r.state()).links).toEqual(expect.arrayContaining(['manager:2>1', 'manager:3>1']) as unknown);
  });

  /** Entity types and link properties whose stored figure is not what is there. */
  const miscounted = () =>
    rows(
      r.db,
      `select 'type ' || id as what from syncline.entity_type t
         where stored <> (select count(*) from syncline.resource where entity_type = t.id)
       union all select 'property ' || id from syncline.link_property p
         where stored <> (select count(*) from syncline.link where property = p.id)`,
    );

  const ids = ['1', '2', '3', '4', '5'];
  const person: fc.Arbitrary<Person> = fc.record({
    id: fc.constantFrom(...ids),
    name: fc.constantFrom('x', 'y'),
    badge: fc.constantFrom('A', 'B', 'C'),
    manager: fc.constantFrom('A', 'B', 'C', 'Z'),
  });
  const source: fc.Arbitrary<Source> = fc.record({
    people: fc.uniqueArray(person, { selector: ({ id }) => id, minLength: 1 }),
    groups: fc.subarray(['all', 'some']),
    members: fc.uniqueArray(fc.record({ group: fc.constantFrom('all', 'some'), person: fc.constantFrom(...ids) }), {
      selector: ({ group, person: member }) => `${group} ${member}`,
      maxLength: 6,
    }),
  });
  const limited = fc.record({ source, keys: fc.subarray(ids, { minLength: 1 }) });

  test(
    'never leaves a link without an end nor a wrong count, whatever was written in between',
    { timeout: 300_000 },
    () =>
      fc.assert(
        fc.asyncProperty(source, source, fc.array(limited, { maxLength: 3 }), async (before, held, between) => {
          await r.run(before);
          const { sync } = await r.diff(held);
          for (const { source: newer, keys } of between) await r.run(newer, { keys });
          await r.apply(sync, false);
          expect(await r.danglers()).toBe(0);
          expect(await miscounted()).toEqual([]);
          // and a further read of the same source ends where it would have ended undisturbed
          await r.run(held);
          const { people, groups } = await r.state();
          expect(Object.keys(people)).toEqual(held.people.map(({ id }) => id).sort());
          expect(groups).toEqual([...held.groups].sort());
          expect(await r.danglers()).toBe(0);
        }),
        { numRuns: 20 },
      ),
  );
});
