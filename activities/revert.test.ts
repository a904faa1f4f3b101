import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DraftRule } from '../domain/draft.ts';
import { rows } from '../repository/database.ts';
import { appliedSyncs } from '../repository/revert/undone.ts';
import { viewSync } from '../repository/sync-views.ts';
import { csv, peopleAndGroups, wide } from '../test/support/connector.ts';
import { InProcess } from '../test/support/in-process.ts';

const people = (...lines: string[]) => ({ 'people.csv': csv('id,name,mail,manager', ...lines) });
const links = { 'groups.csv': csv('id,title', 'G1,All'), 'members.csv': csv('group,person', 'G1,E1', 'G1,E2') };
const right = ['E1,Ada,ada@x,', 'E2,Ben,ben@x,E1', 'E3,Cyd,cyd@x,E2'];
const wrong = ['E1,Ada,ADA@X,', 'E2,Ben,BEN@X,E1', 'E4,Dan,dan@x,E1'];

/** A revert from its comparison to its end, and what later syncs make of it. */
describe('a revert', () => {
  let local: InProcess;
  let name: string;
  let connector: number;
  let turn = 0;
  beforeAll(async () => {
    local = await InProcess.start();
  });
  afterAll(() => local.stop());
  beforeEach(async () => {
    turn += 1;
    name = `hr${String(turn)}`;
    connector = await local.put(peopleAndGroups({ name, thresholds: wide }));
    await local.place(name, { ...people(...right), ...links });
    await local.sync(name, 'complete');
  });

  const stored = async () => {
    const found = await rows<{ line: string }>(
      local.db,
      `select concat_ws(' ', t.name, r.id, r.key, r.attributes) as line from syncline.resource r
         join syncline.entity_type t on t.id = r.entity_type where t.connector = ?
       union all select concat_ws(' ', p.name, l.source, l.target) from syncline.link l
         join syncline.link_property p on p.id = l.property join syncline.entity_type t on t.id = p.entity_type
         where t.connector = ?
       union all select concat_ws(' ', name, stored) from syncline.entity_type where connector = ?
       order by 1`,
      [connector, connector, connector],
    );
    return found.map(({ line }) => line);
  };
  const watch = async (id: string) => (await viewSync(local.db, id))?.undoneWatch;
  /** The bad load, undone. */
  const undoBadLoad = async () => {
    await local.place(name, people(...wrong));
    const bad = await local.sync(name, 'complete');
    const undone = await local.revert(name, [bad.id]);
    return { bad, undone };
  };

  it('brings back what was stored, and says so in its sync and in the one that it undid', async () => {
    const before = await stored();
    const { bad, undone } = await undoBadLoad();
    expect(await stored()).toEqual(before);
    expect(undone).toMatchObject({
      status: 'completed',
      applied: true,
      counters: {
        [`${name}_Person`]: {
          stored: 3,
          inserted: 1,
          updated: 2,
          deleted: 1,
          links: { manager: { inserted: 1, deleted: 1 } },
        },
      },
    });
    expect(await viewSync(local.db, undone.id)).toMatchObject({
      reverts: [bad.id],
      then: 'hold',
      reason: 'wrong export',
      undoneWatch: 'open',
    });
    expect(await viewSync(local.db, bad.id)).toMatchObject({ revertedBy: undone.id, reverts: [], then: null });
    // what came back is not counted as deleted
    const deleted = await rows(
      local.db,
      `select applied_deletes as lines, undone_deletes as back, applied_link_deletes as links, undone_link_deletes as "linksBack"
       from syncline.sync where id = ?`,
      [bad.id],
    );
    expect(deleted).toEqual([{ lines: 1, back: 1, links: 1, linksBack: 1 }]);
  });

  it('of a revert gives the first state again, and ends its watch', async () => {
    await local.place(name, people(...wrong));
    const bad = await local.sync(name, 'complete');
    const loaded = await stored();
    const undone = await local.revert(name, [bad.id]);
    await local.revert(name, [undone.id]);
    expect(await stored()).toEqual(loaded);
    expect(await watch(undone.id)).toBe('reverted');
    expect(await viewSync(local.db, bad.id)).toMatchObject({ revertedBy: null });
    // the source says the same as what is stored
    expect(await local.sync(name, 'complete')).toMatchObject({ status: 'completed', changeCount: 0, holds: [] });
  });

  it('that changes nothing is not what undid a sync', async () => {
    const { bad, undone } = await undoBadLoad();
    const again = await local.revert(name, [bad.id]);
    expect(again).toMatchObject({ status: 'completed', applied: true, changeCount: 0 });
    expect(await viewSync(local.db, bad.id)).toMatchObject({ revertedBy: undone.id });
    // what the first revert undid is there again
    await local.revert(name, [undone.id]);
    expect(await viewSync(local.db, bad.id)).toMatchObject({ revertedBy: null });
  });

  it('holds every sync that would make it again, until one is resumed', async () => {
    const { undone } = await undoBadLoad();
    const first = await local.sync(name, 'complete', null, 'reject');
    expect(first).toMatchObject({
      status: 'rejected',
      holds: [
        {
          code: 'undone-again',
          message: expect.stringMatching(/^6 changes .* revert [0-9a-f-]{36} undid\.$/) as unknown,
          revert: { syncId: undone.id, reason: 'wrong export', changes: 6 },
        },
      ],
    });
    expect(first.holds[0]?.revert?.first).toHaveLength(6);
    expect(await local.sync(name, 'complete', null, 'reject')).toMatchObject({ status: 'rejected' });
    expect(await watch(undone.id)).toBe('open');
    expect(await local.sync(name, 'complete')).toMatchObject({ status: 'completed', applied: true });
    expect(await watch(undone.id)).toBe('resumed');
  });

  it('ends its watch where a sync that would make it again is resumed in part', async () => {
    const { undone } = await undoBadLoad();
    const rules: DraftRule[] = [{ decision: 'defer', filter: { entityType: `${name}_Person`, keys: [['E1']] } }];
    const part = await local.sync(name, 'complete', null, { rules, otherwise: 'apply' });
    expect(part).toMatchObject({ status: 'completed', applied: true });
    expect(await watch(undone.id)).toBe('resumed');
  });

  it('holds a sync for one such row, and lets a sync with none of them pass', async () => {
    const { undone } = await undoBadLoad();
    await local.place(name, people('E1,Ada,ADA@X,', 'E2,Ben,b@y,E1', 'E3,Cyd,cyd@x,E2'));
    const { holds } = await local.sync(name, 'complete', null, 'reject');
    expect(holds).toMatchObject([{ code: 'undone-again', revert: { changes: 1 } }]);
    await local.place(name, people('E1,Ada,a@y,', 'E2,Ben,b@y,E1', 'E3,Cyd,cyd@x,E2'));
    expect(await local.sync(name, 'complete')).toMatchObject({ status: 'completed', holds: [] });
    expect(await watch(undone.id)).toBe('gone');
    // the same change later is new
    await local.place(name, people('E1,Ada,ADA@X,', 'E2,Ben,b@y,E1', 'E3,Cyd,cyd@x,E2'));
    expect(await local.sync(name, 'complete')).toMatchObject({ status: 'completed', holds: [] });
  });

  it('keeps watching while the source has a row that cannot be read', async () => {
    const { undone } = await undoBadLoad();
    await local.place(name, people('E1,Ada,ada@x,', 'E2,Ben,ben@x,E1', 'E2,Other,ben@x,E1', 'E3,Cyd,cyd@x,E2'));
    expect(await local.sync(name, 'complete')).toMatchObject({ status: 'completed-with-errors', holds: [] });
    expect(await watch(undone.id)).toBe('open');
    await local.place(name, people(...right));
    await local.sync(name, 'complete');
    expect(await watch(undone.id)).toBe('gone');
  });

  it('holds nothing where that was not wanted, nor syncs limited to keys', async () => {
    await local.place(name, people(...wrong));
    const bad = await local.sync(name, 'complete');
    const undone = await local.revert(name, [bad.id], 'nothing');
    expect(await watch(undone.id)).toBeNull();
    expect(await local.sync(name, 'complete')).toMatchObject({ status: 'completed', holds: [] });
    await local.revert(name, [bad.id]);
    const item = await local.sync(name, 'complete', { keys: { [`${name}_Person`]: [['E1']] } });
    expect(item).toMatchObject({ status: 'completed', holds: [], changeCount: 1 });
  });

  it('of the newest syncs goes by those that changed something, and undoes their net', async () => {
    const before = await stored();
    await local.place(name, people(...wrong));
    const bad = await local.sync(name, 'complete');
    await local.place(name, people(...wrong, 'E5,Eve,eve@x,E4'));
    const more = await local.sync(name, 'complete');
    await local.sync(name, 'complete');
    const newest = await appliedSyncs(local.db, connector, { limit: 2 });
    expect(newest.map(({ id }) => id)).toEqual([more.id, bad.id]);
    expect(await appliedSyncs(local.db, connector, { after: bad.id, limit: 9 })).toMatchObject([{ id: more.id }]);
    await local.revert(name, [bad.id, more.id]);
    expect(await stored()).toEqual(before);
  });

  it('of a purge brings back what is retired, and of an older sync does not', async () => {
    const file = peopleAndGroups({ name, thresholds: wide });
    await local.place(name, { 'members.csv': csv('group,person', 'G1,E3') });
    const older = await local.sync(name, 'complete');
    const loaded = await stored();
    const shorter = { ...file, entityTypes: file.entityTypes.slice(0, 1) };
    await local.put(shorter);
    const purge = await local.purge(name);
    expect(await stored()).not.toEqual(loaded);
    await local.revert(name, [purge.id]);
    expect(await stored()).toEqual(loaded);
    const undone = await local.revert(name, [older.id]);
    expect(undone).toMatchObject({ status: 'completed', changeCount: 0 });
    const warned = await rows<{ code: string }>(
      local.db,
      'select distinct code from syncline.sync_error where sync = ?',
      [undone.no],
    );
    expect(warned).toEqual([{ code: 'revert-retired' }]);
  });

  it('refuses what it undid where that is wanted, and a refusal ends when the source says something else', async () => {
    const before = await stored();
    await local.place(name, people(...wrong));
    const bad = await local.sync(name, 'complete');
    const undone = await local.revert(name, [bad.id], 'refuse');
    expect(await watch(undone.id)).toBeNull();
    const refused = await rows(
      local.db,
      `select operation, key, reason, refused_by as by from syncline.refusal where connector = ? order by key`,
      [connector],
    );
    const by = { reason: 'wrong export', by: 'test' };
    expect(refused).toEqual([
      { operation: 'u', key: 'E1', ...by },
      { operation: 'u', key: 'E2', ...by },
      { operation: 'd', key: 'E3', ...by },
      { operation: 'i', key: 'E4', ...by },
    ]);
    expect(await local.sync(name, 'complete')).toMatchObject({ holds: [], changeCount: 0 });
    expect(await stored()).toEqual(before);
    await local.place(name, people('E1,Ada,a@y,', ...wrong.slice(1)));
    expect(await local.sync(name, 'complete')).toMatchObject({ holds: [], changeCount: 1 });
  });
});
