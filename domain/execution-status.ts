import type { ExecutionEnd, ExecutionResult } from './job.ts';

/** Connectors that a job of this kind skips, with a reason. They count neither as completed nor as failed. */
const notForThem = ['no-incremental-mode', 'no-managed-resources'];

/**
 * How an execution ended, from its results alone: `skipped` if no connector was synchronised, `completed` if every
 * connector was synchronised without errors, `failed` if every connector failed. Otherwise it is
 * `completed-with-errors`: a connector failed, is held, was met by another sync, …
 */
export function executionStatus(results: readonly Pick<ExecutionResult, 'status' | 'reason'>[]): ExecutionEnd {
  const counted = results.filter(({ reason }) => reason === null || !notForThem.includes(reason));
  if (counted.every(({ status }) => status === 'skipped')) return 'skipped';
  if (counted.every(({ status }) => status === 'completed')) return 'completed';
  if (counted.every(({ status }) => status === 'failed')) return 'failed';
  return 'completed-with-errors';
}
