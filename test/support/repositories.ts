import { afterAll, beforeAll } from 'vitest';
import { createTestDatabase } from './database.ts';
import { RepositoryFixture, type Source } from './repository-fixture.ts';

type Given = <Result>(use: (repository: RepositoryFixture) => Promise<Result>) => Promise<Result>;

/** Repositories in one database of the test file, each with a connector of its own. */
export function repositories(): Given {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let connectors = 0;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });
  return async (use) => {
    const fixture = await RepositoryFixture.create(database.url, `hr${String(++connectors)}`);
    try {
      return await use(fixture);
    } finally {
      await fixture.close();
    }
  };
}

export const ann = { id: '1', name: 'Ann', badge: 'A' };
export const bob = { id: '2', name: 'Bob', badge: 'B', manager: 'A' };
export const cyd = { id: '3', name: 'Cyd', badge: 'C', manager: 'A' };
export const staff: Source = {
  people: [ann, bob, cyd],
  groups: ['all'],
  members: [
    { group: 'all', person: '1' },
    { group: 'all', person: '2' },
  ],
};
