import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ThresholdVerdict } from '../../domain/sync.ts';
import { row } from '../../repository/database.ts';
import type { SyncRow } from '../../repository/syncs.ts';
import { csv, peopleAndGroups } from '../support/connector.ts';
import { InProcess } from '../support/in-process.ts';

/** People of one connector that go one after the other. A sync may delete 5 of them, and all syncs of a day 10. */
class Leavers {
  readonly #all: string[];
  #gone = 0;
  readonly #world: InProcess;
  readonly #name: string;

  constructor(world: InProcess, name: string, count: number) {
    this.#world = world;
    this.#name = name;
    this.#all = Array.from({ length: count }, (_, i) => `E${String(i).padStart(4, '0')}`);
  }

  async place(): Promise<void> {
    const left = this.#all.slice(this.#gone);
    await this.#world.place(this.#name, {
      'people.csv': csv('id,name,mail,manager', ...left.map((id) => `${id},Name ${id},,`)),
      'groups.csv': csv('id,title', 'G1,All'),
      // the last people are the members, so that links go in the end only
      'members.csv': csv('group,person', ...left.slice(-5).map((id) => `G1,${id}`)),
    });
  }

  async leave(count = 1): Promise<void> {
    this.#gone += count;
    await this.place();
  }

  async comeBack(count: number): Promise<void> {
    await this.leave(-count);
  }

  /** One sync limited to the next ones to go: no other way is as short. */
  async go(count = 1, action: 'resume' | 'reject' = 'resume'): Promise<SyncRow> {
    const keys = this.#all.slice(this.#gone, this.#gone + count).map((id) => [id]);
    await this.leave(count);
    return this.#world.sync(this.#name, 'complete', { keys: { [`${this.#name}_Person`]: keys } }, action);
  }
}

