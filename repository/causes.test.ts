import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { RepositoryFixture } from '../test/support/repository-fixture.ts';
import { findCauses, type CauseSubject } from './causes.ts';

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

/** Two groups and their ten members are stored, and no row of either table was read. */
function groups(whole: boolean, lost: { resources: number; links: number }): CauseSubject {
  const own = { inserted: 0, updated: 0, deleted: lost.resources, stored: 2, read: 0, whole };
  const members = { stored: 10, deleted: lost.links, wanted: 0, read: 0 };
  return {
    ...own,
    ...{ id: fixture.group, name: 'Group', table: 'groups.csv', keyProperty: 'id', dateProperties: [] },
    links: [{ ...members, id: fixture.members, name: 'members', table: 'members.csv' }],
  };
}

async function codes(subject: CauseSubject): Promise<string[]> {
  const sync = await fixture.diff({ people: [], groups: [], members: [] });
  return (await findCauses(fixture.db, sync.sync, [subject])).map(({ code, property }) => `${code} ${property ?? ''}`);
}

test('a file without rows is a cause where something goes because of it', async () => {
  expect(await codes(groups(true, { resources: 2, links: 10 }))).toEqual(['blank-file ', 'blank-file members']);
  expect(await codes(groups(true, { resources: 0, links: 10 }))).toEqual(['blank-file members']);
  expect(await codes(groups(true, { resources: 0, links: 0 }))).toEqual([]);
});

test('a file that was not read is the cause of nothing, whatever a delta deletes', async () => {
  expect(await codes(groups(false, { resources: 1, links: 3 }))).toEqual([]);
});
