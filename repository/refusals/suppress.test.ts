import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { fates, refusals, refuse } from '../../test/support/refuse.ts';
import { RepositoryFixture, type Source } from '../../test/support/repository-fixture.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let connectors = 0;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

async function given(use: (r: RepositoryFixture) => Promise<void>): Promise<void> {
  const fixture = await RepositoryFixture.create(database.url, `re${String(++connectors)}`);
  try {
    await use(fixture);
  } finally {
    await fixture.close();
  }
}

const ann = { id: '1', name: 'Ann', badge: 'A' };
const bob = { id: '2', name: 'Bob', badge: 'B', manager: 'A' };
const cyd = { id: '3', name: 'Cyd', badge: 'C', manager: 'A' };
const staff: Source = {
  people: [ann, bob, cyd],
  groups: ['all', 'few'],
  members: [
    { group: 'all', person: '1' },
    { group: 'all', person: '2' },
    { group: 'few', person: '1' },
  ],
};
const without = (...people: string[]): Source => ({
  ...staff,
  people: staff.people.filter(({ id }) => !people.includes(id)),
  members: staff.members.filter(({ person }) => !people.includes(person)),
});

describe('a change that was refused', () => {
  test('of an update is suppressed while it ends in the same, and is proposed when the row changes', () =>
    given(async (r) => {
      await r.run(staff);
      const renamed = { ...staff, people: [{ ...ann, name: 'Anne' }, bob, cyd] };
      await refuse(r, renamed, ['u 1']);
      expect((await r.state()).people['1']).toMatchObject({ name: 'Ann' });

      const again = await r.run(renamed);
      expect(again.changes).toBe(0);
      expect(again.result.types.get(r.person)).toMatchObject({ updated: 0, suppressed: { all: 1, deletes: 0 } });
      expect(await fates(r, again.sync)).toEqual(['s u 1']);

      const changed = await r.run({ ...renamed, people: [{ ...ann, name: 'Annie' }, bob, cyd] });
      expect(changed.result.types.get(r.person)).toMatchObject({ updated: 1, suppressed: { all: 0 } });
      expect((await r.state()).people['1']).toMatchObject({ name: 'Annie' });
      expect(await refusals(r)).toMatchObject([{ text: 'u 1', endedBy: 'changed' }]);
    }));

  test('keeps another attribute of the same resource from being changed alone', () =>
    given(async (r) => {
      await r.run(staff);
      await refuse(r, { ...staff, people: [{ ...ann, name: 'Anne' }, bob, cyd] }, ['u 1']);
      const both = await r.run({ ...staff, people: [{ ...ann, name: 'Anne', badge: 'Z' }, bob, cyd] });
      expect(await fates(r, both.sync)).toContain('- u 1');
    }));

  test('of a delete leaves the resource and its links; a new link to it is an ordinary insert', () =>
    given(async (r) => {
      await r.run(staff);
      await refuse(r, without('1'), ['d 1', 'd all>1', 'd few>1', 'd 2>1', 'd 3>1']);
      const before = await r.state();
      expect(before.links).toContain('manager:2>1');

      const again = await r.run(without('1'));
      expect(again.changes).toBe(0);
      expect(again.result.types.get(r.person)).toMatchObject({ deleted: 0, suppressed: { all: 1, deletes: 1 } });
      expect(again.result.links.get(r.members)).toMatchObject({ deleted: 0, suppressed: { all: 2, deletes: 2 } });
      // the rows of both people still name their manager, who stays
      expect(again.result.links.get(r.manager)).toMatchObject({ deleted: 0, rejected: 0, suppressed: { all: 0 } });
      expect(await r.state()).toEqual(before);

      const linked = await r.run({
        ...without('1'),
        groups: ['all', 'few', 'new'],
        members: [...without('1').members, { group: 'new', person: '1' }],
      });
      expect((await r.state()).links).toContain('members:new>1');
      expect((await fates(r, linked.sync)).filter((fate) => fate.startsWith('-'))).toEqual(['- i new', '- i new>1']);
      expect(await r.danglers()).toBe(0);
    }));

  test('of a delete leaves links that only its suppressed delete keeps, and lets go of those whose other end goes', () =>
    given(async (r) => {
      await r.run(staff);
      await refuse(r, { ...staff, groups: ['all'], members: staff.members.slice(0, 2) }, ['d few', 'd few>1']);
      const { sync } = await r.run({ ...without('1'), groups: ['all'], people: [bob, cyd] });
      expect(await fates(r, sync)).toEqual(['- d 1', '- d 2>1', '- d 3>1', '- d all>1', '- d few>1', 's d few']);
      expect((await r.state()).groups).toEqual(['all', 'few']);
      expect(await r.danglers()).toBe(0);
    }));

  test('of an insert is left out, and links to it are suppressed, never dangling', () =>
    given(async (r) => {
      await r.run(staff);
      const more: Source = {
        people: [...staff.people, { id: '4', name: 'Dee', badge: 'D', manager: 'A' }],
        groups: staff.groups,
        members: [...staff.members, { group: 'all', person: '4' }],
      };
      await refuse(r, more, ['i 4', 'i all>4', 'i 4>1'], { because: { 'i all>4': 'i 4', 'i 4>1': 'i 4' } });
      const again = await r.run({ ...more, members: [...more.members, { group: 'few', person: '4' }] });
      expect(again.changes).toBe(0);
      expect(again.result.links.get(r.members)).toMatchObject({ inserted: 0, rejected: 0, suppressed: { all: 2 } });
      expect(await fates(r, again.sync)).toEqual(['s i 4', 's i 4>1', 's i all>4', 's i few>4']);
      expect(await r.errors(again.sync)).toEqual([]);

      const changed = await r.run({
        ...more,
        people: [...staff.people, { id: '4', name: 'Dea', badge: 'D', manager: 'A' }],
      });
      expect(await fates(r, changed.sync)).toEqual(['- i 4', '- i 4>1', '- i all>4']);
      expect(new Set((await refusals(r)).map(({ endedBy }) => endedBy))).toEqual(new Set(['changed']));
      expect(await r.danglers()).toBe(0);
    }));

  test('of an insert does not move the link of another resource to it, nor make a value ambiguous', () =>
    given(async (r) => {
      await r.run(staff);
      const moved: Source = {
        ...staff,
        people: [ann, { ...bob, manager: 'D' }, cyd, { id: '4', name: 'Dee', badge: 'D' }, { id: '5', badge: 'A' }],
      };
      await refuse(r, moved, ['i 4', 'u 2>4', 'i 5']);
      expect((await r.state()).links).toContain('manager:2>1');
      const again = await r.run(moved);
      expect(await fates(r, again.sync)).toEqual(['s i 4', 's i 5', 's u 2>4']);
      expect(await r.errors(again.sync)).toEqual([]);
      expect((await r.state()).links).toContain('manager:3>1');
    }));

  test('of a link is suppressed, whether it would come, go or move', () =>
    given(async (r) => {
      await r.run(staff);
      const moved: Source = {
        ...staff,
        people: [ann, bob, { ...cyd, manager: 'B' }],
        members: [...staff.members.slice(1), { group: 'few', person: '3' }],
      };
      await refuse(r, moved, ['u 3>2', 'd all>1', 'i few>3']);
      const links = ['manager:2>1', 'manager:3>1', 'members:all>1', 'members:all>2', 'members:few>1'];
      expect((await r.state()).links).toEqual(links);
      const again = await r.run(moved);
      expect(again.changes).toBe(0);
      expect(await fates(r, again.sync)).toEqual(['s d all>1', 's i few>3', 's u 3>2']);
      expect(again.result.links.get(r.members)).toMatchObject({ suppressed: { all: 2, deletes: 1 } });
      expect((await r.state()).links).toEqual(links);

      // another target is another move; the others are as before
      const other = await r.run({ ...moved, people: [ann, bob, { ...cyd, manager: 'C' }] });
      expect(await fates(r, other.sync)).toEqual(['- u 3>3', 's d all>1', 's i few>3']);
    }));

  test('of a delete or a move of a link is no match where an end goes, and ends', () =>
    given(async (r) => {
      await r.run(staff);
      await refuse(r, { ...staff, people: [ann, bob, { ...cyd, manager: 'B' }], members: staff.members.slice(1) }, [
        'u 3>2',
        'd all>1',
      ]);
      const { sync } = await r.run({ ...without('1'), people: [bob, { ...cyd, manager: 'B' }] });
      expect(await fates(r, sync)).toEqual(['- d 1', '- d 2>1', '- d all>1', '- d few>1', '- u 3>2']);
      expect((await refusals(r)).map(({ text, endedBy }) => [text, endedBy])).toEqual([
        ['d all>1', 'changed'],
        ['u 3>2', 'changed'],
      ]);
      expect(await r.danglers()).toBe(0);
    }));

  test('of a link that would go stays refused where the link would move to somebody whose insert is refused', () =>
    given(async (r) => {
      const dan = { id: '4', name: 'Dan', badge: 'D' };
      await r.run(staff);
      await refuse(r, { ...staff, people: [...staff.people, dan] }, ['i 4']);
      // the manager of Bob goes, and the new one may not come
      const after: Source = { ...without('1'), people: [{ ...bob, manager: 'D' }, { ...cyd, manager: 'D' }, dan] };
      const sync = (await r.diff(after)).sync;
      expect(await fates(r, sync)).toContain('- d 2>1');
      const refused = ['d 1', 'd 2>1', 'd 3>1', 'd all>1', 'd few>1'];
      // a person who refuses the link by itself refuses the delete of the manager with it
      await refuse(r, sync, refused, { because: { 'd 1': 'd 2>1' } });
      for (let again = 1; again <= 2; again++) {
        const found = await r.run(after);
        expect(await fates(r, found.sync)).toEqual(['s d 1', 's d all>1', 's d few>1', 's i 4', 's u 2>4', 's u 3>4']);
        expect((await refusals(r)).map(({ endedBy, seen }) => [endedBy, seen])).toEqual(
          [...refused, 'i 4'].map(() => [null, true]),
        );
      }
      // once the new manager comes, the links move, and what was refused with them is asked again
      await r.db.raw(`update syncline.refusal set expires_at = now() where connector = ? and key = '4'`, [r.connector]);
      const came = await r.run(after);
      expect(await fates(r, came.sync)).toContain('- u 2>4');
      expect((await refusals(r)).filter(({ text }) => text === 'd 2>1' || text === 'd 1')).toMatchObject([
        { text: 'd 1', endedBy: 'gone' },
        { text: 'd 2>1', endedBy: 'gone' },
      ]);
    }));

  test('is suppressed in syncs limited to keys and as a tombstone', () =>
    given(async (r) => {
      await r.run(staff);
      await refuse(r, without('3'), ['d 3', 'd 3>1']);
      const limited = await r.run({ people: [], groups: [], members: [] }, { keys: ['3'] });
      expect(await fates(r, limited.sync)).toEqual(['s d 3', 's d 3>1']);
      const tombstone = await r.run(
        { people: [{ ...cyd, command: 'delete' }], groups: [], members: [] },
        { mode: 'incremental' },
      );
      expect(await fates(r, tombstone.sync)).toEqual(['s d 3', 's d 3>1']);
      expect(Object.keys((await r.state()).people)).toContain('3');
      // who is deleted and comes again in one file is somebody else
      const again = await r.run(
        {
          people: [
            { ...cyd, command: 'delete' },
            { ...cyd, command: 'insert' },
          ],
          groups: [],
          members: [],
        },
        { mode: 'incremental' },
      );
      expect((await fates(r, again.sync)).filter((fate) => fate.endsWith('3'))).toEqual(['- d 3', '- i 3']);
    }));

  test('is compared only where the connector has a refusal that counts', () =>
    given(async (r) => {
      await r.run(staff);
      await refuse(r, without('3'), ['d 3', 'd 3>1']);
      await r.db.raw('update syncline.refusal set expires_at = now() where connector = ?', [r.connector]);
      const { sync } = await r.run(without('3'));
      expect(await fates(r, sync)).toEqual(['- d 3', '- d 3>1']);
    }));

  test('that the source did not prove is withheld, listed and not proposed', () =>
    given(async (r) => {
      await r.run(staff);
      await refuse(r, without('3'), ['d 3', 'd 3>1']);
      const { sync, result, changes } = await r.run(without('2', '3'), { certified: false });
      expect(changes).toBe(0);
      expect(result.types.get(r.person)).toMatchObject({ withheld: 1, suppressed: { all: 1 } });
      expect(await fates(r, sync)).toEqual(['s d 3', 's d 3>1', 'w d 2', 'w d all>2']);
    }));
});
