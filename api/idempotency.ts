import { createHash, randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Database } from '../repository/database.ts';
import { claimKey, forgetKey, keepAnswer, keepClaim } from '../repository/idempotency.ts';
import type { Dependencies } from './dependencies.ts';
import { Problem } from './problems.ts';
import type { Answer } from './route.ts';

/** A claim is free two minutes after its owner was last heard of. */
const heartbeat = 15_000;

/** Keys whose first request this process is answering; known here even if Postgres no longer has the claim. */
const answering = new WeakMap<Database, Set<string>>();

/**
 * Runs a POST once for its Idempotency-Key: the same key and body within 24 hours get the first answer. Answers that a
 * repeat may repair (5xx) are not kept.
 */
export async function onceForKey(
  { db, reserve, log }: Dependencies,
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
  const here = answering.get(db) ?? new Set<string>();
  answering.set(db, here);
  if (here.has(key)) throw inProgress();
  here.add(key);
  const owner = randomUUID();
  // a pool of its own: the request itself may wait for a connection of the other pool
  const alive = setInterval(() => {
    keepClaim(reserve, key, owner).catch(() => undefined);
  }, heartbeat);
  try {
    const claim = await claimKey(db, key, hash, owner);
    if (claim.kind === 'mismatch')
      throw new Problem('idempotency-mismatch', 'This Idempotency-Key was used for another request: use a new one.');
    if (claim.kind === 'in-progress') throw inProgress();
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
        await forgetKey(reserve, key, owner);
        throw error;
      }
    }
    if (answer && !(await keepAnswer(reserve, key, owner, answer)))
      log.warn('the answer of an Idempotency-Key was not kept: another request has claimed the key');
    return answer;
  } finally {
    clearInterval(alive);
    here.delete(key);
  }
}

const inProgress = () =>
  new Problem('idempotency-in-progress', 'The first request of this Idempotency-Key is still being answered.', {
    headers: { 'retry-after': '1' },
  });
