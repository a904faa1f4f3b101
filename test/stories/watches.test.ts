import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ThresholdVerdict } from '../../domain/sync.ts';
import { pageOfChanges } from '../../repository/changes/pages.ts';
import { row } from '../../repository/database.ts';
import type { SyncRow } from '../../repository/syncs.ts';
import { csv, wide } from '../support/connector.ts';
import { InProcess } from '../support/in-process.ts';

/** What watches count, change set by change set, in Postgres. */
describe('watches', () => {
  let world: InProcess;
  beforeAll(async () => {
    world = await InProcess.start();
    await world.put(team);
    await world.put(staff);
  });
  afterAll(() => world.stop());

  /** Teams belong to another connector than the people that link to them. */
  const team = {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'teams',
    thresholds: wide,
    connections: [{ name: 'files', package: 'csv', settings: { directory: 'teams' } }],
    entityTypes: [
      {
        name: 'Team',
        source: { connection: 'files', table: 'teams.csv' },
        key: ['id'],
        properties: { id: { column: 'id', caseInsensitive: true }, name: { column: 'name' } },
      },
    ],
  };
  const limit = { maximumLines: 0 };
  const staff = {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name: 'staff',
    thresholds: wide,
    connections: [{ name: 'files', package: 'csv', settings: { directory: 'staff' } }],
    entityTypes: [
      {
        name: 'Person',
        source: { connection: 'files', table: 'people.csv' },
        key: ['id'],
        properties: {
          id: { column: 'id' },
          status: { column: 'status' },
          locked: { column: 'locked', type: 'boolean', format: 'yes|no' },
          roles: { column: 'roles', multiValued: true, separator: ';' },
        },
        watch: [
          { property: 'status', to: ['off', 'gone'], ...limit },
          { property: 'status', to: ['off'], from: ['on'], ...limit },
          // as the source writes it: stored as true
          { property: 'locked', to: ['yes'], maxPercentageLines: 20 },
          { property: 'roles', to: ['root', 'admin'], ...limit },
          { property: 'roles', to: ['root'], from: ['admin'], ...limit },
        ],
        navigationProperties: {
          team: {
            to: 'Team',
            column: 'team',
            watch: [
              { to: ['ADMINS'], ...limit },
              { to: ['sales', 'ops'], ...limit },
            ],
          },
        },
      },
    ],
  };
  const ten = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'].map((id) => [id, 'on', 'no', 'user', 'dev']);
  type Change = Partial<Record<'status' | 'locked' | 'roles' | 'team', string>>;

  /** A sync that gives people other values, and others back what they began with. @returns the counts of the watches */
  async function counts(changed: Record<string, Change | null>): Promise<number[]> {
    const rows = ten.flatMap(([id = '', ...usual]) => {
      const change = changed[id];
      if (change === null) return [];
      return [
        [
          id,
          change?.status ?? usual[0],
          change?.locked ?? usual[1],
          change?.roles ?? usual[2],
          change?.team ?? usual[3],
        ],
      ];
    });
    const more = Object.entries(changed).flatMap(([id, change]) =>
      Number(id) > 10 && change ? [[id, change.status, change.locked, change.roles, change.team]] : [],
    );
    await world.place('staff', {
      'people.csv': csv('id,status,locked,roles,team', ...[...rows, ...more].map((each) => each.join(','))),
    });
    const sync = await world.sync('staff', 'complete');
    await expectListed(sync);
    return countsOf(sync);
  }
  /** Each hold of a watch lists exactly as many changes as the watch has counted. */
  async function expectListed({ no, holds, applied, status }: SyncRow): Promise<void> {
    const watched = (await watchesOf({ no })).filter(({ exceeded }) => exceeded);
    const listed: number[] = [];
    for (const [place, { code }] of holds.entries())
      if (code === 'watched-transition')
        listed.push((await pageOfChanges(world.db, { no, applied, status }, { hold: place }, {}, 1)).total ?? -1);
    expect(listed).toEqual(watched.map(({ actual }) => actual));
  }
  const watchesOf = async (sync: Pick<SyncRow, 'no'>): Promise<ThresholdVerdict[]> => {
    const found = await row<{ thresholds: ThresholdVerdict[] }>(
      world.db,
      'select thresholds from syncline.sync where no = ?',
      [sync.no],
    );
    return found?.thresholds.filter(({ name }) => name === 'watch') ?? [];
  };
  const countsOf = async (sync: SyncRow) => (await watchesOf(sync)).map(({ actual }) => actual);

  it('count nothing in the first sync of an entity type', async () => {
    await world.place('teams', {
      'teams.csv': csv('id,name', ...['admins', 'sales', 'ops', 'dev'].map((id) => `${id},${id}`)),
    });
    await world.sync('teams', 'complete');
    expect(await counts({ 11: { status: 'off', locked: 'yes', roles: 'root', team: 'admins' } })).toEqual([]);
  });

  it('count updates to a watched value from another one, and inserts with one; with from, only from those', async () => {
    // 11 goes, and its link with it
    const some = { 1: { status: 'off' }, 2: { status: 'gone' }, 3: { status: 'away' } };
    expect(await counts(some)).toEqual([2, 1, 0, 0, 0, 1, 0]);
    // from one watched value to another is nothing new, and neither is a value that goes
    expect(await counts({ 1: { status: 'gone' }, 2: { status: 'off' }, 3: { status: 'off' } })).toEqual([
      1, 0, 0, 0, 0, 0, 0,
    ]);
    expect(await counts({ 12: { status: 'off', locked: '', roles: '', team: '' } })).toEqual([1, 0, 0, 0, 0, 0, 0]);
  });

  it('take values as the source writes them, and percentages of what is stored', async () => {
    expect(await counts({ 1: { locked: 'yes' }, 2: { locked: 'YES' } })).toEqual([0, 0, 2, 0, 0, 0, 0]);
    const sync = await world.sync('staff', 'complete', { entityTypes: ['Person'] });
    expect((await watchesOf(sync))[2]).toMatchObject({ stored: 10, limit: 20, limitLines: 2, exceeded: false });
  });

  it('count a value of a multi-valued property that comes, once for each resource', async () => {
    await counts({});
    expect(await counts({ 1: { roles: 'user;admin;root' }, 2: { roles: 'admin' }, 3: { roles: 'guest' } })).toEqual([
      0, 0, 0, 2, 0, 0, 0,
    ]);
    expect(await counts({ 1: { roles: 'root;admin' }, 2: { roles: 'root' } })).toEqual([0, 0, 0, 1, 1, 0, 0]);
  });

  it('count links that come, go and move at a watched target, a move once', async () => {
    await counts({});
    expect(await counts({ 1: { team: 'admins' }, 2: { team: 'sales' } })).toEqual([0, 0, 0, 0, 0, 1, 1]);
    expect(await counts({ 1: { team: '' }, 2: { team: 'ops' } })).toEqual([0, 0, 0, 0, 0, 1, 1]);
    expect(await counts({ 1: { team: 'Admins' }, 2: { team: 'admins' } })).toEqual([0, 0, 0, 0, 0, 2, 1]);
    // a person with a watched link goes
    expect(await counts({ 1: null, 2: { team: 'admins' } })).toEqual([0, 0, 0, 0, 0, 1, 0]);
  });

  it('hold the sync of another connector that takes watched links along', async () => {
    await counts({ 1: { team: 'admins' }, 2: { team: 'sales' } });
    await world.place('teams', { 'teams.csv': csv('id,name', 'dev,dev', 'ops,ops', 'sales,sales') });
    const sync = await world.sync('teams', 'complete', null, 'reject');
    expect(sync.holds).toEqual([
      { code: 'watched-transition', scope: 'Person.team', message: 'Watch Exceeded: 1 link, limit 0 (Person.team)' },
    ]);
    expect(await countsOf(sync)).toEqual([0, 0, 0, 0, 0, 1, 0]);
  });
});
