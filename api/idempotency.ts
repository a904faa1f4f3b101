import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { claimKey, forgetKey, keepAnswer } from '../repository/idempotency.ts';
import type { Dependencies } from './dependencies.ts';
import { Problem } from './problems.ts';
import type { Answer } from './route.ts';

/**
 * Runs a POST once for its Idempotency-Key: the same key and body within 24 hours get the first answer. Answers that a
 * repeat may mend (5xx) are not kept.
 */
export async function onceForKey(
  { db }: Dependencies,
  request: Request,
  response: Response,
  run: () => Promise<Answer | undefined>,
  toAnswer: (problem: unknown) => Answer | undefined,
): Promise<Answer | undefined> {
  const key = request.get('idempotency-key');
  if (key === undefined) return run();
  if (key.length < 1 || key.length > 255)
    throw new Problem('invalid', 'An Idempotency-Key has 1 to 255 characters.', {
      errors: [{ pointer: '', detail: 'The header Idempotency-Key is too long or empty.' }],
    });
  const hash = createHash('sha256')
    .update(`${request.method} ${request.originalUrl}\n${JSON.stringify(request.body ?? null)}`)
    .digest('hex');
  const claim = await claimKey(db, key, hash);
  if (claim.kind === 'mismatch')
    throw new Problem('idempotency-mismatch', 'This Idempotency-Key was used for another request: take a new one.');
  if (claim.kind === 'in-progress')
    throw new Problem('idempotency-in-progress', 'The first request of this Idempotency-Key is still being answered.', {
      headers: { 'retry-after': '1' },
    });
  if (claim.kind === 'answered') {
    response.setHeader('idempotent-replayed', 'true');
    return claim.answer;
  }
  let answer: Answer | undefined;
  try {
    answer = await run();
  } catch (error) {
    answer = toAnswer(error);
    if (!answer || answer.status >= 500) {
      await forgetKey(db, key);
      throw error;
    }
  }
  if (answer) await keepAnswer(db, key, answer);
  return answer;
}
