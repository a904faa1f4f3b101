import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clearedBy, clearerOf, speaks } from '../domain/spoken-for.ts';
import type { SyncFailure, SyncMode, SyncScope, SyncStatus } from '../domain/sync.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { RepositoryFixture } from '../test/support/repository-fixture.ts';
import { row, rows, type Database } from './database.ts';
import { settleErrors } from './open-errors.ts';
import { findSyncByNumber } from './syncs.ts';

interface RowFault {
  type: string;
  key: string[] | null;
  code: string;
  effect: 'row-rejected' | 'link-rejected';
  property: string | null;
  table: string;
}

/** One sync as the test made it up: what it read, saw and how it ended. */
interface Told {
  no: number;
  /** Minutes. */
  readAt: number;
  mode: SyncMode;
  scope: SyncScope | null;
  dryRun: boolean;
  applied: boolean;
  uncertified: string[];
  /** Keys in the delta, by type. */
  delta: Record<string, string[]>;
  faults: RowFault[];
  status: SyncStatus;
  failure: SyncFailure | null;
}

const tables = ['people.csv', 'groups.csv'];
const start = Date.parse('2030-01-01T00:00:00Z');
const at = (minute: number) => new Date(start + minute * 60_000).toISOString();

/** Pseudo-random, the same for the same seed. */
class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  below(n: number): number {
    this.#state = (Math.imul(this.#state, 1_103_515_245) + 12_345) >>> 0;
    return (this.#state >>> 8) % n;
  }
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}

class World {
  readonly db: Database;
  readonly connector: number;
  readonly types: string[];
  readonly told: Told[] = [];

  constructor(db: Database, connector: number, types: string[]) {
    this.db = db;
    this.connector = connector;
    this.types = types;
  }

  draw(dice: Dice, readAt: number): Omit<Told, 'no'> {
    const [person = '', group = ''] = this.types;
    const scope = dice.pick<SyncScope | null>([
      null,
      null,
      null,
      { operations: ['insert'] },
      { entityTypes: [person] },
      { entityTypes: [group] },
      { keys: { [person]: [['k1'], ['k2']] } },
      { keys: { [person]: [['k0']], [group]: [['k1']] } },
    ]);
    const mode = dice.oneIn(4) ? 'incremental' : 'complete';
    const faults = Array.from({ length: dice.below(4) }, (): RowFault => {
      const type = dice.pick(this.types);
      const link = dice.oneIn(3);
      const key = dice.oneIn(6) ? null : [`k${String(dice.below(4))}`];
      return {
        type,
        key,
        code: link ? 'dangling-link' : dice.pick(['format', 'duplicate-key']),
        effect: link ? 'link-rejected' : 'row-rejected',
        property: link ? 'manager' : null,
        table: type === person ? 'people.csv' : 'groups.csv',
      };
    });
    const way = dice.below(10);
    const failure: SyncFailure | null =
      way === 0 ? { code: dice.pick(['missing-file', 'connection'] as const), message: 'it failed' } : null;
    if (failure && dice.oneIn(2)) failure.table = 'people.csv';
    const status: SyncStatus =
      way === 0 ? 'failed' : way === 1 ? 'rejected' : way === 2 ? 'cancelled' : way === 3 ? 'skipped' : 'completed';
    const dryRun = status === 'completed' && dice.oneIn(8);
    return {
      readAt,
      mode,
      scope,
      dryRun,
      applied: status === 'completed' && !dryRun,
      uncertified: dice.oneIn(5) ? [dice.pick(tables)] : [],
      delta: mode === 'incremental' ? { [person]: ['k0', 'k1'], [group]: ['k2'] } : {},
      faults: status === 'skipped' ? [] : faults,
      status,
      failure,
    };
  }

  /** Writes the sync as running, with what it has seen. */
  async begin(sync: Omit<Told, 'no'>): Promise<number> {
    const preparation = { tables: tables.map((table) => ({ table, certified: !sync.uncertified.includes(table) })) };
    const created = await row<{ no: number }>(
      this.db,
      `insert into syncline.sync (id, connector, mode, requested_mode, tasks, scope, dry_run, status, trigger, priority,
         synced_by, config_revision, workflow_id, export_started_at, applied, preparation)
       values (gen_random_uuid(), ?, ?, ?, '{export,prepare,synchronize,update-expressions}', ?::jsonb, ?, 'running',
         'manual', 'normal', 'test', 1, 'test', ?, ?, ?::jsonb) returning no`,
      [
        this.connector,
        sync.mode,
        sync.mode,
        sync.scope && JSON.stringify(sync.scope),
        sync.dryRun,
        at(sync.readAt),
        sync.applied,
        JSON.stringify(preparation),
      ],
    );
    const no = created?.no ?? 0;
    for (const { type, table, property, key, code, effect } of sync.faults)
      await this.db.raw(
        `insert into syncline.sync_error (sync, entity_type, source_table, property, key, code, message, effect)
         values (?, ?, ?, ?, ?, ?, 'wrong', ?)`,
        [no, type, table, property, key, code, effect],
      );
    for (const [type, keys] of Object.entries(sync.delta))
      await this.db.raw(
        `insert into syncline.open_error_read (sync, error) select ?, id from syncline.open_error
         where connector = ? and entity_type = ? and key[1] = any(?)`,
        [no, this.connector, type, keys],
      );
    return no;
  }

