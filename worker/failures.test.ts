import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import type { SyncErrorCode } from '../domain/codes.ts';
import { SyncError } from '../domain/errors.ts';
import { FailureInterceptor } from './failures.ts';

/** Whether a step that fails with a code is tried again. */
async function isTriedAgain(activityId: string, code: SyncErrorCode, attempt: number): Promise<boolean> {
  const info = { attempt, activityId, workflowExecution: { workflowId: 'sync-hr', runId: 'run' } };
  const interceptor = new FailureInterceptor({ info }, () => undefined);
  const failing = () => Promise.reject(new SyncError(code, 'said'));
  const failure = await interceptor.execute({ args: [], headers: {} }, failing).catch((error: unknown) => error);
  if (!(failure instanceof ApplicationFailure)) throw failure;
  expect(failure).toMatchObject({ type: code, message: 'said' });
  return failure.nonRetryable !== true;
}

it('a step is tried again where that may help, and for about five minutes where the source is lost', async () => {
  for (let attempt = 1; attempt < 15; attempt++) expect(await isTriedAgain('1', 'connection', attempt)).toBe(true);
  expect(await isTriedAgain('1', 'connection', 15)).toBe(false);
  expect(await isTriedAgain('2', 'store-unavailable', 59)).toBe(true);
  expect(await isTriedAgain('2', 'credentials', 1)).toBe(false);
});

it('a source that is lost for the first time after many attempts is waited for', async () => {
  expect(await isTriedAgain('3', 'connection', 16)).toBe(true);
  expect(await isTriedAgain('3', 'connection', 17)).toBe(true);
  expect(await isTriedAgain('3', 'store-unavailable', 18)).toBe(true);
  expect(await isTriedAgain('3', 'connection', 19)).toBe(true);
  expect(await isTriedAgain('3', 'connection', 20)).toBe(true);
  expect(await isTriedAgain('3', 'connection', 21)).toBe(false);
});
