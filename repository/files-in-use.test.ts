import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { openDatabase, row, type Database } from './database.ts';
import { filesInUse } from './files-in-use.ts';

describe('the files in use', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: Database;
  let id: number;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = openDatabase(database.url, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
    const made = await row<{ id: number }>(
      db,
      `insert into syncline.connector (name, display_name) values ('hr', 'HR') returning id`,
    );
    id = made?.id ?? 0;
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  /** Stores a revision and takes it into use. */
  async function use(revision: number, file: object): Promise<void> {
    await db.raw(
      `insert into syncline.connector_revision (connector, revision, file, created_by) values (?, ?, ?::jsonb, 'test')`,
      [id, revision, JSON.stringify(file)],
    );
    await db.raw('update syncline.connector set active_revision = ? where id = ?', [revision, id]);
  }
  const nameInUse = async () => (await filesInUse(db, [id])).get(id)?.name;

  it('leave out connectors that have none', async () => {
    expect(await filesInUse(db, [id, id + 1])).toEqual(new Map());
  });

  it('are those of the revision in use at the time of the question, and one object while nothing changes', async () => {
    await use(1, { name: 'first' });
    const first = (await filesInUse(db, [id])).get(id);
    expect(first?.name).toBe('first');
    expect((await filesInUse(db, [id])).get(id)).toBe(first);
    await use(2, { name: 'second' });
    expect(await nameInUse()).toBe('second');
    await db.raw('update syncline.connector set active_revision = 1 where id = ?', [id]);
    expect((await filesInUse(db, [id])).get(id)).toBe(first);
    await db.raw('update syncline.connector set active_revision = null where id = ?', [id]);
    expect(await nameInUse()).toBeUndefined();
  });

  it('are read again where a database was restored and another revision has the number', async () => {
    await use(3, { name: 'third' });
    expect(await nameInUse()).toBe('third');
    await db.raw('delete from syncline.connector_revision where connector = ? and revision = 3', [id]);
    await use(3, { name: 'another' });
    expect(await nameInUse()).toBe('another');
  });

  it('are read each time where they are large', async () => {
    const long = Array.from({ length: 20_000 }, (_, n) => String(n * 7919)).join(' ');
    await use(4, { name: 'large', displayName: long });
    const before = (await filesInUse(db, [id])).get(id);
    expect(before?.displayName).toBe(long);
    const after = (await filesInUse(db, [id])).get(id);
    expect(after).toEqual(before);
    expect(after).not.toBe(before);
  });
});
