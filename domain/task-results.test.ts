import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { syncStatuses, tasks, type Sync, type Task, type TaskTimes } from './sync.ts';
import { taskOf, taskResults } from './task-results.ts';

const none = { inserted: 0, updated: 0, deleted: 0, rejected: 0, stored: 0 };
const base = {
  tasks: [...tasks],
  status: 'running',
  phase: null,
  endedAt: null,
  progress: { rowsExported: 7, rowsPrepared: 5, rowsRejected: 1 },
  counters: {
    Person: {
      ...none,
      inserted: 2,
      unchanged: 0,
      read: 5,
      duplicates: 0,
      filtered: 0,
      links: { groups: { ...none, deleted: 3 } },
    },
    Group: { ...none, inserted: 1, unchanged: 0, read: 5, duplicates: 0, filtered: 0, links: {} },
  },
  digest: null,
} satisfies Parameters<typeof taskResults>[0];
const of = (sync: Partial<Sync>, times: TaskTimes = {}) => taskResults({ ...base, ...sync }, times);
const statuses = (sync: Partial<Sync>) => of(sync).map(({ task, status }) => `${task} ${status}`);

describe('the results of tasks', () => {
  it('are queued until their turn, and completed behind it', () => {
    expect(statuses({ status: 'queued' })).toEqual(tasks.map((task) => `${task} queued`));
    expect(statuses({ phase: 'export' })).toEqual([
      'export running',
      'prepare queued',
      'synchronize queued',
      'update-expressions queued',
    ]);
    expect(statuses({ phase: 'prepare' })).toEqual([
      'export completed',
      'prepare running',
      'synchronize queued',
      'update-expressions running',
    ]);
    expect(statuses({ phase: 'synchronize', status: 'held' })).toEqual([
      'export completed',
      'prepare completed',
      'synchronize held',
      'update-expressions completed',
    ]);
  });

  it('say where a sync failed, and what was not done', () => {
    expect(statuses({ phase: 'prepare', status: 'failed' })).toEqual([
      'export completed',
      'prepare failed',
      'synchronize skipped',
      'update-expressions failed',
    ]);
    expect(statuses({ phase: null, status: 'failed' })[0]).toBe('export failed');
    // nothing had changed
    expect(statuses({ status: 'completed' })).toEqual(tasks.map((task) => `${task} skipped`));
  });

  it('have times and counts', () => {
    const times = {
      export: { startedAt: '1', endedAt: '2' },
      prepare: { startedAt: '3', endedAt: '4' },
      synchronize: { startedAt: '5' },
    };
    expect(of({ phase: 'synchronize', status: 'completed-with-errors', endedAt: '6', digest: 'x' }, times)).toEqual([
      { task: 'export', status: 'completed', startedAt: '1', endedAt: '2', rows: 7 },
      { task: 'prepare', status: 'completed', startedAt: '3', endedAt: '4', rows: 5, rejected: 1 },
      {
        task: 'synchronize',
        status: 'completed',
        startedAt: '5',
        endedAt: '6',
        inserted: 3,
        updated: 0,
        deleted: 0,
        linksInserted: 0,
        linksUpdated: 0,
        linksDeleted: 3,
      },
      { task: 'update-expressions', status: 'completed', startedAt: '3', endedAt: '4' },
    ]);
  });

  it('are those of the one task, whatever stages it needs', () => {
    const alone = { tasks: ['update-expressions'] as Task[] };
    expect(statuses({ ...alone, phase: 'prepare' })).toEqual(['update-expressions running']);
    const times = {
      prepare: { startedAt: '1', endedAt: '2' },
      'update-expressions': { startedAt: '3' },
    };
    expect(
      of({ ...alone, phase: 'update-expressions', status: 'completed', endedAt: '4', digest: 'x' }, times),
    ).toMatchObject([{ status: 'completed', startedAt: '1', endedAt: '4', inserted: 3 }]);
    expect(taskOf(alone, 'prepare')).toBe('update-expressions');
    expect(taskOf({ tasks: ['export', 'prepare'] }, 'prepare')).toBe('prepare');
  });

  it('are one a task, in order, none at work where the sync has ended', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...syncStatuses),
        fc.constantFrom(null, ...tasks),
        fc.constantFrom<Task[]>([...tasks], ['export'], ['prepare'], ['synchronize'], ['update-expressions']),
        (status, phase, wanted) => {
          const results = of({ status, phase, tasks: wanted, endedAt: 'end' });
          expect(results.map(({ task }) => task)).toEqual(wanted);
          if (!['queued', 'running', 'held'].includes(status))
            for (const result of results) expect(['queued', 'running', 'held']).not.toContain(result.status);
        },
      ),
    );
  });
});
