import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { openDatabase, rows, type Database } from './database.ts';
import { inSnapshot, rowsInParts } from './snapshot.ts';

describe('a read of one moment', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: Database;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = openDatabase(database.url, { applicationName: 'test', poolSize: 3, statementTimeoutMs: 60_000 });
    await db.raw('create table thing as select i as n, 0 as round from generate_series(1, 5000) i');
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  interface Thing {
    n: number;
    round: number;
  }

  it('has nothing of what is written while it goes on, neither in the parts of one statement nor in the next', async () => {
    const read = await inSnapshot(db, async (tx) => {
      const found: Thing[] = [];
      for await (const part of rowsInParts<Thing>(
        tx,
        'select n, round from thing where n > ? order by n',
        [10],
        1_000,
      )) {
        found.push(...part);
        await db.raw('update thing set round = round + 1');
        await db.raw('delete from thing where n % 7 = 0');
      }
      return { found, after: await rows<Thing>(tx, 'select n, round from thing order by n') };
    });
    expect(read.found.map(({ n }) => n)).toEqual(Array.from({ length: 4_990 }, (_, i) => i + 11));
    expect(read.after.length).toBe(5_000);
    expect([...read.found, ...read.after].every(({ round }) => round === 0)).toBe(true);
  });

  it('leaves the transaction as it was if the caller stops in the middle', async () => {
    await inSnapshot(db, async (tx) => {
      for await (const part of rowsInParts<Thing>(tx, 'select n, round from thing order by n', [], 10)) {
        expect(part.length).toBe(10);
        break;
      }
      expect(await rows(tx, 'select 1 as n')).toEqual([{ n: 1 }]);
    });
  });

  it('tells of a failure in a later part, and only when that part is asked for', async () => {
    const found: Thing[] = [];
    const read = inSnapshot(db, async (tx) => {
      const sql = 'select n, 1 / (n - 500) as round from (select n from thing order by n offset 0) t';
      for await (const part of rowsInParts<Thing>(tx, sql, [], 100)) {
        found.push(...part);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    await expect(read).rejects.toThrow(/division by zero/);
    expect(found.length).toBe(400);
  });

  it('has every row once, if the last part is full as well as if it is not', async () => {
    for (const size of [1, 7, 10]) {
      const read = await inSnapshot(db, async (tx) => {
        const parts: number[] = [];
        const sql = 'select generate_series(1, ?::int) as n';
        for await (const part of rowsInParts<Thing>(tx, sql, [70], size)) parts.push(...part.map(({ n }) => n));
        return parts;
      });
      expect(read).toEqual(Array.from({ length: 70 }, (_, i) => i + 1));
    }
  });

  it('writes nothing', async () => {
    await expect(inSnapshot(db, (tx) => tx.raw('delete from thing'))).rejects.toThrow(/read-only/);
  });
});
