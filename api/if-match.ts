import type { Request } from 'express';
import { Problem } from './problems.ts';

/**
 * Guards a change against one that its sender has not seen.
 * @param newest revision, undefined where there is no such thing
 * @param what it is, for the message: `The revision of the job`
 * @throws Problem 412 where `If-Match` names another revision; without the header nothing is asked
 */
export function requireRevision(request: Request, newest: number | undefined, what: string): void {
  const expected = expectedRevision(request);
  if (expected === undefined || (newest !== undefined && (expected === '*' || expected === String(newest)))) return;
  throw new Problem(
    'stale-revision',
    newest === undefined
      ? `${what} is not ${expected}, since there is none; without If-Match it is made.`
      : `${what} is ${String(newest)}, not ${expected}: read it, then save your change again.`,
  );
}

/** What `If-Match` names, without quotes. */
export const expectedRevision = (request: Request): string | undefined =>
  request.get('if-match')?.trim().replace(/^W\//, '').replaceAll('"', '');
