import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limitsInForce } from '../domain/thresholds/advice.ts';
import { percentageLines } from '../domain/thresholds/share.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { openDatabase, row, type Database } from './database.ts';
import { heldByLimits, largestActuals } from './limit-advice.ts';

describe('what syncs say about the limits of their connector', () => {
  let db: Database;
  let drop: () => Promise<void>;
  let connector: number;
  let name = 0;
  beforeAll(async () => {
    const created = await createTestDatabase();
    drop = created.drop;
    db = openDatabase(created.url, { applicationName: 'test', poolSize: 2, statementTimeoutMs: 60_000 });
  });
  afterAll(async () => {
    await db.destroy();
    await drop();
  });

  const begin = async () => {
    const made = await row<{ id: number }>(
      db,
      `insert into syncline.connector (name, display_name) values (?, 'A') returning id`,
      [`c${String(++name)}`],
    );
    connector = made?.id ?? 0;
  };
  /** An applied whole sync that deleted so many resources of so many, unless told otherwise. */
  const applied = async (deleted: number, stored: number, more: Record<string, unknown> = {}): Promise<string> => {
    const verdict = (of: string) => ({
      scope: 'connector',
      name: of,
      stored,
      actual: of.includes('Deleted') ? deleted : 0,
    });
    const thresholds = [
      ...['maximumInsertedLines', 'maximumDeletedLines', 'maxPercentageDeletedLines'].map(verdict),
      // neither the limits of a window nor those of an entity type are asked for
      { ...verdict('maximumDeletedLines'), window: '24h', actual: 999_999 },
      { ...verdict('maximumDeletedLines'), scope: 'Person', actual: 999_999 },
    ];
    const values: Record<string, unknown> = {
      applied: true,
      trigger: 'scheduled',
      scope: null,
      tasks: '{export,prepare,synchronize,update-expressions}',
      causes: '[]',
      decision: null,
      thresholds: JSON.stringify(thresholds),
      applied_at: new Date(),
      ...more,
    };
    const made = await row<{ id: string }>(
      db,
      `insert into syncline.sync (id, connector, mode, requested_mode, status, priority, synced_by, config_revision, workflow_id,
         ${Object.keys(values).join(', ')})
       values (gen_random_uuid(), ?, 'complete', 'complete', 'completed', 'normal', 'system', 1, 'x',
         ${Object.keys(values)
           .map(() => '?')
           .join(', ')}) returning id`,
      [connector, ...(Object.values(values) as never[])],
    );
    return made?.id ?? '';
  };

  it('is learned from applied whole syncs alone: no first, dry, limited or old one, no revert, no purge', async () => {
    await begin();
    const usual = await applied(7, 1000);
    const first = await applied(900, 1000);
    await db.raw(
      `update syncline.connector set first_complete_sync = (select no from syncline.sync where id = ?) where id = ?`,
      [first, connector],
    );
    await applied(900, 0);
    await applied(900, 1000, { applied: false });
    await applied(900, 1000, { scope: '{"entityTypes": ["Person"]}' });
    await applied(900, 1000, { causes: '[{"code": "first-sync", "meant": "often"}]' });
    await applied(900, 1000, { trigger: 'revert' });
    await applied(900, 1000, { trigger: 'purge' });
    await applied(900, 1000, { tasks: '{update-expressions}' });
    await applied(900, 1000, { applied_at: new Date(Date.now() - 31 * 86_400_000) });
    expect(await largestActuals(db, connector, 30)).toMatchObject({
      syncs: 1,
      usable: 1,
      largest: { maximumDeletedLines: { actual: 7, stored: 1000 } },
    });
    const limits = { ...limitsInForce({ thresholds: {} }), maximumDeletedLines: 6 };
    expect((await heldByLimits(db, connector, 30, limits)).map(({ syncId }) => syncId)).toEqual([usual]);
    expect(await largestActuals(db, connector, 32)).toMatchObject({ syncs: 2 });
  });

  it('is not learned from what looks like an accident or was undone, and of a percentage the largest share counts', async () => {
    await begin();
    await applied(40, 1000);
    await applied(30, 100);
    await applied(500, 1000, { causes: '[{"code": "blank-file", "meant": "hardly-ever"}]' });
    await applied(700, 1000, { reverted_by: '01900000-0000-7000-8000-000000000000' });
    // of 600 proposed deletes a person applied 12
    const counters = { Person: { inserted: 0, updated: 0, deleted: 12, links: { manager: { deleted: 3 } } } };
    await applied(600, 1000, { applied_counters: JSON.stringify(counters) });
    await applied(35, 1000, { causes: '[{"code": "branch-missing", "meant": "maybe"}]' });
    expect(await largestActuals(db, connector, 30)).toMatchObject({
      syncs: 6,
      usable: 4,
      largest: {
        maximumDeletedLines: { actual: 40, stored: 1000 },
        maxPercentageDeletedLines: { actual: 30, stored: 100 },
      },
    });
  });

  it('names each limit that a sync would have exceeded, in the arithmetic of thresholds, and who resumed it', async () => {
    await begin();
    const limits = { ...limitsInForce({ thresholds: {} }), maxPercentageDeletedLines: 0.7, maximumDeletedLines: 20 };
    const decision = JSON.stringify({ action: 'resume', by: 'user:ada' });
    const big = await applied(21, 10_000, { decision });
    const small = await applied(3, 300, { decision: JSON.stringify({ action: 'override', by: 'user:ben' }) });
    await applied(2, 300);
    await applied(1, 10);
    const lines = percentageLines(300, 0.7);
    expect(lines).toBe(2);
    expect(await heldByLimits(db, connector, 30, limits)).toMatchObject([
      { syncId: small, name: 'maxPercentageDeletedLines', actual: 3, limitLines: lines, approvedBy: null },
      { syncId: big, name: 'maximumDeletedLines', actual: 21, limitLines: 20, approvedBy: 'user:ada' },
    ]);
    // one sync of 0.1 % has no rounding errors: 0.1 % of 1,000 is 1
    await begin();
    for (const [deleted, stored] of [
      [1, 1000],
      [2, 1000],
      [29, 9999],
      [30, 9999],
    ] as const)
      await applied(deleted, stored);
    const held = await heldByLimits(db, connector, 30, {
      ...limits,
      maximumDeletedLines: 100,
      maxPercentageDeletedLines: 0.3,
    });
    expect(held.map(({ actual, limitLines }) => [actual, limitLines])).toEqual([[30, percentageLines(9999, 0.3)]]);
  });
});
