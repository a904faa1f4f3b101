import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dropBuiltLinks } from './built-links.ts';
import { row, rows } from './database.ts';
import { ann, bob, cyd, repositories, staff } from '../test/support/repositories.ts';
import type { Person, Source } from '../test/support/repository-fixture.ts';

const given = repositories();

describe('a complete read', () => {
  test('of many links where none is stored finds what comparing them would', () =>
    given(async (r) => {
      const people = Array.from({ length: 300 }, (_, n) => ({ id: `p${String(n)}` }));
      const groups = Array.from({ length: 200 }, (_, n) => `g${String(n)}`);
      const pairs = groups.flatMap((group) => people.map(({ id }) => ({ group, person: id })));
      const dangling = [
        { group: 'g0', person: 'nobody' },
        { group: 'none', person: 'p0' },
        { group: 'none', person: 'nobody' },
        { group: 'none', person: 'nobody' },
      ];
      for (const more of [
        [],
        pairs.slice(100, 140),
        dangling,
        [...dangling, ...pairs.slice(0, 30), ...pairs.slice(0, 9)],
      ]) {
        const source = { people, groups, members: [...pairs, ...more] };
        // ids go on from where those of 31 bits end, in the middle of the third load
        if (more === dangling)
          await r.db.raw(
            `select setval('syncline.resource_id', greatest(last_value, 2147483400)) from syncline.resource_id`,
          );
        const loaded = await r.diff(source);
        // no such sync: it only keeps the property from being loaded as a whole
        const compared = await r.diff(source, { laterSyncs: [0] });
        expect(loaded).toMatchObject({ result: compared.result, digest: compared.digest, changes: compared.changes });
        expect(loaded.result.links.get(r.members)).toMatchObject({ inserted: pairs.length, wanted: pairs.length });
        expect(await r.errors(loaded.sync)).toEqual(await r.errors(compared.sync));
      }
      const { sync } = await r.run({ people, groups, members: [...dangling, ...pairs, ...pairs.slice(7, 90)] });
      expect(await r.errors(sync)).toHaveLength(3);
      expect((await r.state()).links).toHaveLength(pairs.length);
      expect(await r.danglers()).toBe(0);
    }));

  test('of many links builds what apply attaches, and stores the same where it is not built or others were first', async () => {
    const people = Array.from({ length: 300 }, (_, n) => ({ id: `p${String(n)}` }));
    const groups = Array.from({ length: 200 }, (_, n) => `g${String(n)}`);
    const pairs = groups.flatMap((group) => people.map(({ id }) => ({ group, person: id })));
    const source = { people, groups, members: [...pairs, ...pairs.slice(5, 20), { group: 'g0', person: 'nobody' }] };
    const ways = [
      { builds: true, undisturbed: true, attached: true },
      { builds: false, undisturbed: true, attached: false },
      { builds: true, undisturbed: false, attached: false },
    ];
    const found: unknown[] = [];
    for (const { builds, undisturbed, attached } of ways)
      await given(async (r) => {
        const table = `link_${String(r.members)}`;
        const oidOf = async (name: string) =>
          (await row<{ oid: number }>(r.db, `select oid::int from pg_class where relname = ?`, [name]))?.oid;
        const rejected = await r.diff(source, { builds });
        const { sync, changes } = await r.diff(source, { builds });
        const built = await oidOf(`built_links_${String(sync)}_${String(r.members)}`);
        expect(built !== undefined).toBe(builds);
        const { links } = await r.apply(sync, undisturbed);
        expect((await oidOf(table)) === built).toBe(attached);
        const form = await rows(
          r.db,
          `select reloptions, relispartition, array(select row(attname, attnotnull, format_type(atttypid, null))::text from pg_attribute
             where attrelid = c.oid and attnum > 0 order by attnum) as columns,
             array(select replace(pg_get_indexdef(indexrelid), ?, '') from pg_index where indrelid = c.oid order by 1) as indexes,
             array(select conname::text from pg_constraint where conrelid = c.oid) as constraints
           from pg_class c where oid = ?::regclass`,
          [String(r.members), `syncline.${table}`],
        );
        const stored = await r.state();
        // what is built goes with the end of its sync
        expect(await dropBuiltLinks(r.db)).toBe(0);
        await r.db.raw('update syncline.sync set ended_at = now() where no = any(?)', [[rejected.sync, sync]]);
        expect(await dropBuiltLinks(r.db)).toBe([0, 1, 2][Number(builds) + Number(builds && !attached)]);
        const { result } = await r.run({ people: people.slice(1), groups, members: pairs.slice(7, 90) });
        found.push({
          changes,
          links,
          form,
          stored,
          result: [...result.links.values()],
          after: await r.state(),
        });
      });
    const [first, ...others] = found;
    for (const other of others) expect(other).toEqual(first);
    expect(first).toMatchObject({
      links: { inserted: pairs.length },
      form: [{ relispartition: true, reloptions: null }],
    });
  });

  test('stores what the source has, and nothing changes when it is read again', () =>
    given(async (r) => {
      await r.run(staff);
      const stored = await r.state();
      expect(stored.links).toEqual(['manager:2>1', 'manager:3>1', 'members:all>1', 'members:all>2']);
      const again = await r.run({ ...staff, people: [cyd, bob, ann] });
      expect(again.changes).toBe(0);
      expect(await r.state()).toEqual(stored);
    }));

  test('deletes links at either end of a deleted resource, once each', () =>
    given(async (r) => {
      await r.run(staff);
      const { result, sync } = await r.run({ ...staff, people: [bob, cyd] });
      expect(result.types.get(r.person)).toMatchObject({ inserted: 0, updated: 0, deleted: 1 });
      expect(result.links.get(r.manager)).toMatchObject({ deleted: 2, rejected: 2 });
      expect(result.links.get(r.members)).toMatchObject({ deleted: 1 });
      expect((await r.errors(sync)).map((error) => error.code)).toEqual([
        'dangling-link',
        'dangling-link',
        'dangling-link',
      ]);
      expect(await r.danglers()).toBe(0);
    }));

  test('counts a mono-valued link that moves as one update', () =>
    given(async (r) => {
      await r.run(staff);
      const { result } = await r.run({ ...staff, people: [ann, bob, { ...cyd, manager: 'B' }] });
      expect(result.types.get(r.person)).toMatchObject({ inserted: 0, updated: 0, deleted: 0 });
      expect(result.links.get(r.manager)).toMatchObject({ inserted: 0, updated: 1, deleted: 0 });
      expect((await r.state()).links).toContain('manager:3>2');
    }));

  test('follows a target whose matched property changed in the same sync', () =>
    given(async (r) => {
      await r.run(staff);
      const { result } = await r.run({
        ...staff,
        people: [
          { ...ann, badge: 'Z' },
          { ...bob, manager: 'Z' },
          { ...cyd, manager: 'Z' },
        ],
      });
      expect(result.links.get(r.manager)).toMatchObject({ inserted: 0, updated: 0, deleted: 0, rejected: 0 });
    }));

  test('keeps the stored target of a mono-valued link whose new value dangles or is ambiguous', () =>
    given(async (r) => {
      await r.run(staff);
      const dangling = await r.run({ ...staff, people: [ann, { ...bob, manager: 'nobody' }, cyd] });
      expect(dangling.result.links.get(r.manager)).toMatchObject({ deleted: 0, rejected: 1 });
      const ambiguous = await r.run({ ...staff, people: [ann, { ...bob, badge: 'A' }, cyd] });
      expect((await r.errors(ambiguous.sync)).filter((e) => e.code === 'ambiguous-link')).toHaveLength(2);
      expect((await r.state()).links).toContain('manager:3>1');
    }));

  test('collapses identical rows under one key and rejects different ones, freezing what is stored', () =>
    given(async (r) => {
      await r.run(staff);
      const { result, sync } = await r.run({
        ...staff,
        people: [ann, ann, bob, { ...bob, name: 'Robert' }, { ...cyd, name: 'Cydney' }],
      });
      expect(result.types.get(r.person)).toMatchObject({ updated: 1, deleted: 0 });
      expect((await r.errors(sync)).map((e) => [e.code, e.key])).toEqual([
        ['duplicate-key', ['2']],
        ['duplicate-key', ['2']],
      ]);
      expect((await r.state()).people['2']).toEqual({ id: '2', name: 'Bob', badge: 'B' });
      expect((await r.state()).links).toContain('manager:2>1');
    }));

  test('freezes a rejected key: neither updated nor deleted, nor its links; they go with a deleted target', () =>
    given(async (r) => {
      await r.run(staff);
      await r.run({ ...staff, people: [ann, cyd], frozen: ['2'] });
      expect(await r.state()).toMatchObject({ people: { '2': { name: 'Bob' } } });
      expect((await r.state()).links).toContain('manager:2>1');
      await r.run({ ...staff, people: [cyd], frozen: ['2'] });
      expect((await r.state()).links).toEqual(['members:all>2']);
    }));

  test('without the certificate it inserts and updates but withholds every delete', () =>
    given(async (r) => {
      await r.run(staff);
      const { result } = await r.run(
        { people: [{ ...ann, name: 'Anna' }, { id: '4' }], groups: ['all'], members: [{ group: 'all', person: '4' }] },
        { certified: false },
      );
      expect(result.types.get(r.person)).toMatchObject({ inserted: 1, updated: 1, deleted: 0, withheld: 2 });
      expect(result.links.get(r.members)).toMatchObject({ inserted: 1, deleted: 0, withheld: 2 });
      expect(Object.keys((await r.state()).people)).toEqual(['1', '2', '3', '4']);
      expect((await r.state()).links).toContain('manager:2>1');
    }));

  test('limited to keys it touches only these, and a key that is not there is a delete', () =>
    given(async (r) => {
      await r.run(staff);
      const { result } = await r.run(
        {
          ...staff,
          people: [
            { ...ann, name: 'Anna' },
            { ...cyd, name: 'Cydney' },
          ],
        },
        { keys: ['1', '2'] },
      );
      expect(result.types.get(r.person)).toMatchObject({ inserted: 0, updated: 1, deleted: 1 });
      expect((await r.state()).people).toMatchObject({ '1': { name: 'Anna' }, '3': { name: 'Cyd' } });
      expect(await r.danglers()).toBe(0);
    }));

  test('limited to keys it warns of those that are neither in the source nor stored', () =>
    given(async (r) => {
      await r.run(staff);
      // stored and read, only read, only stored, nowhere
      const source = { ...staff, people: [ann, { ...bob, id: '4' }] };
      const { sync, result } = await r.run(source, { keys: ['1', '4', '3', '9'] });
      expect(result.types.get(r.person)).toMatchObject({ inserted: 1, updated: 0, deleted: 1 });
      expect(await r.errors(sync)).toMatchObject([{ code: 'unknown-resource', key: ['9'] }]);
    }));

  test('limited to operations it leaves the others out, links to what is not inserted included', () =>
    given(async (r) => {
      await r.run(staff);
      const { result } = await r.run(
        { ...staff, people: [{ ...ann, name: 'Anna' }, bob, { id: '4', manager: 'A' }] },
        { operations: ['update'] },
      );
      expect(result.types.get(r.person)).toMatchObject({ inserted: 0, updated: 1, deleted: 0 });
      expect(result.links.get(r.manager)).toMatchObject({ inserted: 0, updated: 0, deleted: 0, rejected: 0 });
    }));

  test('finds the same digest for the same change set, and another for another', () =>
    given(async (r) => {
      const first = await r.diff(staff);
      const shuffled = await r.diff({ ...staff, people: [cyd, ann, bob] });
      const other = await r.diff({ ...staff, people: [{ ...ann, name: 'Anna' }, bob, cyd] });
      expect(shuffled.digest).toBe(first.digest);
      expect(other.digest).not.toBe(first.digest);
    }));

  test('warns of keys that differ by case only, and of a link that leads back to its beginning', () =>
    given(async (r) => {
      const { sync } = await r.run({
        people: [
          { id: 'a', badge: '1', manager: '2' },
          { id: 'A', badge: '2', manager: '1' },
        ],
        groups: [],
        members: [],
      });
      expect((await r.errors(sync)).map((e) => e.code)).toEqual(['case-variant', 'case-variant', 'cycle', 'cycle']);
      expect((await r.state()).links).toEqual(['manager:A>a', 'manager:a>A']);
    }));
});

