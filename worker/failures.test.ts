import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import type { SyncErrorCode } from '../domain/codes.ts';
import { SyncError } from '../domain/errors.ts';
import { FailureInterceptor } from './failures.ts';

/** Whether a step that fails with a code is tried again. */
async function isTriedAgain(code: SyncErrorCode, attempt: number): Promise<boolean> {
  const interceptor = new FailureInterceptor({ info: { attempt } }, () => undefined);
  const failing = () => Promise.reject(new SyncError(code, 'said'));
  const failure = await interceptor.execute({ args: [], headers: {} }, failing).catch((error: unknown) => error);
  if (!(failure instanceof ApplicationFailure)) throw failure;
  expect(failure).toMatchObject({ type: code, message: 'said' });
  return failure.nonRetryable !== true;
}

it('a step is tried again where that may help, and for about five minutes where the source is lost', async () => {
  expect(await isTriedAgain('connection', 1)).toBe(true);
  expect(await isTriedAgain('connection', 14)).toBe(true);
  expect(await isTriedAgain('connection', 15)).toBe(false);
  expect(await isTriedAgain('store-unavailable', 59)).toBe(true);
  expect(await isTriedAgain('credentials', 1)).toBe(false);
});
