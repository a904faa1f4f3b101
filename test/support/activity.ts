import { asyncLocalStorage, type Context } from '@temporalio/activity';

/** Runs work as a worker runs an activity, without a worker: for steps that come at a moment that only a test can choose. */
export function inActivity<Result>(
  work: () => Promise<Result>,
  { before, heartbeat = () => undefined }: { before?: unknown; heartbeat?: (details: unknown) => void } = {},
): Promise<Result> {
  const context = {
    info: {
      attempt: before === undefined ? 1 : 2,
      workflowExecution: { workflowId: 'sync:test', runId: 'late-run' },
      heartbeatDetails: before,
    },
    heartbeat,
    cancellationSignal: new AbortController().signal,
  };
  return asyncLocalStorage.run(context as unknown as Context, work);
}
