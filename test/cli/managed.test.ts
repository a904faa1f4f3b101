import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.ts';
import { csv, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

describe('./syncline, for managed resources, items and users', { timeout: 240_000 }, () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
    const file = peopleAndGroups({ thresholds: wide });
    const [person, group] = file.entityTypes;
    const types = [
      { ...person, users: true },
      { ...group, label: 'title', managed: { by: 'hand' } },
    ];
    await stack.put({ ...file, entityTypes: types }, 'hr');
    await place('Ada', 'All');
    await stack.syncAndResume('hr');
  });
  afterAll(() => stack.stop());

  const place = (person: string, group: string) =>
    stack.place('hr', {
      'people.csv': csv('id,name,mail,manager', `E1,${person},a@x,`),
      'groups.csv': csv('id,title', `G1,${group}`, `G2,${group} 2`),
      'members.csv': csv('group,person', 'G1,E1'),
    });
  const run = (...args: string[]) => runCommand([...args, '--url', stack.api]);
  const json = async <Body>(...args: string[]) => JSON.parse((await run(...args, '--json')).out) as Body;

  it('chooses what is managed, lists it, and limits a sync to it', async () => {
    expect(await run('managed', 'hr_Group', 'G1', 'on')).toMatchObject({
      code: 0,
      out: expect.stringContaining('G1 (All): managed, chosen by user:local') as string,
    });
    expect(await json('managed', 'hr_Group', 'G1', 'on')).toMatchObject({ managed: true });
    expect((await run('managed', 'hr_Group', 'G1')).code).toBe(2);
    expect((await run('managed', 'hr_Person', 'E1', 'on')).err).toContain('managed: { by: hand }');
    expect((await run('resources', 'hr_Group', '--unmanaged')).out).not.toContain('G1');
    expect((await run('resources', 'hr_Group', 'G2')).out).toContain('(unmanaged)');
    await place('Ada', 'Every');
    expect((await run('sync', 'hr', '--managed-only', '--watch')).out).toContain('hr_Group: 0 inserted, 1 updated');
  });

  it('synchronises an item, the inventory and users, and waits for what comes of it', async () => {
    await place('Adele', 'Each');
    const item = await run('sync-item', 'hr_Group', 'G2');
    expect(item).toMatchObject({ code: 0, out: expect.stringContaining('hr_Group: 0 inserted, 1 updated') as string });
    const nowhere = await run('sync-item', 'hr_Group', 'G4711');
    expect(nowhere).toMatchObject({ code: 0, out: expect.stringContaining('completed') as string });
    expect(nowhere.err).toContain('hr_Group G4711 is neither in the source nor stored');
    expect((await run('sync-item', 'hr_Group', '--json')).err).toContain('{"code":"usage","message":"missing');
    expect(await json('sync-item', 'hr_Person', 'E1')).toMatchObject({
      status: 'completed',
      counters: { hr_Person: { updated: 0 } },
    });
    expect((await run('inventory')).out).toMatch(/hr, complete sync[^]*hr_Group: 0 inserted, 1 updated/);
    expect(await json('sync-users', 'hr')).toMatchObject({
      items: [{ connector: 'hr', status: 'completed', sync: { counters: { hr_Person: { updated: 1 } } } }],
    });
    await stack.place('hr', { 'groups.csv': csv('id,title') });
    expect((await run('inventory', 'hr')).code).toBe(3);
    const skipped = await run('inventory', 'hr');
    expect(skipped).toMatchObject({ code: 1, out: expect.stringContaining('hr: not started. The sync') as string });
  });
});