  async end(no: number, sync: Omit<Told, 'no'>, kept?: number): Promise<void> {
    const found = await findSyncByNumber(this.db, no);
    if (!found) throw new Error('it was made just now');
    await this.db.transaction(async (tx) => {
      await tx.raw('update syncline.sync set status = ?, ended_at = clock_timestamp() where no = ?', [sync.status, no]);
      await settleErrors(tx, found, sync, kept);
    });
    this.told.push({ ...sync, no });
  }

  async open(): Promise<{ what: string; first: string | null; last: string | null; sync: number; times: number }[]> {
    const found = await rows<{
      type: string | null;
      key: string[] | null;
      table: string | null;
      code: string;
      effect: string;
      clears: string;
      first: string;
      last: string;
      sync: number;
      times: number;
    }>(
      this.db,
      `select entity_type as type, key, source_table as "table", code, effect, cleared_by as clears, first_seen as first,
         last_seen as last, sync, occurrences as times
       from syncline.open_error where connector = ?`,
      [this.connector],
    );
    return found
      .map((each) => {
        const failed = each.effect === 'sync-failed';
        return {
          what: failed
            ? `${each.code} ${each.table ?? ''} ${each.clears}`
            : `${each.type ?? ''} ${each.key?.join() ?? each.table ?? ''} ${each.code}`,
          // the clock of a failure is that of its end
          first: failed ? null : new Date(each.first).toISOString(),
          last: failed ? null : new Date(each.last).toISOString(),
          sync: each.sync,
          times: each.times,
        };
      })
      .sort((a, b) => (a.what < b.what ? -1 : 1));
  }

  /** The same out of all syncs, in the order in which they read, by the words of the guide. */
  recomputed(): Awaited<ReturnType<World['open']>> {
    const open = new Map<
      string,
      { first: number; last: number; sync: number; times: number; clears?: (by: Told) => boolean }
    >();
    for (const sync of [...this.told].sort((a, b) => a.readAt - b.readAt)) {
      if (sync.dryRun || sync.status === 'skipped') continue;
      const seen = new Map<string, { times: number; clears: (by: Told) => boolean }>();
      for (const fault of sync.faults) {
        const what = `${fault.type} ${fault.key?.join() ?? fault.table} ${fault.code}`;
        seen.set(what, { times: (seen.get(what)?.times ?? 0) + 1, clears: (by) => readBy(by, fault) });
      }
      if (sync.failure) {
        const clearer = clearerOf(sync);
        seen.set(`${sync.failure.code} ${sync.failure.table ?? ''} ${clearer}`, {
          times: 1,
          clears: (by) => clearedBy(by).includes(clearer),
        });
      }
      const whole = { ...sync, tasks: ['synchronize'] as const, trigger: 'manual' as const };
      if (speaks(whole))
        for (const [what, { clears }] of open) if (!seen.has(what) && clears?.(sync)) open.delete(what);
      for (const [what, { times, clears }] of seen)
        open.set(what, {
          first: open.get(what)?.first ?? sync.readAt,
          last: sync.readAt,
          sync: sync.no,
          times,
          clears,
        });
    }
    const failed = (what: string) => what.endsWith('-sync');
    return [...open]
      .map(([what, { first, last, sync, times }]) => ({
        what,
        first: failed(what) ? null : at(first),
        last: failed(what) ? null : at(last),
        sync,
        times,
      }))
      .sort((a, b) => (a.what < b.what ? -1 : 1));
  }
}

/** Whether an applied sync has read the object of an error, and used its row. */
function readBy(sync: Told, fault: RowFault): boolean {
  const key = fault.key?.[0];
  const rejected = sync.faults.some(
    (each) => each.effect === 'row-rejected' && each.type === fault.type && key !== undefined && each.key?.[0] === key,
  );
  if (rejected) return false;
  if (sync.mode === 'incremental') return key !== undefined && (sync.delta[fault.type] ?? []).includes(key);
  if (sync.uncertified.includes(fault.table)) return false;
  if (sync.scope?.keys) return key !== undefined && (sync.scope.keys[fault.type] ?? []).some(([part]) => part === key);
  return sync.scope?.entityTypes?.includes(fault.type) ?? true;
}

