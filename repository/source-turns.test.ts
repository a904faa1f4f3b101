import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { openDatabase, row, type Database } from './database.ts';
import { takePlaces } from './source-pace.ts';
import { giveTurnBack, renewTurn, takeTurn, type TurnRequest } from './source-turns.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Database;
let connector: number;
let keys = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase(database.url, { applicationName: 'test', poolSize: 12, statementTimeoutMs: 0 });
  const made = await row<{ id: number }>(
    db,
    `insert into syncline.connector (name, display_name) values ('hr', 'HR') returning id`,
  );
  connector = made?.id ?? 0;
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

async function newSync(): Promise<number> {
  const made = await row<{ no: number }>(
    db,
    `insert into syncline.sync (id, connector, mode, requested_mode, tasks, status, trigger, priority, synced_by, config_revision, workflow_id)
     values (gen_random_uuid(), ?, 'complete', 'complete', '{export}', 'running', 'manual', 'normal', 'test', 1, 'test') returning no`,
    [connector],
  );
  return made?.no ?? 0;
}
const freshKey = () => `key-${String(++keys)}`;
async function request(key: string, more: Partial<TurnRequest> = {}): Promise<TurnRequest> {
  const sync = await newSync();
  return { key, sync, connection: 'files', holder: `h${String(sync)}`, rank: 2, concurrent: 1, ...more };
}
const granted = async (turn: TurnRequest) => (await takeTurn(db, turn)).granted;
const expire = ({ key, sync }: TurnRequest) =>
  db.raw(
    `update syncline.source_turn set expires_at = clock_timestamp() - interval '1 second' where key = ? and sync = ?`,
    [key, sync],
  );

describe('turns at a source', () => {
  it('go to no more than may read at once, and to the next one when they are given back', async () => {
    const key = freshKey();
    const [a, b, c] = [
      await request(key, { concurrent: 2 }),
      await request(key, { concurrent: 2 }),
      await request(key, { concurrent: 2 }),
    ];
    expect([await granted(a), await granted(b), await granted(c)]).toEqual([true, true, false]);
    await giveTurnBack(db, a);
    expect(await granted(c)).toBe(true);
    expect(await granted(a)).toBe(false);
    expect(await granted(await request(freshKey()))).toBe(true);
  });

  it('never go to too many that ask in the same moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 9 }), async (concurrent, asking) => {
        const key = freshKey();
        const turns = await Promise.all(Array.from({ length: asking }, () => request(key, { concurrent })));
        const got = await Promise.all(turns.map(granted));
        // waiters stand before one another: only those who asked in time were granted
        expect(got.filter(Boolean).length).toBe(Math.min(concurrent, asking));
      }),
      { numRuns: 20 },
    );
  });

  it('go by priority, then by who has waited longest, whoever asks first when one is free', async () => {
    const key = freshKey();
    const first = await request(key);
    expect(await granted(first)).toBe(true);
    const [low, normal, late, high] = [
      await request(key, { rank: 3 }),
      await request(key),
      await request(key),
      await request(key, { rank: 1 }),
    ];
    for (const turn of [low, normal, late, high]) expect(await granted(turn)).toBe(false);
    expect(await takeTurn(db, low)).toMatchObject({ granted: false, ahead: 3 });
    await giveTurnBack(db, first);
    const order: TurnRequest[] = [];
    for (const next of [high, normal, late, low]) {
      for (const turn of [low, late, normal, high])
        if (turn !== next && !order.includes(turn)) expect(await granted(turn)).toBe(false);
      expect(await granted(next)).toBe(true);
      await giveTurnBack(db, next);
      order.push(next);
    }
  });

  it('are free again when their holder no longer renews them, and the holder is told so', async () => {
    const key = freshKey();
    const [dead, next] = [await request(key), await request(key)];
    expect(await granted(dead)).toBe(true);
    expect(await renewTurn(db, dead)).toBe(true);
    expect(await granted(next)).toBe(false);
    await expire(dead);
    expect(await granted(next)).toBe(true);
    expect(await renewTurn(db, dead)).toBe(false);
    // giving back what it no longer has takes nothing from the other
    await giveTurnBack(db, dead);
    expect(await renewTurn(db, next)).toBe(true);
  });

  it('are kept by the next attempt of the same sync, and lost by the one before', async () => {
    const key = freshKey();
    const [turn, waiting] = [await request(key), await request(key, { rank: 1 })];
    expect(await granted(turn)).toBe(true);
    expect(await granted(waiting)).toBe(false);
    const again = { ...turn, holder: 'second attempt' };
    expect(await granted(again)).toBe(true);
    expect(await renewTurn(db, turn)).toBe(false);
    await giveTurnBack(db, turn);
    expect(await renewTurn(db, again)).toBe(true);
  });

  it('are not kept from others by syncs that have ended, whether they read or waited', async () => {
    const key = freshKey();
    const [reading, waiting, third] = [await request(key), await request(key, { rank: 1 }), await request(key)];
    expect([await granted(reading), await granted(waiting), await granted(third)]).toEqual([true, false, false]);
    await db.raw('update syncline.sync set ended_at = now() where no in (?, ?)', [reading.sync, waiting.sync]);
    expect(await granted(third)).toBe(true);
  });
});

describe('the pace of requests to a source', () => {
  it('gives each request a place of its own, evenly spaced, whoever asks', async () => {
    const key = freshKey();
    const waits = await Promise.all(
      Array.from({ length: 10 }, () => takePlaces(db, key, { requestsPerSecond: 0.1, places: 1 })),
    );
    const sorted = waits.sort((a, b) => a - b);
    expect(sorted[0]).toBe(0);
    // ten seconds apart, less what has passed meanwhile
    sorted.forEach((wait, i) => {
      expect(wait).toBeGreaterThan(Math.max(-1, i * 10_000 - 9_000));
      expect(wait).toBeLessThanOrEqual(i * 10_000);
    });
  });

  it('saves nothing up while nobody asks', async () => {
    const key = freshKey();
    await takePlaces(db, key, { requestsPerSecond: 1, places: 1 });
    await db.raw(`update syncline.source_pace set free_at = clock_timestamp() - interval '1 hour' where key = ?`, [
      key,
    ]);
    expect(await takePlaces(db, key, { requestsPerSecond: 0.5, places: 1 })).toBe(0);
    expect(await takePlaces(db, key, { requestsPerSecond: 0.5, places: 1 })).toBeGreaterThan(0);
  });
});
