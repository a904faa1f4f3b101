import pg from 'pg';
import { afterEach, expect, inject, it } from 'vitest';
import { PlanCollector } from '../bench/plans/collect.ts';
import { workOf } from '../bench/plans/plan.ts';
import { csv, peopleAndGroups } from '../test/support/connector.ts';
import { InProcess } from '../test/support/in-process.ts';
import { labelsOf } from './changes/labels.ts';
import { pageOfChanges } from './changes/pages.ts';
import { sampleOfChanges } from './changes/sample.ts';
import type { Cause } from '../domain/sync.ts';
import { row, rows } from './database.ts';
import { draftGroups } from './summary/draft-counts.ts';
import { readSummary } from './summary/read-summary.ts';
import type { SyncRow } from './syncs.ts';

/**
 * Change sets whose rows the planner knows nothing of, at a size at which a plan that goes through them again for each of them
 * shows. It shows in the number of rows that the plan handles, not in the time.
 */
const people = 2000;
/** Plans that join the change set with hashes and sorts handle less than half of this. */
const mostWork = 60 * people;

const parts = ['syncline.change_shared_0', 'syncline.link_change_shared_0'];

interface World {
  local: InProcess;
  collector: PlanCollector;
}

let stop: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const each of stop.toReversed()) await each();
  stop = [];
});

async function start(): Promise<World> {
  const local = await InProcess.start();
  stop.push(() => local.stop());
  const collector = await PlanCollector.start({
    adminUrl: inject('databaseAdminUrl'),
    database: new URL(local.url).pathname.slice(1),
    logFile: inject('databaseLog'),
    timing: false,
  });
  const { entityTypes, ...connector } = peopleAndGroups({ properties: { site: { column: 'site' } } });
  const managed = { rule: `resource.site == 'A'` };
  await local.put({
    ...connector,
    entityTypes: entityTypes.map((type, i) => (i === 0 ? { ...type, managed } : type)),
  } as { name: string });
  await place(local, ['E0,Zed,,,A'], ['G0,E0']);
  await local.sync('hr', 'complete');
  for (const part of parts)
    await local.db.raw(`alter table ${part} set (autovacuum_enabled = false); truncate ${part}`);
  return { local, collector };
}

const place = (local: InProcess, persons: string[], members: string[]) =>
  local.place('hr', {
    'people.csv': csv('id,name,mail,manager,site', ...persons),
    'groups.csv': csv('id,title', ...Array.from({ length: 30 }, (_, i) => `G${String(i)},Title`)),
    'members.csv': csv('group,person', ...members),
  });

const all = Array.from({ length: people }, (_, i) => i + 1);
const managerOf = (i: number) => (i > 10 ? `E${String(1 + (i % 10))}` : '');

const loaded = all.map((i) => `E${String(i)},Name ${String(i)},,${managerOf(i)},${i % 3 === 0 ? 'A' : 'B'}`);
const members = all.map((i) => `G${String(i % 30)},E${String(i)}`);

/** A half has other values and another manager, a quarter another key. */
const idOf = (i: number) => `${i > 0.75 * people ? 'F' : 'E'}${String(i)}`;
const changed = all.map((i) =>
  i <= people / 2
    ? `E${String(i)},New ${String(i)},,${managerOf(i + 1)},${i % 3 === 0 ? 'B' : 'A'}`
    : `${idOf(i)},Name ${String(i)},,${managerOf(i)},${i % 3 === 0 ? 'A' : 'B'}`,
);
const changedMembers = all.map((i) => `G${String(i % 30)},${idOf(i)}`);

const draft = {
  rules: [
    {
      decision: 'refuse',
      filter: { entityType: 'hr_Person', keys: all.filter((i) => i % 10 === 0).map((i) => [`E${String(i)}`]) },
    },
    { decision: 'defer', filter: { entityType: 'hr_Person', operation: 'update', property: 'site' } },
    { decision: 'defer', filter: { entityType: 'hr_Group', operation: 'insert' } },
    {
      decision: 'apply',
      filter: { entityType: 'hr_Person', keys: all.filter((i) => i % 4 === 0).map((i) => [`E${String(i)}`]) },
    },
  ],
  otherwise: 'apply',
} as const;