describe('open errors', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  const fixtures: RepositoryFixture[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    for (const each of fixtures) await each.close();
    await database.drop();
  });

  async function world(name: string): Promise<World> {
    const fixture = await RepositoryFixture.create(database.url, name);
    fixtures.push(fixture);
    const found = await row<{ id: number }>(fixture.db, 'select id from syncline.connector where name = ?', [name]);
    return new World(fixture.db, found?.id ?? 0, [`${name}_Person`, `${name}_Group`]);
  }

  test('are what all syncs together say, sync after sync, also where two overlap', { timeout: 300_000 }, async () => {
    const seed = Number(process.env['OPEN_ERRORS_SEED'] ?? Date.now() % 1_000_000);
    const dice = new Dice(seed);
    let most = 0;
    let overlaps = 0;
    for (let round = 0; round < 4; round++) {
      const it = await world(`w${String(round)}`);
      for (let step = 0; step < 60; step++) {
        const sync = it.draw(dice, step * 10);
        const no = await it.begin(sync);
        if (sync.mode === 'complete' && !sync.scope && dice.oneIn(3)) {
          // one limited to keys reads later and ends earlier
          const [person = ''] = it.types;
          const beside = {
            ...it.draw(dice, step * 10 + 5),
            mode: 'complete' as const,
            delta: {},
            scope: { keys: { [person]: [['k0'], ['k2']] } },
          };
          await it.end(await it.begin(beside), beside);
          overlaps++;
        }
        await it.end(no, sync);
        const open = await it.open();
        most = Math.max(most, open.length);
        expect(open, `seed ${String(seed)}, round ${String(round)}, step ${String(step)}`).toEqual(it.recomputed());
      }
    }
    // else it would say nothing
    expect(most).toBeGreaterThan(4);
    expect(overlaps).toBeGreaterThan(4);
  });

  test('are kept up to a limit, beyond which they are counted; failures of syncs are always kept', async () => {
    const it = await world('many');
    const [type = ''] = it.types;
    const fault = (n: number, effect: RowFault['effect'] = 'row-rejected'): RowFault => ({
      type,
      key: [`k${String(n)}`],
      code: effect === 'row-rejected' ? 'format' : 'dangling-link',
      effect,
      property: null,
      table: 'people.csv',
    });
    const sync = (readAt: number, faults: RowFault[], more: Partial<Told> = {}): Omit<Told, 'no'> => ({
      readAt,
      mode: 'complete',
      scope: null,
      dryRun: false,
      applied: true,
      uncertified: [],
      delta: {},
      faults,
      status: 'completed',
      failure: null,
      ...more,
    });
    const run = async (each: Omit<Told, 'no'>) => {
      await it.end(await it.begin(each), each, 5);
    };
    const surplus = () =>
      rows(
        it.db,
        'select rejected_rows as "rows", rejected_links as links from syncline.open_error_surplus where connector = ?',
        [it.connector],
      );
    const all = [
      ...Array.from({ length: 8 }, (_, n) => fault(n)),
      ...Array.from({ length: 3 }, (_, n) => fault(20 + n, 'link-rejected')),
    ];
    await run(sync(1, all));
    expect(await it.open()).toHaveLength(5);
    const [counted] = (await surplus()) as { rows: number; links: number }[];
    expect((counted?.rows ?? 0) + (counted?.links ?? 0)).toBe(6);
    const first = new Set((await it.open()).map(({ what }) => what));
    await run(sync(2, [], { applied: false, status: 'failed', failure: { code: 'connection', message: 'away' } }));
    expect(await it.open()).toHaveLength(6);
    // the same again: those that are kept stay so
    await run(sync(3, all));
    expect(new Set((await it.open()).map(({ what }) => what))).toEqual(first);
    expect(await surplus()).toEqual([counted]);
    await run(sync(4, all.slice(0, 4)));
    expect(await it.open()).toHaveLength(4);
    expect(await surplus()).toEqual([]);
  });

  test('are taken over once, however often the end of a sync is tried', async () => {
    const it = await world('once');
    const [type = ''] = it.types;
    const fault: RowFault = {
      type,
      key: ['k'],
      code: 'format',
      effect: 'row-rejected',
      property: null,
      table: 'people.csv',
    };
    const sync: Omit<Told, 'no'> = {
      readAt: 1,
      mode: 'complete',
      scope: null,
      dryRun: false,
      applied: true,
      uncertified: [],
      delta: {},
      faults: [fault, fault],
      status: 'completed',
      failure: null,
    };
    const no = await it.begin(sync);
    await it.end(no, sync);
    const once = await it.open();
    await it.end(no, sync);
    expect(await it.open()).toEqual(once);
    expect(once).toMatchObject([{ times: 2 }]);
  });
});