describe('windows over the deletes of all syncs', () => {
  let world: InProcess;
  beforeAll(async () => {
    world = await InProcess.start();
  });
  afterAll(() => world.stop());

  const limits = { maximumDeletedLines: 5 };
  const begin = async (name: string, count: number, more: object = {}): Promise<Leavers> => {
    await world.put({ ...peopleAndGroups({ name, thresholds: limits, windows: [] }), ...more });
    const leavers = new Leavers(world, name, count);
    await leavers.place();
    await world.sync(name, 'complete');
    return leavers;
  };
  const heldBy = (sync: SyncRow) => [...new Set(sync.holds.map(({ code }) => code))];
  const windowOf = async (sync: SyncRow, window: string, name = 'maximumDeletedLines') => {
    const found = await row<{ thresholds: ThresholdVerdict[] }>(
      world.db,
      'select thresholds from syncline.sync where no = ?',
      [sync.no],
    );
    return found?.thresholds.find((verdict) => verdict.window === window && verdict.name === name);
  };
  /** As if everything so far had happened so many hours earlier. */
  const age = async (name: string, hours: number) => {
    await world.db.raw(
      `update syncline.sync s set applied_at = applied_at - make_interval(hours => ?),
         decision = case when decision is not null then
           jsonb_set(decision, '{at}', to_jsonb((decision ->> 'at')::timestamptz - make_interval(hours => ?))) end
       from syncline.connector c where c.id = s.connector and c.name = ?`,
      [hours, hours, name],
    );
  };

  it('let a slow leak through up to the limit, hold the next delete, and begin anew when a person approves it', async () => {
    const leavers = await begin('leak', 1000);
    for (let i = 0; i < 10; i++) expect(heldBy(await leavers.go())).toEqual([]);
    const held = await leavers.go();
    expect(held.holds).toEqual([
      {
        code: 'window-exceeded',
        scope: 'connector',
        message: 'Window Exceeded: 11 deleted lines in 24h, limit 10',
      },
    ]);
    expect(await windowOf(held, '24h')).toMatchObject({
      actual: 11,
      earlier: 10,
      limit: 10,
      stored: 1001,
      exceeded: true,
    });
    expect(held.applied).toBe(true);

    // the hold was resumed: nothing before it counts
    for (let i = 0; i < 9; i++) expect(heldBy(await leavers.go())).toEqual([]);
    expect(heldBy(await leavers.go(2))).toEqual(['window-exceeded']);
  });

  it('count what a rejected sync would have deleted never, and what was deleted a day ago in the longer window', async () => {
    const leavers = await begin('week', 1000);
    for (let i = 0; i < 2; i++) expect(heldBy(await leavers.go(5))).toEqual([]);
    const refused = await leavers.go(1, 'reject');
    expect(heldBy(refused)).toEqual(['window-exceeded']);
    expect(refused.applied).toBe(false);
    await leavers.comeBack(1);
    // still 10: the rejected one is not among them
    expect(await windowOf(await leavers.go(1, 'reject'), '24h')).toMatchObject({ actual: 11 });
    await leavers.comeBack(1);

    await age('week', 25);
    const next = await leavers.go(5);
    expect(heldBy(next)).toEqual([]);
    expect(await windowOf(next, '24h')).toMatchObject({ actual: 5, earlier: 0 });
    expect(await windowOf(next, '7d')).toMatchObject({ actual: 15, earlier: 10, limit: 25 });
    await age('week', 25);
    await leavers.go(5);
    await leavers.go(5);
    await age('week', 25);
    const more = await leavers.go(1, 'reject');
    expect(more.holds.map(({ message }) => message)).toEqual(['Window Exceeded: 26 deleted lines in 7d, limit 25']);
    await leavers.comeBack(1);
    await age('week', 7 * 24);
    expect(heldBy(await leavers.go())).toEqual([]);
  });

  it('leave out what a person approved, but not from what a percentage is of', async () => {
    const leavers = await begin('approved', 400);
    const big = await leavers.go(200);
    expect(heldBy(big)).toEqual(['threshold-exceeded', 'window-exceeded']);
    // 200 people and a group are left, so that 10 % of them with the 200 that went is 40, and not 20
    const next = await leavers.go(5);
    expect(heldBy(next)).toEqual([]);
    expect(await windowOf(next, '24h', 'maxPercentageDeletedLines')).toMatchObject({
      stored: 401,
      limitLines: 40,
      actual: 5,
      earlier: 0,
    });
  });

  it('count links that go with their ends, and nothing that a revert brought back', async () => {
    const leavers = await begin('links', 30, {
      thresholds: { maximumDeletedLines: 100, maxPercentageDeletedLines: 90, maximumLinkDeletedLines: 1 },
    });
    await leavers.go(24);
    // five members are among the last six
    await leavers.go(2);
    const second = await leavers.go(1, 'reject');
    expect(second.holds.map(({ message }) => message)).toEqual([
      'Window Exceeded: 2 deleted links in 24h, limit 10 % of 5 = 1',
      'Window Exceeded: 2 deleted links in 7d, limit 20 % of 5 = 1',
    ]);
    await leavers.comeBack(1);
    await world.db.raw(
      `update syncline.sync s set undone_deletes = applied_deletes, undone_link_deletes = applied_link_deletes
       from syncline.connector c where c.id = s.connector and c.name = 'links'`,
    );
    const again = await leavers.go(1);
    expect(heldBy(again)).toEqual([]);
    expect(await windowOf(again, '24h', 'maximumLinkDeletedLines')).toMatchObject({ earlier: 0, actual: 1, stored: 4 });
  });

  it('never hold a sync that deletes nothing', async () => {
    const leavers = await begin('quiet', 1000);
    await leavers.go(5);
    await world.put({
      ...peopleAndGroups({ name: 'quiet', thresholds: limits, windows: [] }),
      windows: [{ period: '24h', maximumDeletedLines: 0 }],
    } as never);
    await leavers.comeBack(1);
    const back = await world.sync('quiet', 'complete');
    expect(heldBy(back)).toEqual([]);
    expect(await windowOf(back, '24h')).toMatchObject({ actual: 5, limit: 0, exceeded: false });
    expect(heldBy(await leavers.go(1))).toEqual(['window-exceeded']);
  });
});
