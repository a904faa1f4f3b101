import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowError, Sync } from '../../domain/sync.ts';
import { csv, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

/** People of one system, and groups of another one that names its members by their mail addresses. */
describe('a link by a value that newly matches nothing', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
    await stack.put(
      {
        ...file('names'),
        entityTypes: [
          {
            name: 'Name_Person',
            source: { connection: 'files', table: 'people.csv' },
            key: ['id'],
            properties: { id: { column: 'id' }, mail: { column: 'mail', caseInsensitive: true } },
          },
        ],
      },
      'names',
    );
    await stack.put(
      {
        ...file('groups', { delta: { directory: 'groups-delta', commandColumn: 'command' } }),
        entityTypes: [
          {
            name: 'Name_Group',
            source: { connection: 'files', table: 'groups.csv' },
            key: ['id'],
            properties: { id: { column: 'id' } },
            navigationProperties: {
              members: { to: 'Name_Person', by: 'mail', column: 'members', multiValued: true, separator: ';' },
              guests: {
                ...{ to: 'Name_Person', by: 'mail', multiValued: true },
                ...{ table: 'guests.csv', sourceColumn: 'group', targetColumn: 'mail' },
              },
            },
          },
        ],
      },
      'groups',
    );
  });
  afterAll(() => stack.stop());

  const file = (name: string, settings = {}) => ({
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name,
    thresholds: wide,
    connections: [{ name: 'files', package: 'csv', settings: { directory: name, ...settings } }],
  });
  const people = (...lines: string[]) => stack.place('names', { 'people.csv': csv('id,mail', ...lines) });
  const groups = (members: string[], guests = members) =>
    stack.place('groups', {
      'groups.csv': csv('id,members', `G1,${members.join(';')}`, 'G2,eve@x'),
      'guests.csv': csv('group,mail', 'G2,eve@x', ...guests.map((mail) => `G1,${mail}`)),
    });
  const linked = async (navigation: string) =>
    (
      await stack.get<{ items: { key: string[] }[] }>(`/v1/entity-types/Name_Group/resources/G1/links/${navigation}`)
    ).items.map((each) => each.key.join());
  const both = async () => [await linked('members'), await linked('guests')];
  const counted = ({ counters }: Sync) => counters['Name_Group']?.links;
  const dangling = async ({ id }: Sync) =>
    (await stack.all<RowError>(`/v1/syncs/${id}/errors`)).map(({ code, key }) => `${code} ${key?.join() ?? ''}`);
  const start = async () => {
    await people('E1,ann@x', 'E2,bob@x', 'E3,cyd@x', 'E4,eve@x');
    await stack.syncAndResume('names');
    await groups(['ann@x', 'bob@x', 'cyd@x']);
    await stack.place('groups-delta', {});
    await stack.syncAndResume('groups');
    expect(await both()).toEqual([
      ['E1', 'E2', 'E3'],
      ['E1', 'E2', 'E3'],
    ]);
  };

  it('keeps the links of its source once, and the next complete sync removes them if it still matches nothing', async () => {
    await start();
    // one has a new name that the people do not have yet, one has left the group
    await groups(['ann@x', 'rob@x']);
    const first = await stack.syncAndResume('groups');
    expect(first.status).toBe('completed-with-errors');
    expect(counted(first)).toMatchObject({
      members: { inserted: 0, deleted: 0, rejected: 1, kept: 2 },
      guests: { inserted: 0, deleted: 0, rejected: 1, kept: 2 },
    });
    expect(await dangling(first)).toEqual(['dangling-link G1', 'dangling-link G1']);
    const errors = await stack.all<RowError>(`/v1/syncs/${first.id}/errors`);
    expect(errors.map(({ value }) => value)).toEqual(['rob@x', 'rob@x']);
    expect(await both()).toEqual([
      ['E1', 'E2', 'E3'],
      ['E1', 'E2', 'E3'],
    ]);
    const log = await stack.all<{ message: string }>(`/v1/syncs/${first.id}/log`);
    expect(log.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^Kept 4 links/));

    // a dry run and one that a person rejects have not been applied, so the value stays a new one
    await groups(['ann@x', 'ada@x', 'ROB@x']);
    await stack.startSync('groups', { dryRun: true }).then(({ id }) => stack.settled(id));
    const again = await stack.syncAndResume('groups');
    expect(counted(again)).toMatchObject({ members: { deleted: 0, rejected: 2, kept: 2 }, guests: { kept: 2 } });
    // the name that has come meanwhile is the one of whom it was said; another one never comes
    await people('E1,ann@x', 'E2,rob@x', 'E3,cyd@x', 'E4,eve@x');
    await stack.syncAndResume('names');
    const last = await stack.syncAndResume('groups');
    expect(counted(last)).toMatchObject({
      members: { stored: 4, inserted: 0, deleted: 1, rejected: 1 },
      guests: { stored: 4, inserted: 0, deleted: 1, rejected: 1 },
    });
    expect(counted(last)?.['members']).not.toHaveProperty('kept');
    expect(await both()).toEqual([
      ['E1', 'E2'],
      ['E1', 'E2'],
    ]);
  });

  it('stays new after incremental syncs and syncs of some keys, and never keeps a link to what is deleted', async () => {
    await start();
    await stack.place('groups-delta', {
      'groups-1.csv': csv('command,id,members', 'update,G1,ann@x;rob@x;cyd@x'),
      'guests-1.csv': csv('command,group,mail', 'delete,G1,bob@x', 'insert,G1,rob@x'),
    });
    const delta = await stack.syncAndResume('groups', { mode: 'incremental' });
    expect(delta.mode).toBe('incremental');
    expect(counted(delta)).toMatchObject({ members: { deleted: 0, kept: 1 }, guests: { deleted: 0, kept: 1 } });
    await groups(['ann@x', 'rob@x', 'cyd@x']);
    const one = await stack.syncAndResume('groups', { scope: { keys: { Name_Group: [['G1']] } } });
    expect(counted(one)).toMatchObject({ members: { deleted: 0, kept: 1 } });
    const whole = await stack.syncAndResume('groups');
    expect(counted(whole)).toMatchObject({ members: { deleted: 0, kept: 1 }, guests: { deleted: 0, kept: 1 } });
    // its target is deleted: the link goes, whatever is kept
    await people('E1,ann@x', 'E3,cyd@x', 'E4,eve@x');
    await stack.syncAndResume('names');
    expect(await both()).toEqual([
      ['E1', 'E3'],
      ['E1', 'E3'],
    ]);
  });
});
