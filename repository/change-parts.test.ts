import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { ensureSharedParts } from './change-parts.ts';
import { openDatabase, rows, type Database } from './database.ts';

describe('partitions that syncs share', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: Database;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = openDatabase(database.url, { applicationName: 'test', poolSize: 8, statementTimeoutMs: 0 });
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  it('are made once, however many syncs ask for them at the same moment', async () => {
    // each round asks for others, on sessions that have looked for those already
    for (let round = 1; round <= 10; round++)
      await Promise.all(Array.from({ length: 8 }, (_, n) => ensureSharedParts(db, round * 1000 + n)));
    const made = await rows<{ name: string }>(
      db,
      `select relname as name from pg_class where relkind = 'r' and relname ~ '_shared_[0-9]+$'`,
    );
    expect(new Set(made.map(({ name }) => name)).size).toBe(20);
    expect(made).toHaveLength(20);
  });
});
