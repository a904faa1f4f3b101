import { describe, expect, test } from 'vitest';
import { ann, bob, cyd, repositories, staff } from '../test/support/repositories.ts';
import type { Person, Source } from '../test/support/repository-fixture.ts';
import { rows } from './database.ts';

const given = repositories();

describe('an incremental read', () => {
  test('warns of links whose matched value moves to another resource, unless their rows say where they lead', () =>
    given(async (r) => {
      const moved = async (people: Person[]) => {
        const { sync } = await r.diff({ people, groups: [], members: [] }, { mode: 'incremental' });
        return (await r.errors(sync)).filter(({ code }) => code === 'link-target-moved').map(({ key }) => key?.[0]);
      };
      const badge = (id: string, value?: string): Person => ({
        id,
        command: 'update',
        given: ['badge'],
        ...(value === undefined ? {} : { badge: value }),
      });
      await r.run({ ...staff, people: [ann, bob, cyd, { id: '4', name: 'Dan', badge: 'D' }] });
      // 2 and 3 have the manager with badge A
      expect(await moved([badge('1', 'Z'), badge('4', 'A')])).toEqual(['2', '3']);
      expect(await moved([badge('1'), badge('4', 'A')])).toEqual(['2', '3']);
      expect(
        await moved([
          { id: '1', command: 'delete', given: [] },
          { id: '5', name: 'Eve', badge: 'A', command: 'insert' },
        ]),
      ).toEqual(['2', '3']);
      expect(
        await moved([
          badge('1', 'Z'),
          badge('4', 'A'),
          { id: '2', command: 'update', given: ['manager'], manager: 'Z' },
          { id: '3', command: 'delete', given: [] },
        ]),
      ).toEqual([]);
      // nobody has the value now, whoever may get it
      expect(await moved([badge('1', 'Z')])).toEqual(['2', '3']);
      // nobody leads to these, another property
      expect(await moved([badge('2', 'C'), badge('3', 'B')])).toEqual([]);
      expect(await moved([{ id: '1', command: 'update', given: ['name'], name: 'A' }])).toEqual([]);
    }));

  test('folds the commands of one key in their order', () =>
    given(async (r) => {
      await r.run(staff);
      const { result, sync } = await r.run(
        {
          people: [
            { id: '4', name: 'Dan', command: 'insert', given: ['name'] },
            { id: '4', badge: 'D', command: 'update', given: ['badge'] },
            { id: '1', command: 'merge', given: ['name'] },
            { id: '2', command: 'delete', given: [] },
            { id: '2', name: 'Bobby', command: 'merge', given: ['name'] },
            { id: '3', command: 'delete', given: [] },
            { id: '9', command: 'delete', given: [] },
            { id: '3', name: 'late', command: 'update', given: ['name'] },
            { id: '1', command: 'insert', given: [] },
          ],
          groups: [],
          members: [
            { group: 'all', person: '4', command: 'insert' },
            { group: 'all', person: '1', command: 'delete' },
          ],
        },
        { mode: 'incremental' },
      );
      // 2 goes and comes again: a new resource, to which no membership leads
      expect(result.types.get(r.person)).toMatchObject({ inserted: 2, updated: 1, deleted: 2, rejected: 2 });
      expect((await r.errors(sync)).map((e) => [e.code, e.key])).toEqual([
        ['duplicate-key', ['1']],
        ['unknown-resource', ['3']],
      ]);
      expect(await r.state()).toEqual({
        people: {
          '1': { id: '1', badge: 'A' },
          '2': { id: '2', name: 'Bobby' },
          '4': { id: '4', name: 'Dan', badge: 'D' },
        },
        groups: ['all'],
        links: ['members:all>4'],
      });
    }));

  test('gives whoever gets a key again none of the links that led to who had it, and counts them', () =>
    given(async (r) => {
      await r.run(staff);
      const { result, sync } = await r.run(
        {
          people: [
            { id: '1', command: 'delete', given: [] },
            { id: '1', name: 'Somebody else', badge: 'A', command: 'insert', given: ['name', 'badge'] },
          ],
          groups: [],
          members: [],
        },
        { mode: 'incremental' },
      );
      expect(result.types.get(r.person)).toMatchObject({ inserted: 1, updated: 0, deleted: 1 });
      expect(result.links.get(r.members)).toMatchObject({ inserted: 0, deleted: 1 });
      expect(result.links.get(r.manager)).toMatchObject({ inserted: 0, updated: 0, deleted: 2 });
      expect(await r.state()).toEqual({
        people: {
          '1': { id: '1', name: 'Somebody else', badge: 'A' },
          '2': { id: '2', name: 'Bob', badge: 'B' },
          '3': { id: '3', name: 'Cyd', badge: 'C' },
        },
        groups: ['all'],
        links: ['members:all>2'],
      });
      const changes = await rows<{ operation: string }>(
        r.db,
        'select operation from syncline.change where sync = ? order by seq',
        [sync],
      );
      expect(changes.map(({ operation }) => operation)).toEqual(['d', 'i']);
    }));

  test('leaves who has a key where he is if he may not go, or has changed since', () =>
    given(async (r) => {
      await r.run(staff);
      const again = {
        people: [
          { id: '1', command: 'delete', given: [] },
          { id: '1', name: 'Somebody else', command: 'insert', given: ['name' as const] },
        ],
        groups: [],
        members: [],
      } satisfies Source;
      const before = await r.state();
      await r.run(again, { mode: 'incremental', operations: ['insert', 'update'] });
      expect(await r.state()).toEqual(before);
      // who has the key is changed while it is held: neither half is what was approved
      const held = await r.diff(again, { mode: 'incremental' });
      await r.run({ ...staff, people: [{ ...ann, name: 'Anna' }, bob, cyd] }, { keys: ['1'] });
      expect((await r.apply(held.sync, false)).overtaken).toBe(5);
      expect(await r.state()).toMatchObject({ people: { '1': { name: 'Anna' } }, links: before.links });
      expect(await r.danglers()).toBe(0);
      // a link came that nobody approved the removal of
      const linked = await r.diff(again, { mode: 'incremental' });
      await r.run(
        { ...staff, people: [{ ...ann, name: 'Anna' }, bob, cyd, { id: '4', manager: 'A' }] },
        { keys: ['4'] },
      );
      await r.apply(linked.sync, false);
      expect(await r.state()).toMatchObject({ people: { '1': { name: 'Anna' } } });
      expect(await r.danglers()).toBe(0);
    }));

  test('leaves everything else alone, and a column that is absent unchanged', () =>
    given(async (r) => {
      await r.run(staff);
      const { result } = await r.run(
        { people: [{ id: '2', name: 'Bobby', command: 'update', given: ['name'] }], groups: [], members: [] },
        { mode: 'incremental' },
      );
      expect(result.types.get(r.person)).toMatchObject({ inserted: 0, updated: 1, deleted: 0 });
      expect(await r.state()).toMatchObject({
        people: { '2': { name: 'Bobby', badge: 'B' } },
        links: ['manager:2>1', 'manager:3>1', 'members:all>1', 'members:all>2'],
      });
    }));
});