async function causesOf({ db }: InProcess, { no }: SyncRow): Promise<Cause[]> {
  return (await row<{ causes: Cause[] }>(db, 'select causes from syncline.sync where no = ?', [no]))?.causes ?? [];
}

/** What people look at. */
async function lookAt(local: InProcess, sync: SyncRow): Promise<void> {
  const { db } = local;
  const { groups } = await readSummary(db, sync.no);
  for (const { no } of await rows<{ no: number }>(db, 'select no from syncline.draft where sync = ?', [sync.no]))
    await draftGroups(db, sync.no, no, groups);
  const filters = [
    ...(await causesOf(local, sync)).map(({ id }) => ({ cause: id })),
    ...groups.slice(0, 5).map(({ id }) => ({ group: id })),
  ];
  for (const filter of filters) {
    const { found } = await pageOfChanges(db, sync, filter, {}, 500);
    await labelsOf(
      db,
      sync,
      found.flatMap(({ own, target }) => (target ? [own, target] : [own])),
    );
    await sampleOfChanges(db, sync, filter, 100);
  }
}

/** Goes through all that reads the changes of a sync. @returns the statements that handled too many rows */
async function goThrough({ local, collector }: World): Promise<string[]> {
  const tooMuch: string[] = [];
  const step = async (name: string, run: () => Promise<SyncRow>) => {
    const sync = await run();
    expect(sync.status, name).toBe('completed');
    await lookAt(local, sync);
    for (const { sql, plan } of await collector.take())
      if (workOf(plan) > mostWork) tooMuch.push(`${name}: ${String(workOf(plan))} rows: ${sql.slice(0, 2000)}`);
    return sync;
  };
  await collector.take();
  await place(local, loaded, members);
  await step('load', () => local.sync('hr', 'complete'));
  await place(local, changed, changedMembers);
  const inPart = await step('in part', () => local.sync('hr', 'complete', null, draft));
  expect(inPart.fates).toMatchObject({ refused: expect.any(Number) as number, deferred: expect.any(Number) as number });
  const suppressing = await step('suppressing', () => local.sync('hr', 'complete'));
  expect(suppressing.fates.suppressed).toBeGreaterThan(0);
  await step('revert', () => local.revert('hr', [inPart.id]));
  const again = await step('undone again', () => local.sync('hr', 'complete'));
  expect(again.holds.map(({ code }) => code)).toContain('undone-again');
  expect((await causesOf(local, again)).map(({ code }) => code)).toContain('restored');
  await place(local, loaded, members);
  await step('back', () => local.sync('hr', 'complete'));
  return tooMuch;
}

/** Nobody else makes statistics of the shared partitions until the end. */
async function holdStatistics({ local }: World): Promise<void> {
  const client = new pg.Client({ connectionString: local.url });
  await client.connect();
  stop.push(() => client.end());
  await client.query(`begin; lock table ${parts.join(', ')} in share update exclusive mode`);
}

it(
  'goes through no change set again for each of its rows, where statistics say that it is empty',
  { timeout: 300_000 },
  async () => {
    const world = await start();
    for (const part of parts) await world.local.db.raw(`analyze ${part}`);
    await holdStatistics(world);
    expect(await goThrough(world)).toEqual([]);
  },
);

it('nor where statistics know only other syncs', { timeout: 300_000 }, async () => {
  const world = await start();
  const { db } = world.local;
  await db.raw(`insert into syncline.change (part, sync, entity_type, operation, resource, key)
    select -1, 900, 1, 'd', n, n from generate_series(1, 20000) n`);
  await db.raw(`insert into syncline.link_change (part, sync, property, operation, source, target, source_key, target_key)
    select -1, 900, 1, 'd', n, n, n, n from generate_series(1, 20000) n`);
  for (const part of parts) await db.raw(`analyze ${part}`);
  await holdStatistics(world);
  expect(await goThrough(world)).toEqual([]);
});

it('a sync that shares its partition makes statistics of it', { timeout: 120_000 }, async () => {
  const { local } = await start();
  await place(local, loaded, members);
  const { no } = await local.sync('hr', 'complete');
  for (const part of ['change_shared_0', 'link_change_shared_0']) {
    const known = await row<{ values: string }>(
      local.db,
      `select most_common_vals::text as values from pg_stats where schemaname = 'syncline' and tablename = ? and attname = 'sync'`,
      [part],
    );
    expect(known?.values).toContain(String(no));
  }
});
