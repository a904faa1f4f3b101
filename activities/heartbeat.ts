import { Context } from '@temporalio/activity';

/**
 * Runs work while telling Temporal every two seconds that this worker is alive, with the newest details.
 * @param work gets `tell`, which replaces the details, and a signal that fires when the activity is cancelled
 */
export async function whileBeating<Result>(
  work: (tell: (details: unknown) => void, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const context = Context.current();
  let details: unknown = context.info.heartbeatDetails;
  const timer = setInterval(() => {
    context.heartbeat(details);
  }, 2000);
  try {
    return await work((next) => {
      details = next;
      context.heartbeat(details);
    }, context.cancellationSignal);
  } finally {
    clearInterval(timer);
  }
}
