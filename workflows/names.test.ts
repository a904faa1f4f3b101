import { describe, expect, it } from 'vitest';
import { installationOfQueue, namesOf } from './names.ts';

describe('names in Temporal', () => {
  it('begin with the name of the installation, where it has one', () => {
    const { taskQueues, queue, syncWorkflowId, itemsWorkflowId, pollWorkflowId, jobScheduleId, jobRunWorkflowId } =
      namesOf('b');
    expect(Object.values(taskQueues)).toEqual(['b:sync', 'b:export', 'b:prepare', 'b:apply']);
    expect(queue('dmz')).toBe('b:dmz');
    expect([syncWorkflowId('hr'), itemsWorkflowId('hr', '1'), pollWorkflowId('hr', 'files')]).toEqual([
      'b:sync:hr',
      'b:sync-items:hr:1',
      'b:poll:hr:files',
    ]);
    expect([jobScheduleId('x'), jobRunWorkflowId('x', '1')]).toEqual(['b:job:x', 'b:job:x-1']);
    expect(namesOf('').syncWorkflowId('hr')).toBe('sync:hr');
    expect(namesOf('').taskQueues.sync).toBe('sync');
  });

  it('are told apart from those of other installations', () => {
    const all = (installation: string) => {
      const names = namesOf(installation);
      return [
        names.syncWorkflowId('b'),
        names.itemsWorkflowId('b', '1'),
        names.refreshWorkflowId('1'),
        names.inspectWorkflowId('1'),
        names.jobRunWorkflowId('b', '1'),
        names.pollWorkflowId('b', 'c'),
        names.reconcileWorkflowId,
        names.cleanUpWorkflowId,
      ];
    };
    for (const mine of ['', 'b', 'b-2'])
      for (const other of ['', 'b', 'b-2'])
        expect(all(other).map(namesOf(mine).isOwnId)).toEqual(all(other).map(() => mine === other));
    expect(namesOf('').jobNameOf('b:job:x')).toBeUndefined();
    expect(namesOf('b').jobNameOf('job:x')).toBeUndefined();
    expect(namesOf('b').jobNameOf('b:job:x')).toBe('x');
  });

  it('say to a workflow which installation it belongs to, by the queue that its worker polls', () => {
    for (const installation of ['', 'b', 'b-2'])
      expect(installationOfQueue(namesOf(installation).taskQueues.sync)).toBe(installation);
  });
});
