import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rows } from '../database.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { RepositoryFixture, type Person, type Source } from '../../test/support/repository-fixture.ts';
import { everything, revert, revertDiff, warnings } from '../../test/support/revert-fixture.ts';

const ann: Person = { id: '1', name: 'Ann', badge: 'A' };
const bob: Person = { id: '2', name: 'Bob', badge: 'B', manager: 'A' };
const cyd: Person = { id: '3', name: 'Cyd', badge: 'C', manager: 'B' };
const staff: Source = { people: [ann, bob, cyd], groups: ['all'], members: [{ group: 'all', person: '1' }] };
const none: Source = { people: [], groups: [], members: [] };

describe('a revert', () => {
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

  const ids = ['1', '2', '3', '4', '5'];
  const person: fc.Arbitrary<Person> = fc.record({
    id: fc.constantFrom(...ids),
    name: fc.constantFrom('x', 'y', 'z'),
    badge: fc.constantFrom('A', 'B', 'C', 'D'),
    manager: fc.constantFrom('A', 'B', 'C', 'Z'),
  });
  const source: fc.Arbitrary<Source> = fc.record({
    people: fc.uniqueArray(person, { selector: ({ id }) => id }),
    groups: fc.subarray(['all', 'some']),
    members: fc.uniqueArray(fc.record({ group: fc.constantFrom('all', 'some'), person: fc.constantFrom(...ids) }), {
      selector: ({ group, person: member }) => `${group} ${member}`,
      maxLength: 6,
    }),
  });
  const deletes = fc.uniqueArray(
    fc.record({ id: fc.constantFrom(...ids), command: fc.constantFrom('delete', 'merge') }),
    {
      selector: ({ id }) => id,
      minLength: 1,
    },
  );
  const step = fc.oneof(
    { weight: 3, arbitrary: source.map((complete) => ({ complete })) },
    // deletes and inserts again within one sync give the key to another resource
    { weight: 1, arbitrary: deletes.map((commands) => ({ commands })) },
  );

  test(
    'of the newest syncs leaves what was stored before them, and a revert of it what was stored after',
    { timeout: 300_000 },
    () =>
      fc.assert(
        fc.asyncProperty(
          source,
          fc.array(step, { minLength: 1, maxLength: 4 }),
          fc.boolean(),
          async (first, steps, ruled) => {
            r.rule = ruled ? ({ name }) => ({ managed: name !== 'x' }) : () => ({ managed: true });
            await r.run(first);
            const before = await everything(r);
            const syncs: number[] = [];
            for (const each of steps)
              if ('complete' in each) syncs.push((await r.run(each.complete)).sync);
              else {
                const people = each.commands.flatMap(({ id, command }): Person[] =>
                  command === 'merge'
                    ? [{ id, name: 'y', badge: 'E', command: 'merge' }]
                    : [
                        { id, command: 'delete', given: [] },
                        { id, name: 'z', badge: 'F', command: 'merge' },
                      ],
                );
                syncs.push((await r.run({ ...none, people }, { mode: 'incremental' })).sync);
              }
            const after = await everything(r);
            const undone = await revert(r, syncs);
            expect(await everything(r)).toEqual(before);
            expect(await warnings(r, undone.sync)).toEqual([]);
            await revert(r, [undone.sync]);
            expect(await everything(r)).toEqual(after);
            // and one by one, the newest first
            for (const sync of [...syncs].reverse()) await revert(r, [sync]);
            expect(await everything(r)).toEqual(before);
          },
        ),
        { numRuns: 25 },
      ),
  );

  test('of a first load leaves nothing, whatever the number of links', async () => {
    await r.run(none);
    const before = await everything(r);
    const { sync } = await r.run(staff);
    const undone = await revert(r, [sync]);
    expect(await everything(r)).toEqual(before);
    expect(undone.result.types.get(r.person)).toMatchObject({ stored: 3, deleted: 3, inserted: 0, updated: 0 });
    expect(undone.result.links.get(r.manager)).toMatchObject({ stored: 2, deleted: 2 });
  });

  describe('leaves what others have changed since, and says so', () => {
    const reset = async () => {
      r.rule = undefined;
      await r.run(none);
      await r.run(staff);
    };

    test('by property', async () => {
      await reset();
      const { sync } = await r.run({ ...staff, people: [{ ...ann, name: 'Anne', badge: 'X' }, bob, cyd] });
      await r.run({ ...staff, people: [{ ...ann, name: 'Anna', badge: 'X' }, bob, cyd] });
      const undone = await revert(r, [sync]);
      expect((await r.state()).people['1']).toEqual({ id: '1', name: 'Anna', badge: 'A' });
      expect(await warnings(r, undone.sync)).toEqual(['revert-touched 1 name']);
    });

    test('a value that is back already is no change, and no warning', async () => {
      await reset();
      const { sync } = await r.run({ ...staff, people: [{ ...ann, name: 'Anne' }, bob, cyd] });
      await r.run(staff);
      const undone = await revertDiff(r, [sync]);
      expect(undone.changes).toBe(0);
      expect(await warnings(r, undone.sync)).toEqual([]);
    });

    test('a new resource that was changed, and one that something else is linked to, with their links', async () => {
      await reset();
      const dan: Person = { id: '4', name: 'Dan', badge: 'D', manager: 'A' };
      const eve: Person = { id: '5', name: 'Eve', badge: 'E', manager: 'D' };
      const fay: Person = { id: '6', name: 'Fay', badge: 'F' };
      const { sync } = await r.run({ ...staff, people: [ann, bob, cyd, dan, eve, fay] });
      // 4 is changed; 5 gets a link from a group
      await r.run({
        people: [ann, bob, cyd, { ...dan, name: 'Daniel' }, eve, fay],
        groups: ['all'],
        members: [...staff.members, { group: 'all', person: '5' }],
      });
      const undone = await revert(r, [sync]);
      const { people, links } = await r.state();
      expect(Object.keys(people).sort()).toEqual(['1', '2', '3', '4', '5']);
      expect(links).toEqual(expect.arrayContaining(['manager:4>1', 'manager:5>4', 'members:all>5']) as unknown);
      expect(await warnings(r, undone.sync)).toEqual([
        'revert-linked 4 manager',
        'revert-linked 5',
        'revert-linked 5 manager',
        'revert-touched 4',
      ]);
      expect(await r.danglers()).toBe(0);
    });

    test('a key that has another owner by now, and the links that would lead to the deleted one', async () => {
      await reset();
      const { sync } = await r.run({ people: [bob, cyd], groups: ['all'], members: [] });
      await r.run({
        people: [{ ...ann, name: 'New' }, { id: '2', name: 'Bob', badge: 'B' }, cyd],
        groups: ['all'],
        members: [],
      });
      const undone = await revert(r, [sync]);
      const { people, links } = await r.state();
      expect(people['1']).toMatchObject({ name: 'New' });
      expect(links).toEqual(['manager:3>2']);
      expect(await warnings(r, undone.sync)).toEqual([
        'revert-end-missing 2 manager',
        'revert-end-missing all members',
        'revert-key-taken 1',
      ]);
    });

    test('a link that leads elsewhere by now', async () => {
      await reset();
      const { sync } = await r.run({ ...staff, people: [ann, bob, { ...cyd, manager: 'A' }] });
      await r.run({ ...staff, people: [ann, bob, { ...cyd, manager: 'C' }] });
      const undone = await revert(r, [sync]);
      expect((await r.state()).links).toContain('manager:3>3');
      expect(await warnings(r, undone.sync)).toEqual(['revert-touched 3 manager']);
    });

    test('what is retired since', async () => {
      await reset();
      const { sync } = await r.run({
        people: [{ ...bob, name: 'Bobby', badge: 'X' }, cyd],
        groups: ['all'],
        members: [],
      });
      const links = { links: { retired: true } };
      const some = await revertDiff(r, [sync], { types: { lost: ['name'] }, ...links });
      expect(await warnings(r, some.sync)).toEqual([
        'revert-retired 1 name',
        'revert-retired 2 manager',
        'revert-retired 2 name',
      ]);
      const all = await revertDiff(r, [sync], { types: { retired: true }, ...links });
      expect(all.changes).toBe(0);
      expect(await warnings(r, all.sync)).toContain('revert-retired 1');
    });

    test('what was erased', async () => {
      await reset();
      const { sync } = await r.run({ people: [bob, cyd], groups: ['all'], members: [] });
      const erased = `erased:${'0'.repeat(64)}`;
      await r.db.raw(`update syncline.change set key = ?, before = null where sync = ? and key = '1'`, [erased, sync]);
      await r.db.raw(`update syncline.link_change set target_key = ? where sync = ? and target_key = '1'`, [
        erased,
        sync,
      ]);
      const undone = await revertDiff(r, [sync]);
      expect(undone.changes).toBe(0);
      expect(await warnings(r, undone.sync)).toEqual([
        'revert-erased 2 manager',
        'revert-erased all members',
        `revert-erased ${erased}`,
      ]);
    });

    test('what a sync writes between the comparison and the end of the revert', async () => {
      await reset();
      const { sync } = await r.run({ ...staff, people: [{ ...ann, name: 'Anne' }, bob, { ...cyd, name: 'Cydney' }] });
      const held = await revertDiff(r, [sync]);
      await r.run({ ...staff, people: [{ ...ann, name: 'Anja' }, bob, { ...cyd, name: 'Cydney' }] });
      expect(await r.apply(held.sync, false)).toMatchObject({ overtaken: 1, resources: { updated: 1 } });
      expect((await r.state()).people).toMatchObject({ '1': { name: 'Anja' }, '3': { name: 'Cyd' } });
    });
  });

  test('beside other syncs never leaves a link without an end, nor a wrong figure', { timeout: 300_000 }, () =>
    fc.assert(
      fc.asyncProperty(source, source, source, fc.subarray(ids, { minLength: 1 }), source, async (a, b, c, keys, d) => {
        r.rule = undefined;
        await r.run(a);
        const { sync } = await r.run(b);
        await r.run(c, { keys });
        const held = await revertDiff(r, [sync]);
        await r.run(d, { keys });
        await r.apply(held.sync, false);
        expect(await r.danglers()).toBe(0);
        const miscounted = await rows(
          r.db,
          `select 'type' as what, id from syncline.entity_type t
             where stored <> (select count(*) from syncline.resource where entity_type = t.id)
           union all select 'property', id from syncline.link_property p
             where stored <> (select count(*) from syncline.link where property = p.id)`,
        );
        expect(miscounted).toEqual([]);
      }),
      { numRuns: 15 },
    ),
  );
});
