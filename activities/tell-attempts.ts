import type { Retry } from '../domain/sync.ts';
import type { Queryable } from '../repository/database.ts';
import { logSync } from '../repository/sync-log.ts';
import { clearRetry, tellRetry, withUntoldFailure } from '../repository/sync-waiting.ts';

/** What a sync tells of the attempts of its steps: which failed, when the next begins, and that one succeeded in the end. */

/** A worker that died has recorded no failure. */
export async function tellBegunAgain(db: Queryable, syncId: string, attempt: number): Promise<void> {
  const no = await withUntoldFailure(db, syncId);
  if (no === undefined) return;
  const line = `Attempt ${String(attempt)} begins: the worker of the attempt before ended or hung.`;
  await logSync(db, no, null, 'warn', line);
}

export async function tellSucceeded(db: Queryable, syncId: string, attempt: number): Promise<void> {
  const no = await clearRetry(db, syncId);
  if (no !== undefined) await logSync(db, no, null, 'info', `Attempt ${String(attempt)} succeeded.`);
}

export async function tellFailed(db: Queryable, syncId: string, retry: Retry): Promise<void> {
  const no = await tellRetry(db, syncId, retry);
  if (no === undefined) return;
  const { attempt, maximumAttempts, code, message, nextAt } = retry;
  const of = maximumAttempts === null ? '' : ` of ${String(maximumAttempts)}`;
  const when = `The next attempt is at ${nextAt}.`;
  await logSync(db, no, null, 'warn', `Attempt ${String(attempt)}${of} failed: ${code}. ${message} ${when}`);
}
