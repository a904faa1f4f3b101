import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sync, Task } from '../../domain/sync.ts';
import { csv, peopleAndGroups, wide } from '../support/connector.ts';
import { Stack } from '../support/stack.ts';

const files = {
  'people.csv': csv('id,name,mail,manager', 'E1,Ada,ada@x,', 'E2,Ben,ben@x,E1', 'E3,Cyd,cyd@x,E1', ',Nobody,n@x,'),
  'groups.csv': csv('id,title', 'G1,All', 'G2,Some'),
  'members.csv': csv('group,person', 'G1,E1', 'G1,E2', 'G2,E3'),
};

describe('a task', () => {
  let stack: Stack;
  let name: string;
  let n = 0;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  beforeEach(async () => {
    name = `tasks${String(++n)}`;
    const properties = { shown: { expression: "row.name + '!'" } };
    await stack.put(peopleAndGroups({ name, thresholds: wide, properties }), name);
    await stack.place(name, files);
  });
  afterAll(() => stack.stop());

  const logOf = (sync: Sync, task: Task) =>
    stack.all<{ task: Task; message: string }>(`/v1/syncs/${sync.id}/log?task=${task}`);
  const result = (sync: Sync, task: Task) => sync.taskResults.find((each) => each.task === task);
  function inOrder(...times: (string | null | undefined)[]): void {
    for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(times).toEqual([...times].sort());
  }

  it('on its own has its own log, timing and result', async () => {
    const read = await stack.sync(name, { tasks: ['export'] });
    expect(read.taskResults).toMatchObject([{ task: 'export', status: 'completed', rows: 9 }]);
    inOrder(read.startedAt, result(read, 'export')?.startedAt, result(read, 'export')?.endedAt, read.endedAt);
    expect((await logOf(read, 'export')).map(({ message }) => message)).toContain('Read 4 rows of people.csv');
    const mapped = await stack.sync(name, { tasks: ['prepare'] });
    expect(mapped.taskResults).toMatchObject([{ task: 'prepare', status: 'completed', rows: 9, rejected: 1 }]);
    inOrder(result(mapped, 'prepare')?.startedAt, result(mapped, 'prepare')?.endedAt);
    expect(await logOf(mapped, 'prepare')).toMatchObject([
      { task: 'prepare', message: 'Prepared 9 rows, 1 rejected.' },
    ]);
    const held = await stack.sync(name, { tasks: ['synchronize'] });
    expect(held.taskResults).toMatchObject([
      { task: 'synchronize', status: 'held', endedAt: null, inserted: 5, linksInserted: 5, updated: 0 },
    ]);
    const written = await stack.decide(held, 'resume');
    expect(written.taskResults).toMatchObject([{ task: 'synchronize', status: 'completed', inserted: 5 }]);
    inOrder(result(written, 'synchronize')?.startedAt, result(written, 'synchronize')?.endedAt);
    expect((await logOf(written, 'synchronize')).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('Applied: resources 5 inserted'),
    );
    const properties = { shown: { expression: "row.name + '?'" } };
    await stack.put(peopleAndGroups({ name, thresholds: wide, properties }), name);
    const evaluated = await stack.syncAndResume(name, { tasks: ['update-expressions'] });
    expect(evaluated.taskResults).toMatchObject([{ task: 'update-expressions', status: 'completed', updated: 3 }]);
    inOrder(result(evaluated, 'update-expressions')?.startedAt, result(evaluated, 'update-expressions')?.endedAt);
    // all that it told is its own
    const all = await stack.all<{ task: Task | null }>(`/v1/syncs/${evaluated.id}/log`);
    expect(new Set(all.map(({ task }) => task))).toEqual(new Set(['update-expressions', null]));
    expect((await logOf(evaluated, 'update-expressions')).length).toBeGreaterThan(1);
  });

  it('among All Tasks has them too, one behind the other', async () => {
    await stack.syncAndResume(name);
    await stack.place(name, {
      'people.csv': csv('id,name,mail,manager', 'E1,Ada,ada@x,', 'E2,Ben,b@x,', 'E3,Cyd,c@x,'),
    });
    const sync = await stack.syncAndResume(name);
    expect(sync.taskResults).toMatchObject([
      { task: 'export', status: 'completed', rows: 8 },
      { task: 'prepare', status: 'completed', rows: 8, rejected: 0 },
      { task: 'synchronize', status: 'completed', updated: 2, linksDeleted: 2 },
      { task: 'update-expressions', status: 'completed' },
    ]);
    const times = (['export', 'prepare', 'synchronize'] as const).flatMap((task) => {
      const { startedAt, endedAt } = result(sync, task) ?? {};
      return [startedAt, endedAt];
    });
    inOrder(sync.startedAt, ...times, sync.endedAt);
    for (const task of ['export', 'prepare', 'synchronize'] as const) {
      const lines = await logOf(sync, task);
      expect(lines.length).toBeGreaterThan(0);
      expect(new Set(lines.map((line) => line.task))).toEqual(new Set([task]));
    }
    expect((await logOf(sync, 'update-expressions')).map(({ message }) => message)).toEqual([
      'The task prepare already evaluated the expressions of 1 property.',
    ]);
    const unknown = await stack.call('GET', `/v1/syncs/${sync.id}/log?task=dream`);
    expect(unknown.status).toBe(422);
    // nothing has changed: there is nothing that a task had to do
    const same = await stack.sync(name);
    expect(same.taskResults.map(({ status, startedAt }) => [status, startedAt])).toEqual(
      Array.from({ length: 4 }, () => ['skipped', null]),
    );
  });
});
