import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { RepositoryFixture, type Source } from '../test/support/repository-fixture.ts';
import { compareChanges } from './compare-changes.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let fixture: RepositoryFixture;
beforeAll(async () => {
  database = await createTestDatabase();
  fixture = await RepositoryFixture.create(database.url);
});
afterAll(async () => {
  await fixture.close();
  await database.drop();
});

const boss = { id: '1', name: 'Ann', badge: 'b1' };
const chief = { id: '2', name: 'Bob', badge: 'b2' };
const stored: Source = {
  people: [boss, chief, { id: '3', name: 'Cyd', manager: 'b1' }, { id: '4', name: 'Dan' }, { id: '5', name: 'Eve' }],
  groups: ['G1', 'G2'],
  members: [
    { group: 'G1', person: '3' },
    { group: 'G1', person: '4' },
  ],
};

it('counts changes of resources and links that are the same, new, gone, or have another outcome', async () => {
  await fixture.run(stored);
  const before = await fixture.diff({
    // 3 is renamed and gets another manager, 4 and its membership go, 6 comes, G2 goes
    people: [
      boss,
      chief,
      { id: '3', name: 'Cynthia', manager: 'b2' },
      { id: '5', name: 'Eve' },
      { id: '6', name: 'Fay' },
    ],
    groups: ['G1'],
    members: [{ group: 'G1', person: '3' }],
  });
  const now = await fixture.diff({
    // 3 gets another name and no manager, 4 stays, 5 goes, 6 comes with another name, G2 goes, 3 leaves G1
    people: [boss, chief, { id: '3', name: 'Cindy' }, { id: '4', name: 'Dan' }, { id: '6', name: 'Flo' }],
    groups: ['G1'],
    members: [{ group: 'G1', person: '4' }],
  });
  expect(await compareChanges(fixture.db, now.sync, before.sync)).toEqual({
    // the delete of G2
    same: 1,
    // 5 goes, the link to the manager and the membership of 3 go
    new: 3,
    // 4 and its membership went, the manager changed
    gone: 3,
    // the names of 3 and 6
    changed: 2,
  });
  expect(await compareChanges(fixture.db, before.sync, before.sync)).toEqual({
    same: before.changes,
    new: 0,
    gone: 0,
    changed: 0,
  });
});

it('takes another target of a move as another outcome of the same change', async () => {
  const moved = async (badge: string) =>
    (
      await fixture.diff({
        ...stored,
        people: [
          ...stored.people.slice(0, 2),
          { id: '3', name: 'Cyd', manager: badge },
          ...stored.people.slice(3),
          { id: '7', name: 'Gus', badge: 'b7' },
        ],
      })
    ).sync;
  const compared = await compareChanges(fixture.db, await moved('b7'), await moved('b2'));
  expect(compared).toEqual({ same: 1, new: 0, gone: 0, changed: 1 });
});