describe('changes that another sync was first to make', () => {
  test('are overtaken row by row when the held change set is applied, and nothing unapproved happens', () =>
    given(async (r) => {
      await r.run(staff);
      const held = await r.diff({
        people: [{ ...bob, name: 'Robert' }, cyd, { id: '4' }],
        groups: ['all'],
        members: [{ group: 'all', person: '4' }],
      });
      // meanwhile syncs limited to keys: 2 is renamed, 4 appears, 1 gets a new link
      await r.run(
        {
          ...staff,
          people: [
            { ...bob, name: 'Rob' },
            { id: '4', name: 'Dan', manager: 'A' },
          ],
        },
        { keys: ['2', '4'] },
      );
      const done = await r.apply(held.sync, false);
      expect(done.overtaken).toBeGreaterThan(0);
      expect(await r.state()).toMatchObject({
        people: { '1': { name: 'Ann' }, '2': { name: 'Rob' }, '4': { name: 'Dan' } },
      });
      expect(await r.danglers()).toBe(0);
    }));

  test('are left out of the diff of a sync that read an older state', () =>
    given(async (r) => {
      await r.run(staff);
      const later = await r.run({ ...staff, people: [{ ...ann, name: 'Anna' }] }, { keys: ['1'] });
      const older = await r.diff(staff, { laterSyncs: [later.sync] });
      expect(older.changes).toBe(0);
      expect(older.result.types.get(r.person)).toMatchObject({ overtaken: 1 });
    }));
});

