import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sync, Task } from '../../domain/sync.ts';
import { csv, onePerson, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

const people = (count: number, name: (n: number) => string) =>
  csv('id,name,mail', ...Array.from({ length: count }, (_, n) => `${String(n)},${name(n)},m@x`));

describe('syncs that overlap', () => {
  let stack: Stack;
  let n = 0;
  let name = '';
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack.stop());
  beforeEach(() => {
    name = `o${String(++n)}`;
  });

  const nameOf = async (key: string) =>
    (await stack.get<{ attributes: Record<string, string> }>(`/v1/entity-types/${name}_Person/resources/${key}`))
      .attributes['name'];
  const item = (key: string) => stack.sync(name, { scope: { keys: { [`${name}_Person`]: [[key]] } } });
  const tasks = (...some: Task[]) => stack.sync(name, { tasks: some });

  it('compare again where one wrote while the other was held, though the files are the same', async () => {
    const narrow = { ...wide, maximumUpdatedLines: 10 };
    await stack.put(onePerson({ name, thresholds: narrow }), name);
    const before = people(60, () => 'a');
    const after = people(60, (i) => (i >= 30 ? 'b' : 'a'));
    await stack.place(name, { 'people.csv': before });
    await stack.syncAndResume(name);
    await stack.place(name, { 'people.csv': after });
    const held = await stack.sync(name);
    expect(held.status).toBe('held');
    await stack.place(name, { 'people.csv': after.replace('5,a,', '5,X,') });
    expect((await item('5')).status).toBe('completed');
    await stack.place(name, { 'people.csv': after });
    expect(await stack.decide(held, 'resume')).toMatchObject({ status: 'completed', overtaken: 0 });
    expect(await nameOf('5')).toBe('X');
    expect(await stack.sync(name)).toMatchObject({ counters: { [`${name}_Person`]: { updated: 1 } } });
    expect(await nameOf('5')).toBe('a');
  });

  it('compare again after a rejection, though the files are those that were applied', async () => {
    await stack.put(onePerson({ name, thresholds: { ...wide, maximumUpdatedLines: 10 } }), name);
    await stack.place(name, { 'people.csv': people(40, () => 'a') });
    await stack.syncAndResume(name);
    await stack.place(name, { 'people.csv': people(40, () => 'b') });
    await stack.decide(await stack.sync(name), 'reject');
    await stack.place(name, { 'people.csv': people(40, () => 'a') });
    const again = await stack.sync(name);
    // read and compared, not passed over
    expect(again).toMatchObject({ status: 'completed', counters: { [`${name}_Person`]: { read: 40, unchanged: 40 } } });
  });

  it('leave alone what a later one has read, though they are the last to write', async () => {
    await stack.put(onePerson({ name, thresholds: wide }), name);
    await stack.place(name, { 'people.csv': people(50, () => 'old') });
    await stack.syncAndResume(name);
    await stack.place(name, { 'people.csv': people(50, (i) => (i === 9 ? 'mine' : 'old')) });
    for (const task of ['export', 'prepare'] as const) expect((await tasks(task)).status).toBe('completed');
    await stack.place(name, { 'people.csv': people(51, (i) => (i < 3 ? 'new' : 'old')) });
    expect(await stack.sync(name)).toMatchObject({ counters: { [`${name}_Person`]: { inserted: 1, updated: 3 } } });
    const late = await tasks('synchronize');
    expect(late).toMatchObject({
      status: 'completed-with-errors',
      overtaken: 4,
      counters: { [`${name}_Person`]: { updated: 1, deleted: 0 } },
    });
    expect(await Promise.all(['0', '9', '50'].map(nameOf))).toEqual(['new', 'mine', 'old']);
  });

  it('take over scope and errors of the tasks before them', async () => {
    const file = peopleAndGroups({ name, thresholds: wide });
    await stack.put(file, name);
    await stack.place(name, {
      'people.csv': csv('id,name,mail,manager', 'E1,Ada,a@x,', ',Nobody,n@x,'),
      'groups.csv': csv('id,title', 'G1,All'),
      'members.csv': csv('group,person', 'G1,E1'),
    });
    expect((await stack.syncAndResume(name)).status).toBe('completed-with-errors');
    const scope = { entityTypes: [`${name}_Person`] };
    await stack.sync(name, { tasks: ['export'], scope });
    await tasks('prepare');
    const last = await tasks('synchronize');
    expect(last).toMatchObject({ scope, status: 'completed-with-errors', holds: [] });
    expect(await stack.all(`/v1/syncs/${last.id}/errors`)).toMatchObject([{ code: 'key-empty', line: 3 }]);
    expect(await tasks('update-expressions')).toMatchObject({ status: 'completed-with-errors', applied: true });
  });

  it('are judged by all that is stored, however little they are about', async () => {
    const limits = { ...wide, maxPercentageUpdatedLines: 5 };
    await stack.put(peopleAndGroups({ name, thresholds: limits }), name);
    const groups = csv('id,title', ...Array.from({ length: 60 }, (_, i) => `G${String(i)},Group`));
    const persons = (changed: number) =>
      csv(
        'id,name,mail,manager',
        ...Array.from({ length: 40 }, (_, i) => `E${String(i)},${i < changed ? 'New' : 'Old'},m@x,`),
      );
    await stack.place(name, { 'people.csv': persons(0), 'groups.csv': groups, 'members.csv': csv('group,person') });
    await stack.syncAndResume(name);
    await stack.place(name, { 'people.csv': persons(5) });
    const few = await stack.sync(name, { scope: { entityTypes: [`${name}_Person`] } });
    expect(few.status).toBe('completed');
    expect(few.thresholds).toContainEqual(
      expect.objectContaining({ scope: 'connector', name: 'maxPercentageUpdatedLines', stored: 100, limitLines: 5 }),
    );
  });

  it('count links of other connectors with what is stored of them, by the limits of their own property', async () => {
    await stack.put(onePerson({ name, thresholds: wide }), name);
    await stack.place(name, { 'people.csv': people(60, () => 'a') });
    await stack.syncAndResume(name);
    const other = `${name}x`;
    const file = onePerson({ name: other, directory: other, thresholds: wide });
    const [type] = file.entityTypes;
    const home = (thresholds: Record<string, number>) => ({
      ...file,
      entityTypes: [{ ...type, navigationProperties: { home: { to: `${name}_Person`, column: 'mail', thresholds } } }],
    });
    await stack.put(home({}), other);
    await stack.place(other, { 'people.csv': csv('id,name,mail', 'A,x,1', 'B,x,2') });
    expect((await stack.syncAndResume(other)).status).toBe('completed');
    const without = (...gone: number[]) =>
      people(60, () => 'a').replaceAll(new RegExp(`^(${gone.join('|')}),a,m@x\\n`, 'gm'), '');
    await stack.place(name, { 'people.csv': without(1) });
    const one = await stack.sync(name);
    expect(one).toMatchObject({
      status: 'completed',
      counters: { [`${other}_Person`]: { stored: 2, unchanged: 2, links: { home: { stored: 2, deleted: 1 } } } },
    });
    await stack.put(home({ maximumLinkDeletedLines: 0 }), other);
    await stack.place(name, { 'people.csv': without(1, 2) });
    const two = await stack.sync(name);
    expect(two.status).toBe('held');
    expect(two.holds.map(({ scope }) => scope)).toEqual([`${other}_Person.home`]);
    expect((await stack.decide(two, 'resume')).status).toBe('completed');
  });

  it('end completed where they are dry runs, whatever was found', async () => {
    await stack.put(peopleAndGroups({ name, thresholds: wide }), name);
    await stack.place(name, {
      'people.csv': csv('id,name,mail,manager', 'E1,Ada,a@x,nobody'),
      'groups.csv': csv('id,title', 'G1,All'),
      'members.csv': csv('group,person'),
    });
    const dry: Sync = await stack.sync(name, { dryRun: true });
    expect(dry).toMatchObject({ status: 'completed', applied: false });
    expect(await stack.all(`/v1/syncs/${dry.id}/errors`)).toHaveLength(1);
  });
});
