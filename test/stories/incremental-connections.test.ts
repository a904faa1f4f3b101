import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, onePerson, wide } from '../support/connector.ts';
import { Jobs } from '../support/jobs.ts';
import { Stack } from '../support/stack.ts';

/** People and groups come with delta files; units, sites and memberships do not. Both sources have a groups.csv. */
const mixed = {
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'mix',
  thresholds: wide,
  connections: [
    {
      name: 'hr',
      package: 'csv',
      settings: { directory: 'mix-hr', delta: { directory: 'mix-delta', commandColumn: 'cmd' } },
    },
    { name: 'ad', package: 'csv', settings: { directory: 'mix-ad' } },
  ],
  entityTypes: [
    {
      name: 'mix_Person',
      source: { connection: 'hr', table: 'people.csv' },
      key: ['id'],
      properties: { id: { column: 'id' }, name: { column: 'name' } },
      navigationProperties: {
        unit: { to: 'mix_Unit', column: 'unit' },
        groups: {
          to: 'mix_Group',
          connection: 'ad',
          table: 'memberships.csv',
          sourceColumn: 'person',
          targetColumn: 'group',
        },
      },
    },
    {
      name: 'mix_Group',
      source: { connection: 'hr', table: 'groups.csv' },
      key: ['id'],
      properties: { id: { column: 'id' } },
    },
    {
      name: 'mix_Unit',
      source: { connection: 'ad', table: 'groups.csv' },
      key: ['id'],
      properties: { id: { column: 'id' }, title: { column: 'title' } },
      navigationProperties: { boss: { to: 'mix_Person', column: 'boss' } },
    },
    {
      name: 'mix_Site',
      source: { connection: 'ad', table: 'sites.csv' },
      key: ['id'],
      properties: { id: { column: 'id' } },
      navigationProperties: {
        people: {
          to: 'mix_Person',
          connection: 'hr',
          table: 'site-people.csv',
          sourceColumn: 'site',
          targetColumn: 'person',
        },
      },
    },
  ],
};

interface Resource {
  attributes: Record<string, string>;
  links: Record<string, { items: { key: string[] }[] }>;
}