describe('any sequence of complete reads', () => {
  const ids = fc.constantFrom('1', '2', '3', '4', '5', '6');
  const person: fc.Arbitrary<Person> = fc.record(
    {
      id: ids,
      name: fc.constantFrom('x', 'y'),
      badge: fc.constantFrom('A', 'B', 'C', 'D'),
      manager: fc.constantFrom('A', 'B', 'Z'),
    },
    { requiredKeys: ['id'] },
  );
  const source: fc.Arbitrary<Source> = fc.record({
    people: fc.uniqueArray(person, { selector: (each) => each.id, maxLength: 6 }),
    groups: fc.uniqueArray(fc.constantFrom('g', 'h'), { maxLength: 2 }),
    members: fc.array(fc.record({ group: fc.constantFrom('g', 'h'), person: ids }), { maxLength: 8 }),
  });

  test('ends with what the last one says, never with a link without its ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(source, { minLength: 1, maxLength: 4 }), (sources) =>
        given(async (r) => {
          for (const each of sources) {
            const before = await r.state();
            const { result } = await r.run(each);
            const after = await r.state();
            const people = Object.fromEntries(
              each.people.map(({ manager: _, ...attributes }) => [attributes.id, attributes]),
            );
            expect(after.people).toEqual(people);
            expect(after.groups).toEqual([...each.groups].sort());
            const memberLinks = new Set(
              each.members
                .filter(({ group, person: id }) => each.groups.includes(group) && id in people)
                .map(({ group, person: id }) => `members:${group}>${id}`),
            );
            expect(after.links.filter((link) => link.startsWith('members'))).toEqual([...memberLinks].sort());
            const counted = result.types.get(r.person);
            const keys = Object.keys(before.people);
            expect(counted).toMatchObject({
              stored: keys.length,
              inserted: Object.keys(people).filter((key) => !keys.includes(key)).length,
              deleted: keys.filter((key) => !(key in people)).length,
            });
            expect(await r.danglers()).toBe(0);
          }
        }),
      ),
      { numRuns: 25 },
    );
  });
});
