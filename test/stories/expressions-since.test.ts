import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sync } from '../../domain/sync.ts';
import { csv, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

/** The room is a column that only the expression asks for. */
const people = (...rows: string[]) => ({ 'people.csv': csv('id,name,mail,room,manager', ...rows) });

describe('update-expressions after other syncs have read', () => {
  const name = 'calc';
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
    await define("row.name + ' ' + row.mail");
    await stack.place(name, {
      ...people('E1,Ada,a@x,r1,', 'E2,Ben,b@x,r2,', 'E3,Cyd,c@x,r3,', 'E4,Dan,d@x,r4,'),
      'groups.csv': csv('id,title', 'G1,All'),
      'members.csv': csv('group,person', 'G1,E1'),
    });
    await stack.place(`${name}-delta`, {});
    await stack.syncAndResume(name);
  });
  afterAll(() => stack.stop());

  const define = async (expression: string) => {
    const settings = { delta: { directory: `${name}-delta`, commandColumn: 'command' } };
    await stack.put(peopleAndGroups({ name, thresholds: wide, settings, properties: { shown: { expression } } }), name);
  };
  const update = (scope?: object): Promise<Sync> =>
    stack.syncAndResume(name, { tasks: ['update-expressions'], ...(scope ? { scope } : {}) });
  const warnings = async (id: string) =>
    (await stack.all<{ level: string; message: string }>(`/v1/syncs/${id}/log`))
      .filter(({ level }) => level === 'warn')
      .map(({ message }) => message);
  const shown = async () =>
    Object.fromEntries(
      (
        await stack.all<{ key: string[]; attributes: Record<string, unknown> }>(
          `/v1/entity-types/${name}_Person/resources`,
        )
      ).map(({ key, attributes }) => [key[0] ?? '', attributes['shown']]),
    );

  it('erases nothing that delta files lacked, leaves what they named as it is, and says so', async () => {
    await stack.place(`${name}-delta`, {
      'people-1.csv': csv('command,id,name', 'update,E1,Adele'),
      // no property shows this column
      'people-2.csv': csv('command,id,room', 'update,E2,r99'),
    });
    const before = await shown();
    await stack.syncAndResume(name, { mode: 'incremental' });
    expect(await shown()).toEqual(before);
    const same = await update();
    expect(same).toMatchObject({ applied: true, overtaken: 2, counters: { [`${name}_Person`]: { updated: 0 } } });
    expect(await shown()).toEqual(before);

    await define("row.name + ' in ' + row.room");
    const sync = await update();
    expect(sync).toMatchObject({
      status: 'completed-with-errors',
      overtaken: 2,
      counters: { [`${name}_Person`]: { updated: 2 } },
    });
    expect(await shown()).toEqual({ ...before, E3: 'Cyd in r3', E4: 'Dan in r4' });
    expect(await warnings(sync.id)).toContainEqual(expect.stringContaining('Left 2 resources unchanged'));
  });

  it('never evaluates an export that only a limited sync has compared', async () => {
    await stack.place(name, people('E1,Ada,a@x,r1,', 'E2,Other,b@x,r2,', 'E3,Cyd,new@x,r3,', 'E4,Other,d@x,other,'));
    await stack.syncAndResume(name, { scope: { keys: { [`${name}_Person`]: [['E3']] } } });
    await stack.syncAndResume(name, { scope: { entityTypes: [`${name}_Group`] } });
    const before = await shown();
    await define("row.room + ': ' + row.name");
    expect(await update({ keys: { [`${name}_Person`]: [['E1']] } })).toMatchObject({
      overtaken: 1,
      counters: { [`${name}_Person`]: { updated: 0 } },
    });
    expect(await update()).toMatchObject({ overtaken: 3, counters: { [`${name}_Person`]: { updated: 1 } } });
    expect(await shown()).toEqual({ ...before, E4: 'r4: Dan' });
  });

  it('evaluates everything again after a complete sync of the whole connector', async () => {
    await stack.syncAndResume(name);
    await define('row.room');
    expect(await update()).toMatchObject({ status: 'completed', overtaken: 0 });
    expect(await shown()).toEqual({ E1: 'r1', E2: 'r2', E3: 'r3', E4: 'other' });
  });
});
