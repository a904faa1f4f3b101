import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { executionStatus } from './execution-status.ts';
import { syncStatuses, type SyncStatus } from './sync.ts';

const of = (...statuses: (SyncStatus | [SyncStatus, string])[]) =>
  executionStatus(
    statuses.map((each) =>
      typeof each === 'string' ? { status: each, reason: null } : { status: each[0], reason: each[1] },
    ),
  );

describe('how an execution ended', () => {
  it.each([
    ['completed', of('completed', 'completed')],
    ['completed', of('completed', ['skipped', 'no-incremental-mode'])],
    ['completed-with-errors', of('completed', ['failed', 'missing-file'], 'held')],
    ['completed-with-errors', of('completed', ['skipped', 'sync-held: 0195'])],
    ['completed-with-errors', of('completed-with-errors')],
    ['completed-with-errors', of('held')],
    ['completed-with-errors', of('failed', 'held')],
    ['failed', of('failed', 'failed', ['skipped', 'no-managed-resources'])],
    ['skipped', of(['skipped', 'sync-held: 0195'], ['skipped', 'no-revision'])],
    ['skipped', of(['skipped', 'no-incremental-mode'])],
    ['skipped', of()],
  ])('%s', (wanted, status) => {
    expect(status).toBe(wanted);
  });

  it('does not depend on the order of its results, and is completed only where nothing went wrong', () => {
    const results = fc.array(fc.record({ status: fc.constantFrom(...syncStatuses), reason: fc.constant(null) }));
    fc.assert(
      fc.property(results, (list) => {
        expect(executionStatus([...list].reverse())).toBe(executionStatus(list));
        if (executionStatus(list) === 'completed')
          expect(list.every(({ status }) => status === 'completed')).toBe(true);
      }),
    );
  });
});