describe('an incremental sync of a connector of which one connection cannot tell changes', () => {
  let stack: Stack;
  let jobs: Jobs;
  let sync: Sync;

  const keys = async (type: string) =>
    (await stack.all<{ key: string[] }>(`/v1/entity-types/${type}/resources`)).map(({ key }) => key.join()).sort();
  const linked = async (type: string, key: string, property: string) =>
    (await stack.get<Resource>(`/v1/entity-types/${type}/resources/${key}`)).links[property]?.items
      .map((item) => item.key.join())
      .sort();
  /** Runs the job over incremental syncs. */
  async function run(): Promise<Sync> {
    const { results } = await jobs.run('deltas');
    expect(results).toMatchObject([
      { connector: 'mix', status: 'completed' },
      // a connector of which no connection can is left out as a whole
      { connector: 'plain', status: 'skipped', syncId: null, reason: 'no-incremental-mode' },
    ]);
    return stack.get<Sync>(`/v1/syncs/${results[0]?.syncId ?? ''}`);
  }

  beforeAll(async () => {
    stack = await Stack.start();
    jobs = new Jobs(stack);
    await stack.place('mix-hr', {
      'people.csv': csv('id,name,unit', 'P1,Ann,U1', 'P2,Ben,U2'),
      'groups.csv': csv('id', 'G1'),
      'site-people.csv': csv('site,person', 'S1,P1'),
    });
    await stack.place('mix-ad', {
      'groups.csv': csv('id,title,boss', 'U1,One,P1', 'U2,Two,P2'),
      'sites.csv': csv('id', 'S1'),
      'memberships.csv': csv('person,group', 'P1,G1', 'P2,G1'),
    });
    await stack.place('mix-delta', {});
    await stack.put(mixed, 'mix');
    await stack.place('plain', { 'people.csv': csv('id,name,mail', 'E1,N,m@x') });
    await stack.put(onePerson({ name: 'plain', thresholds: wide }), 'plain');
    await stack.syncAndResume('mix');
    await stack.syncAndResume('plain');
    await jobs.put('deltas', { mode: 'incremental', connectors: ['mix', 'plain'] });

    // what the connection without changes has by now, only a complete sync is to see
    await stack.place('mix-ad', {
      'groups.csv': csv('id,title,boss', 'U1,Uno,P2'),
      'sites.csv': csv('id', 'S2'),
      'memberships.csv': csv('person,group'),
    });
    await stack.place('mix-delta', {
      'people-1.csv': csv('cmd,id,name,unit', 'delete,P1,,', 'insert,P3,Cy,U2'),
      'site-people-1.csv': csv('cmd,site,person', 'insert,S1,P2'),
    });
    sync = await run();
  });
  afterAll(() => stack.stop());

  it('takes the changes of the others, and says what it left out and why', () => {
    expect(sync).toMatchObject({
      mode: 'incremental',
      requestedMode: 'incremental',
      applied: true,
      deletesWithheld: 0,
    });
    expect(sync.counters['mix_Person']).toMatchObject({ inserted: 1, deleted: 1, read: 2 });
    expect(sync.completeness['people.csv']).toMatchObject({ certified: true });
    // two connections have a table of this name
    expect(sync.completeness['hr/groups.csv']).toMatchObject({ certified: true });
    for (const table of ['ad/groups.csv', 'sites.csv', 'memberships.csv']) {
      expect(sync.completeness[table]).toMatchObject({ certified: false, skipped: true });
      expect(sync.completeness[table]?.reason).toContain('the connection ad cannot report changes');
    }
  });

  it('leaves the rows and links of that connection as they are', async () => {
    expect(await keys('mix_Unit')).toEqual(['U1', 'U2']);
    expect(await keys('mix_Site')).toEqual(['S1']);
    expect(await linked('mix_Person', 'P2', 'groups')).toEqual(['G1']);
    expect(await linked('mix_Unit', 'U2', 'boss')).toEqual(['P2']);
    const unit = await stack.get<Resource>('/v1/entity-types/mix_Unit/resources/U1');
    expect(unit.attributes['title']).toBe('One');
    expect(sync.holds).toEqual([]);
  });

  it('links what it read to resources that it did not read, and takes links that go with a resource', async () => {
    expect(await keys('mix_Person')).toEqual(['P2', 'P3']);
    expect(await linked('mix_Person', 'P3', 'unit')).toEqual(['U2']);
    expect(await linked('mix_Unit', 'U1', 'boss')).toEqual([]);
    // a link table that can tell changes, of an entity type that cannot
    expect(await linked('mix_Site', 'S1', 'people')).toEqual(['P2']);
    expect(sync.counters['mix_Unit']).toMatchObject({ updated: 0, deleted: 0, links: { boss: { deleted: 1 } } });
    expect(sync.counters['mix_Person']?.links['groups']).toMatchObject({ deleted: 1 });
    expect(sync.counters['mix_Site']?.links['people']).toMatchObject({ inserted: 1, deleted: 1 });
  });

  it('counts nothing of what it left out, and is not the last sync of it', async () => {
    await stack.place('mix-delta', { 'people-2.csv': csv('cmd,id,name', 'update,P3,Cyril') });
    const next = await run();
    expect(next.counters['mix_Person']).toMatchObject({ updated: 1, read: 1 });
    expect(Object.keys(next.counters)).not.toContain('mix_Unit');
    expect(Object.keys(next.counters['mix_Person']?.links ?? {})).toEqual(['unit']);
    const [status] = (
      await stack.get<{ items: { entityTypes: { entityType: string; lastSync: { syncId: string } | null }[] }[] }>(
        '/v1/sync-status?connector=mix',
      )
    ).items;
    const lastOf = (type: string) =>
      status?.entityTypes.find(({ entityType }) => entityType === type)?.lastSync?.syncId;
    expect(lastOf('mix_Person')).toBe(next.id);
    expect(lastOf('mix_Unit')).not.toBe(next.id);
  });

  it('is refused where it would read nothing, and a complete sync sees all', async () => {
    const scope = { entityTypes: ['mix_Unit'] };
    const refused = await stack.call('POST', '/v1/connectors/mix/syncs', { mode: 'incremental', scope });
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid', errors: [{ pointer: '/mode' }] } });
    await stack.place('mix-hr', {
      'people.csv': csv('id,name,unit', 'P2,Ben,U1', 'P3,Cyril,U1'),
      'site-people.csv': csv('site,person', 'S2,P2'),
    });
    const complete = await stack.syncAndResume('mix');
    expect(complete).toMatchObject({ mode: 'complete', applied: true });
    expect(complete.completeness['ad/groups.csv']).toEqual({ certified: true, mode: 'complete' });
    expect(await keys('mix_Unit')).toEqual(['U1']);
    expect(await keys('mix_Site')).toEqual(['S2']);
    expect(await linked('mix_Person', 'P2', 'groups')).toEqual([]);
  });
});
